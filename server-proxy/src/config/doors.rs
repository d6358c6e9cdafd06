//! `[work]` and `[captchas.<name>]`: what a visitor can be asked for before a signup is taken.

use std::{collections::BTreeMap, sync::Arc};

use url::Url;

use super::{Problems, secret, tables};
use crate::captcha::{Captcha, Captchas, Endpoints, WORK};

/// How hard the work is, and when every funnel asks for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// A browser tries 2 to the power of that many times, on average.
    pub(crate) bits: u8,
    pub(crate) bits_under_attack: u8,
    /// Signups for one funnel in a minute, from which on it is under attack.
    pub(crate) attack_per_minute: u32,
}

/// More would keep a telephone busy for minutes.
const MOST_BITS: u64 = 24;

pub(super) fn work(table: &tables::Work, problems: &mut Problems) -> Work {
    let bits = problems.bounded("work.bits", table.bits, 17, 1..=MOST_BITS);
    let bits_under_attack = problems.bounded("work.bits_under_attack", table.bits_under_attack, 19.max(bits), bits..=MOST_BITS);
    let attack_per_minute = problems.bounded("work.attack_per_minute", table.attack_per_minute, 300, 1..=1_000_000);
    Work { bits: bits as u8, bits_under_attack: bits_under_attack as u8, attack_per_minute: attack_per_minute as u32 }
}

pub(super) fn captchas(tables: BTreeMap<String, tables::Captcha>, problems: &mut Problems) -> Captchas {
    tables.into_iter().map(|(name, table)| (name.clone(), captcha(&name, &table, problems).map(Arc::new))).collect()
}

fn captcha(name: &str, table: &tables::Captcha, problems: &mut Problems) -> Option<Captcha> {
    let key = |key: &str| format!("captchas.{name}.{key}");
    if name == WORK {
        problems.add(format!("captchas.{name}"), format!("\"{WORK}\" is what a funnel says for proof of work: choose another name"));
    }
    let kind = problems.required(&key("kind"), table.kind);
    let site_key = problems.required(&key("site_key"), table.site_key.clone());
    let secret = problems.required(&key("secret"), table.secret.as_deref());
    let secret = problems.parse(&key("secret"), secret, secret::fetch);
    let mut url = |name: &str, text: Option<&str>| {
        problems.parse(&key(name), text, |text| {
            let url = Url::parse(text).map_err(|error| format!("\"{text}\" is no address ({error})"))?;
            crate::outbound::check(&url, "what a captcha proves", table.allow_insecure, table.allow_private).map(|()| url)
        })
    };
    let endpoints =
        Endpoints { script: url("script_url", table.script_url.as_deref()), verify: url("verify_url", table.verify_url.as_deref()) };
    match Captcha::new(kind?, site_key?, secret?, endpoints, table.allow_private) {
        Ok(captcha) => Some(captcha),
        Err(error) => {
            problems.add(format!("captchas.{name}"), error);
            None
        }
    }
}
