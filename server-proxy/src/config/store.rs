//! `[store]`: where signups are kept, under which keys, and for how long.

use std::{path::Path, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Problems, secret, tables};
use crate::{
    keys::{self, Keyring},
    store::{Database, KeepDays},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) fn database(url: Option<&str>, folder: &Path, problems: &mut Problems) -> Option<Database> {
    let url = url.unwrap_or("sqlite://latchkey.db");
    problems.parse("store.url", Some(url), |text| {
        // An address with a password in it is a secret.
        if text.starts_with("env:") || text.starts_with("file:") {
            return located(secret::fetch(text)?.expose_secret(), folder);
        }
        if Url::parse(text).is_ok_and(|url| url.password().is_some()) {
            return Err(
                "a password is named, never written: put the whole address into a variable, and name it as \"env:DATABASE_URL\"".to_owned()
            );
        }
        located(text, folder)
    })
}

/// The error repeats no more of the address than its scheme.
fn located(url: &str, folder: &Path) -> Result<Database, String> {
    match url.split_once("://") {
        Some(("sqlite", "" | ":memory:")) => Err("a signup is kept in a file, as \"sqlite://latchkey.db\"".to_owned()),
        Some(("sqlite", path)) => {
            let path = folder.join(path);
            match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
                    Err(format!("there is no folder {}", folder.display()))
                }
                _ => Ok(Database::Sqlite { path }),
            }
        }
        Some(("postgres" | "postgresql", _)) if Url::parse(url).is_ok() => Ok(Database::Postgres { url: SecretString::from(url) }),
        _ => Err(format!(
            "\"{}\" is neither a SQLite file, as \"sqlite://latchkey.db\", nor a PostgreSQL server, as \"postgres://user@host/database\"",
            url.split(':').next().unwrap_or_default()
        )),
    }
}

pub(super) fn keyring(references: &[String], problems: &mut Problems) -> Option<Keyring> {
    if references.is_empty() {
        problems.required("store.keys", None::<()>);
    }
    let long_enough = |reference: &str| {
        let secret = secret::fetch(reference)?;
        let bytes = secret.expose_secret().len();
        if bytes >= keys::LEAST_BYTES {
            Ok(secret)
        } else {
            Err(format!("{reference} has {bytes} bytes and needs {}: make one with `openssl rand -base64 32`", keys::LEAST_BYTES))
        }
    };
    let secrets: Vec<Option<SecretString>> = references
        .iter()
        .enumerate()
        .map(|(index, reference)| problems.parse(&format!("store.keys[{index}]"), Some(reference), long_enough))
        .collect();
    Keyring::new(&secrets.into_iter().collect::<Option<Vec<_>>>()?)
}

pub(super) fn keep_days(table: &tables::KeepDays, problems: &mut Problems) -> KeepDays {
    let mut days = |name: &str, value, default| {
        let days = problems.bounded(&format!("store.keep_days.{name}"), value, default, 1..=36_500);
        DAY * u32::try_from(days).unwrap_or(u32::MAX)
    };
    KeepDays {
        registered: days("registered", table.registered, 365),
        rejected: days("rejected", table.rejected, 90),
        parked: days("parked", table.parked, 365),
        consent: days("consent", table.consent, 3_650),
    }
}
