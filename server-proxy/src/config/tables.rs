//! `latchkey.toml` as it is written, before it is checked. Nothing is mandatory here: what has to be there is asked for
//! where it is read, so that all that is missing is reported at once.

use std::collections::BTreeMap;

use latchkey_contract::partner::Scope;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    captcha,
    crm::{Bucket, CredentialTable},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) server: Server,
    #[serde(default)]
    pub(super) store: Store,
    #[serde(default)]
    pub(super) delivery: Delivery,
    pub(super) alerts: Option<Alerts>,
    #[serde(default)]
    pub(super) work: Work,
    #[serde(default)]
    pub(super) captchas: BTreeMap<String, Captcha>,
    #[serde(default)]
    pub(super) funnels: Funnels,
    /// Each is read by its kind's own file.
    #[serde(default)]
    pub(super) connections: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) portals: BTreeMap<String, Portal>,
    #[serde(default)]
    pub(super) partner: Partner,
    #[serde(default)]
    pub(super) affiliates: Vec<Affiliate>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Server {
    pub(super) listen: Option<String>,
    pub(super) metrics_listen: Option<String>,
    pub(super) public_url: Option<String>,
    #[serde(default)]
    pub(super) trusted_proxies: Vec<String>,
    pub(super) country_header: Option<String>,
    #[serde(default)]
    pub(super) limits: Limits,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) body_bytes: Option<u64>,
    pub(super) read_seconds: Option<u64>,
    pub(super) idle_seconds: Option<u64>,
    pub(super) connections: Option<u64>,
    pub(super) signups_per_minute: Option<u64>,
    pub(super) visits_per_minute: Option<u64>,
    pub(super) codes_per_minute: Option<u64>,
    pub(super) wait_for_crm_ms: Option<u64>,
    pub(super) drain_seconds: Option<u64>,
    pub(super) autologin_seconds: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Store {
    pub(super) url: Option<String>,
    #[serde(default)]
    pub(super) keys: Vec<String>,
    #[serde(default)]
    pub(super) keep_days: KeepDays,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct KeepDays {
    pub(super) registered: Option<u64>,
    pub(super) rejected: Option<u64>,
    pub(super) parked: Option<u64>,
    pub(super) consent: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Delivery {
    pub(super) first_pause_ms: Option<u64>,
    pub(super) longest_pause_ms: Option<u64>,
    pub(super) give_up_after_seconds: Option<u64>,
    pub(super) lease_ms: Option<u64>,
    pub(super) breaker_failures: Option<u64>,
    pub(super) breaker_pause_ms: Option<u64>,
    pub(super) breaker_longest_pause_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Alerts {
    pub(super) webhook: Option<String>,
    pub(super) after_seconds: Option<u64>,
    pub(super) every_seconds: Option<u64>,
    #[serde(default)]
    pub(super) allow_insecure: bool,
    #[serde(default)]
    pub(super) allow_private: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Work {
    pub(super) bits: Option<u64>,
    pub(super) bits_under_attack: Option<u64>,
    pub(super) attack_per_minute: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Captcha {
    pub(super) kind: Option<captcha::Kind>,
    pub(super) site_key: Option<String>,
    pub(super) secret: Option<String>,
    pub(super) script_url: Option<String>,
    pub(super) verify_url: Option<String>,
    #[serde(default)]
    pub(super) allow_insecure: bool,
    #[serde(default)]
    pub(super) allow_private: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Funnels {
    pub(super) dir: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Affiliate {
    pub(super) id: Option<String>,
    pub(super) connection: Option<String>,
    pub(super) crm_id: Option<String>,
    #[serde(default)]
    pub(super) buckets: Vec<Bucket>,
    pub(super) credential: Option<CredentialTable>,
    #[serde(default)]
    pub(super) portals: Vec<String>,
    #[serde(default)]
    pub(super) scopes: Vec<Scope>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Portal {
    #[serde(default)]
    pub(super) secrets: Vec<String>,
    #[serde(default)]
    pub(super) origins: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Partner {
    pub(super) fresh_seconds: Option<u64>,
    pub(super) whole_seconds: Option<u64>,
    pub(super) cache_seconds: Option<u64>,
    pub(super) token_per_minute: Option<u64>,
    pub(super) affiliate_per_minute: Option<u64>,
}
