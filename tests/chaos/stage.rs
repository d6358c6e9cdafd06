//! The programs: four CRMs that misbehave, and proxies on one store.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use harness::{Proxy, Setup, World};
use serde_json::{Value, json};

use crate::plan::{Kept, Plan};

/// The CRMs, each with a funnel of its name.
pub(crate) const CRMS: [&str; 4] = ["wi", "trading", "impact", "broctagon"];

const FUNNELS: [&str; 4] = [
    include_str!("funnels/wi.toml"),
    include_str!("funnels/trading.toml"),
    include_str!("funnels/impact.toml"),
    include_str!("funnels/broctagon.toml"),
];

const BUCKET: &str = "69ce524d741e8f2238329fff";
const AFFILIATE: &str = r#"
[[affiliates]]
id = "b-1"
connection = "wi"
crm_id = "1234567890"
buckets = [{ id = "69ce524d741e8f2238329fff" }]
"#;

/// How many calls of a hundred are struck.
const SHARE: f64 = 0.3;
/// How long a delayed call takes: longer than the proxy waits.
const DELAY_MS: u32 = 2_500;
/// After a lost answer, the CRM is done by then.
const SETTLE_MS: &str = "4000";

/// How long the queue may take to drain, for the whole and for each signup.
const DRAIN: Duration = Duration::from_secs(120);
const DRAIN_EACH: Duration = Duration::from_millis(60);

pub(crate) struct Stage {
    pub(crate) world: World,
    /// Beside the world's own.
    pub(crate) others: Vec<Proxy>,
    seed: u64,
}

impl Stage {
    pub(crate) async fn set_up(plan: &Plan) -> Stage {
        assert!(plan.proxies >= 1 && (plan.proxies == 1 || plan.store == Kept::Postgres), "SQLite's file is one proxy's");
        let setup = match plan.store {
            Kept::Sqlite => setup().on_sqlite(),
            Kept::Postgres => setup().on_own_postgres(),
        };
        let world = World::start(setup).await;
        world.sandbox.seed(json!({ "buckets": [{ "id": BUCKET, "affiliateID": "1234567890" }] })).await;
        for crm in CRMS {
            world.sandbox.of(crm).keep_no_log().await;
        }
        // A CRM that refuses whoever it knows would hide who was sent twice.
        for crm in &CRMS[..3] {
            world.sandbox.of(crm).create_repeats().await;
        }
        let mut others = Vec::new();
        for _ in 1..plan.proxies {
            others.push(world.another_proxy().await);
        }
        Stage { world, others, seed: plan.seed }
    }

    /// Where the proxies are.
    pub(crate) fn addresses(&self) -> Vec<String> {
        self.others.iter().map(|proxy| &proxy.address).chain([&self.world.proxy.address]).cloned().collect()
    }

    pub(crate) fn proxies(&mut self) -> Vec<&mut Proxy> {
        self.others.iter_mut().chain([&mut self.world.proxy]).collect()
    }

    /// From now on every CRM misbehaves, in every way.
    pub(crate) async fn storm(&self) {
        for (number, crm) in (0..).zip(CRMS) {
            let faults = json!([
                { "kind": "status", "status": 500 },
                { "kind": "status", "status": 503 },
                { "kind": "rate-limited", "retryAfterSeconds": 1 },
                { "kind": "delay", "ms": DELAY_MS },
                { "kind": "reset-before" },
                { "kind": "reset-after" },
                { "kind": "html" },
                { "kind": "broken-json" },
                { "kind": "empty" },
            ]);
            let weather = json!({ "share": SHARE, "seed": self.seed + number, "faults": faults });
            self.world.sandbox.of(crm).weather(weather).await;
        }
    }

    /// From now on every CRM works.
    pub(crate) async fn calm(&self) {
        for crm in CRMS {
            self.world.sandbox.of(crm).no_weather().await;
        }
    }

    /// Waits until no signup is on its way any more.
    pub(crate) async fn delivered(&mut self, plan: &Plan) {
        let start = Instant::now();
        let patience = DRAIN + DRAIN_EACH * plan.signups;
        while self.is_any("received").await || self.is_any("delivering").await {
            assert!(start.elapsed() < patience, "signups are still on their way after {} s", patience.as_secs());
            for proxy in self.proxies() {
                assert!(!proxy.has_ended(), "a proxy ended by itself: {}", proxy.logs());
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// Whom each CRM says that it has.
    pub(crate) async fn users(&self) -> BTreeMap<&'static str, Vec<Value>> {
        let mut users = BTreeMap::new();
        for crm in CRMS {
            users.insert(crm, self.world.sandbox.of(crm).users().await);
        }
        users
    }

    /// How many signups may have arrived in the CRM that cannot be asked, of which nobody knows more, and yet are not parked.
    pub(crate) async fn unknown_and_not_parked(&self) -> i64 {
        let unknown = "SELECT COUNT(*) FROM signups WHERE connection = 'broctagon' AND state <> 'parked' \
                       AND id IN (SELECT signup FROM attempts WHERE outcome IS NULL OR outcome = 'unknown') \
                       AND id NOT IN (SELECT signup FROM attempts WHERE outcome IN ('sent', 'refused'))";
        self.world.store.number(unknown).await.unwrap_or_default()
    }

    async fn is_any(&self, state: &str) -> bool {
        let ended = self.world.latchkey(&["signups", "list", "--state", state, "--limit", "1", "--json"]).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        ended.stdout.trim() != "[]"
    }
}

/// Short pauses: what takes hours in earnest takes minutes here.
fn setup() -> Setup {
    let setup = CRMS[1..].iter().fold(Setup::new(), |setup, crm| setup.connect(crm));
    let setup = CRMS.iter().zip(FUNNELS).fold(setup, |setup, (crm, funnel)| setup.funnel(crm, funnel));
    let setup = CRMS
        .map(|crm| format!("connections.{crm}"))
        .iter()
        .fold(setup, |setup, connection| setup.set(connection, "timeout_seconds", "1").set(connection, "settle_ms", SETTLE_MS));
    let delivery = [
        ("first_pause_ms", 300),
        ("longest_pause_ms", 5_000),
        ("give_up_after_seconds", 86_400),
        ("lease_ms", 5_000),
        ("breaker_pause_ms", 200),
        ("breaker_longest_pause_ms", 2_000),
    ];
    delivery
        .iter()
        .fold(setup, |setup, (key, value)| setup.set("delivery", key, &value.to_string()))
        .set("connections.wi", "identification_token", r#""env:WI_TOKEN""#)
        .set("connections.wi", "crm_url", r#""{sandbox}/wi""#)
        .patience(1_000)
        .more(AFFILIATE)
}
