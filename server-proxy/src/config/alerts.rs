//! `[alerts]`: who is told when a person has to look.

use secrecy::{ExposeSecret, SecretString};

use super::{Problems, secret, tables};
use crate::alerts::{Hook, Settings};

pub(super) fn settings(table: Option<&tables::Alerts>, problems: &mut Problems) -> Option<Settings> {
    let table = table?;
    let after = problems.seconds("alerts.after_seconds", table.after_seconds, 300, 1..=86_400);
    let every = problems.seconds("alerts.every_seconds", table.every_seconds, 900, 1..=86_400);
    let webhook = problems.required("alerts.webhook", table.webhook.as_deref());
    let hook = problems.parse("alerts.webhook", webhook, |text| {
        let address = if text.starts_with("env:") || text.starts_with("file:") { secret::fetch(text)? } else { SecretString::from(text) };
        Hook::new(address.expose_secret(), table.allow_insecure, table.allow_private)
    });
    Some(Settings { hook: hook?, after, every })
}
