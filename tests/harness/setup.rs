//! What a test's proxy is configured with: defaults that suit most tests, and the words to change them.

use std::{collections::BTreeMap, fmt::Write};

use crate::store::Asked;

/// The CRM's `x-api-key`, made up.
pub const CRM_KEY: &str = "made-up-crm-key-5e1f";
/// What the proxy asks about captchas with, made up.
pub const CAPTCHA_SECRET: &str = "made-up-captcha-secret-77";
/// The value of `LATCHKEY_KEY`, made up.
pub const STORE_KEY: &str = "made-up-store-key-0123456789-0123456789";
/// Routing values of the funnel, and the pinned affiliate's id in the CRM: none of a browser's business.
pub const PROJECT: &str = "made-up-project-41";
pub const DESK: &str = "made-up-desk-41";
pub const PINNED_AFFILIATE: &str = "made-up-affiliate-41";

const FUNNEL: &str = include_str!("funnel.toml");

/// A configuration and its funnels.
#[derive(Clone)]
pub struct Setup {
    /// By section and key; the values as TOML writes them.
    sections: BTreeMap<String, BTreeMap<String, String>>,
    /// What stands behind the sections.
    more: String,
    pub(crate) funnels: BTreeMap<String, String>,
    pub(crate) landing_page: bool,
    /// Who logs in to the portal; empty: there is none.
    pub(crate) portal: Vec<String>,
    pub(crate) store: Option<Asked>,
}

/// What connects to the simulated CRMs. `{sandbox}` becomes their origin.
const CONNECTIONS: [(&str, &[(&str, &str)]); 3] = [
    (
        "trading",
        &[
            ("base_url", r#""{sandbox}/trading""#),
            ("api_key", r#""env:TRADING_KEY""#),
            ("login", r#"{ username = "env:TRADING_USER", password = "env:TRADING_PASSWORD" }"#),
            ("duplicate_when", r#"["already exists"]"#),
        ],
    ),
    (
        "impact",
        &[
            ("base_url", r#""{sandbox}/impact""#),
            ("domain", r#""brand.example""#),
            ("api_key", r#""env:IMPACT_KEY""#),
            ("login", r#"{ email = "env:IMPACT_USER", password = "env:IMPACT_PASSWORD" }"#),
            ("member_area", r#""{sandbox}/impact/member""#),
            ("duplicate_when", r#"["already exists"]"#),
        ],
    ),
    ("broctagon", &[("base_url", r#""{sandbox}/broctagon""#), ("api_key", r#""env:BROCTAGON_KEY""#)]),
];

/// The proxy's environment: the credentials that the simulated CRMs take, and its own key. All made up.
pub const SECRETS: [(&str, &str); 19] = [
    ("LATCHKEY_KEY", STORE_KEY),
    ("WI_SIGNUP_KEY", CRM_KEY),
    ("WI_TOKEN", "sandbox-wi-token"),
    ("TRADING_KEY", "sandbox-trading-key"),
    ("TRADING_USER", "broker@example.com"),
    ("TRADING_PASSWORD", "sandbox-password"),
    ("IMPACT_KEY", "sandbox-impact-key"),
    ("IMPACT_USER", "ib@example.com"),
    ("IMPACT_PASSWORD", "sandbox-password"),
    ("BROCTAGON_KEY", "sandbox-broctagon-key"),
    // An affiliate's own, which a test makes known to the CRM.
    ("OWN_KEY", "made-up-own-key-18"),
    ("OWN_USER", "a18@example.com"),
    ("OWN_PASSWORD", "made-up-password-18"),
    ("OWN_TOKEN", "made-up-token-2"),
    ("CAPTCHA_SECRET", CAPTCHA_SECRET),
    // What portals mint embed tokens with.
    ("ACME_SECRET", "made-up-acme-secret-0001"),
    ("NORTH_SECRET", "made-up-north-secret-0001"),
    // The second affiliate's own log-in, which a test makes known to the CRM.
    ("SECOND_USER", "a19@example.com"),
    ("SECOND_PASSWORD", "made-up-password-19"),
];

impl Default for Setup {
    fn default() -> Setup {
        Setup::new()
    }
}

impl Setup {
    /// One funnel, `demo`, on one connection; nobody is asked to wait, and no rate is limited.
    pub fn new() -> Setup {
        let funnels = BTreeMap::from([("demo".to_owned(), FUNNEL.to_owned())]);
        Setup { sections: BTreeMap::new(), more: String::new(), funnels, landing_page: false, portal: Vec::new(), store: None }
            .limit("signups_per_minute", 100_000)
            .limit("visits_per_minute", 100_000)
            .limit("drain_seconds", 20)
            .set("store", "keys", r#"["env:LATCHKEY_KEY"]"#)
            // A crowd of a test's is no attack.
            .set("work", "attack_per_minute", "1000000")
            // A test's CRM fails as often as the test wants, and is tried again soon.
            .set("delivery", "breaker_failures", "1000")
            .set("delivery", "first_pause_ms", "200")
            .set("delivery", "longest_pause_ms", "1000")
            // On a server, what a proxy left is seen to when its lease has run out.
            .set("delivery", "lease_ms", "1000")
            .set("connections.wi", "kind", r#""wi""#)
            .set("connections.wi", "signup_key", r#""env:WI_SIGNUP_KEY""#)
            .set("connections.wi", "redirect_hosts", r#"["127.0.0.1"]"#)
            .set("connections.wi", "allow_insecure", "true")
            .set("connections.wi", "allow_private", "true")
            .set("connections.wi", "duplicate_when", r#"["already exists"]"#)
    }

    /// Adds the connection `kind` to the simulated CRM of that kind, with the credentials that it takes.
    #[track_caller]
    pub fn connect(self, kind: &str) -> Setup {
        let (_, keys) = CONNECTIONS.iter().find(|(known, _)| *known == kind).expect("a CRM that is simulated");
        let section = format!("connections.{kind}");
        let setup = self
            .set(&section, "kind", &format!("{kind:?}"))
            .set(&section, "redirect_hosts", r#"["127.0.0.1"]"#)
            .set(&section, "allow_insecure", "true")
            .set(&section, "allow_private", "true");
        keys.iter().fold(setup, |setup, (key, value)| setup.set(&section, key, value))
    }

    /// Adds a funnel, or puts it in the place of the one of that id.
    pub fn funnel(mut self, id: &str, text: &str) -> Setup {
        self.funnels.insert(id.to_owned(), text.to_owned());
        self
    }

    /// Adds TOML at the end of `latchkey.toml`, such as `[[affiliates]]`.
    pub fn more(mut self, toml: &str) -> Setup {
        self.more.push_str(toml);
        self.more.push('\n');
        self
    }

    /// Sets a key of `latchkey.toml` to a value as TOML writes it. `{sandbox}` in it becomes the simulated CRMs' origin.
    pub fn set(mut self, section: &str, key: &str, value: &str) -> Setup {
        self.sections.entry(section.to_owned()).or_default().insert(key.to_owned(), value.to_owned());
        self
    }

    /// Sets a key of `[server.limits]`.
    pub fn limit(self, key: &str, value: u32) -> Setup {
        self.set("server.limits", key, &value.to_string())
    }

    /// How long a visitor waits for the CRM, in milliseconds, before they are thanked.
    pub fn patience(self, ms: u32) -> Setup {
        self.limit("wait_for_crm_ms", ms)
    }

    /// Believes `X-Forwarded-For` of whoever connects from this machine.
    pub fn behind_a_proxy(self) -> Setup {
        self.set("server", "trusted_proxies", r#"["127.0.0.1/32"]"#)
    }

    /// Replaces a part of the funnel `demo`.
    #[track_caller]
    pub fn edit(mut self, from: &str, to: &str) -> Setup {
        let funnel = self.funnels.get_mut("demo").expect("the funnel is there");
        assert!(funnel.contains(from), "the funnel has no {from:?}");
        *funnel = funnel.replace(from, to);
        self
    }

    /// Leaves of the funnel `demo` the fields that the CRM demands, and the agreement that has to be accepted.
    pub fn without_optional_fields(mut self) -> Setup {
        let funnel = self.funnels.get_mut("demo").expect("the funnel is there");
        // A table and its keys stand in a paragraph of their own.
        let kept = |paragraph: &&str| {
            let table = paragraph.starts_with("[[steps.fields]]") || paragraph.starts_with("[[agreements]]");
            !table || paragraph.contains("required = true")
        };
        *funnel = funnel.split("\n\n").filter(kept).collect::<Vec<_>>().join("\n\n");
        self
    }

    /// Adds a funnel like `demo` under another id.
    pub fn another_funnel(mut self, id: &str) -> Setup {
        self.funnels.insert(id.to_owned(), FUNNEL.replace(r#"id = "demo""#, &format!("id = \"{id}\"")));
        self
    }

    /// Keeps signups in SQLite, whatever other tests do.
    pub fn on_sqlite(mut self) -> Setup {
        self.store = Some(Asked::Sqlite);
        self
    }

    /// Keeps signups in PostgreSQL, whatever other tests do.
    pub fn on_postgres(mut self) -> Setup {
        self.store = Some(Asked::Postgres);
        self
    }

    /// Keeps signups in a PostgreSQL that the test may stop and start.
    pub fn on_own_postgres(mut self) -> Setup {
        self.store = Some(Asked::OwnPostgres);
        self
    }

    /// Starts a landing page that embeds `demo`, and lets its origin send it.
    pub fn with_landing_page(mut self) -> Setup {
        self.landing_page = true;
        self
    }

    /// Starts a portal, `acme`, to which these affiliates log in by their ids.
    pub fn with_portal(mut self, affiliates: &[&str]) -> Setup {
        self.portal = affiliates.iter().map(|id| (*id).to_owned()).collect();
        self.set("portals.acme", "secrets", r#"["env:ACME_SECRET"]"#)
    }

    /// `demo`, and then the others.
    pub(crate) fn landing_funnels(&self) -> Vec<&str> {
        let others = self.funnels.keys().map(String::as_str).filter(|id| *id != "demo");
        std::iter::once("demo").chain(others).collect()
    }

    /// Lets one more origin send the funnel `demo`.
    pub fn origin(self, origin: &str) -> Setup {
        self.edit("origins = [", &format!("origins = [\"{origin}\", "))
    }

    /// Lets a page of that origin send every funnel.
    pub fn origin_of_all(mut self, origin: &str) -> Setup {
        for text in self.funnels.values_mut() {
            assert!(text.contains("origins = ["), "a funnel without origins");
            *text = text.replace("origins = [", &format!("origins = [\"{origin}\", "));
        }
        self
    }

    /// What is not set yet.
    pub(crate) fn default_to(mut self, section: &str, key: &str, value: &str) -> Setup {
        self.sections.entry(section.to_owned()).or_default().entry(key.to_owned()).or_insert_with(|| value.to_owned());
        self
    }

    /// `latchkey.toml`.
    pub(crate) fn config(&self, sandbox: &str) -> String {
        let mut text = String::new();
        for (section, keys) in &self.sections {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "[{section}]");
            for (key, value) in keys {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        let _ = write!(text, "[[affiliates]]\nid = \"a-17\"\nconnection = \"wi\"\ncrm_id = \"{PINNED_AFFILIATE}\"\n{}", self.more);
        text.replace("{sandbox}", sandbox)
    }
}
