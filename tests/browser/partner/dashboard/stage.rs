//! Affiliates whose dashboards are looked at, and what their CRMs hold of them.

use harness::{Setup, World};
use jiff::{Timestamp, ToSpan, Zoned, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, DESKTOP},
    partner::desk::Desk,
};

/// The visitor's. Its days begin nine hours before those of UTC, in summer and in winter.
pub(super) const ZONE: &str = "Asia/Tokyo";

/// The panel that is shown, in a script.
pub(super) const PANEL: &str = "(root.querySelector('[role=tabpanel]:not([hidden])') ?? document.createElement('p'))";

const AFFILIATES: &str = r#"
[[affiliates]]
id = "t-1"
connection = "trading"
crm_id = "t-1"
portals = ["acme"]
scopes = ["figures", "leads", "money", "commissions", "payouts", "links", "personal"]
credential = { login = { username = "env:OWN_USER", password = "env:OWN_PASSWORD" } }
[[affiliates]]
id = "t-2"
connection = "trading"
crm_id = "t-2"
portals = ["acme"]
scopes = ["figures", "leads", "money", "commissions", "payouts", "links"]
credential = { login = { username = "env:SECOND_USER", password = "env:SECOND_PASSWORD" } }
[[affiliates]]
id = "i-1"
connection = "impact"
crm_id = "I1"
portals = ["acme"]
scopes = ["figures", "leads", "money", "personal"]
[[affiliates]]
id = "w-1"
connection = "wi"
crm_id = "W1"
buckets = [{ id = "bucket-1", sources = ["facebook_ads"] }]
portals = ["acme"]
scopes = ["figures", "leads", "buckets", "personal"]
[[affiliates]]
id = "w-2"
connection = "wi"
crm_id = "W2"
buckets = [{ id = "bucket-2" }]
portals = ["acme"]
scopes = ["figures"]
[[affiliates]]
id = "b-1"
connection = "broctagon"
crm_id = "B1"
portals = ["acme"]
scopes = ["figures", "leads", "money"]
"#;

pub(super) fn setup() -> Setup {
    Setup::new()
        .connect("trading")
        .connect("impact")
        .connect("broctagon")
        .set("connections.wi", "identification_token", r#""env:WI_TOKEN""#)
        .set("partner", "token_per_minute", "100000")
        .set("partner", "affiliate_per_minute", "100000")
        .with_portal(&["t-1", "t-2", "i-1", "w-1", "w-2", "b-1"])
        .more(AFFILIATES)
}

/// A desk at which dashboards are looked at, of affiliates who have nothing yet.
pub(super) async fn desk(setup: Setup) -> Desk {
    let world = World::start(setup).await;
    let affiliate = |id: &str, user: &str, password: &str, wallet: u64| {
        json!({ "id": id, "username": user, "password": password, "apiKey": format!("made-up-key-{id}"), "walletId": wallet, "landingPages": [
            { "id": "1", "name": "Home", "url": format!("https://broker.example/{id}") },
            { "id": "2", "name": "Spring offer", "url": format!("https://broker.example/spring?lang=de&subID=old&of={id}") },
        ] })
    };
    let below = json!({ "id": "t-3", "name": "Affiliate below", "username": "below@example.com", "password": "made-up-password-3", "apiKey": "made-up-key-3", "parent": "t-1" });
    let affiliates = json!([
        affiliate("t-1", "a18@example.com", "made-up-password-18", 101),
        affiliate("t-2", "a19@example.com", "made-up-password-19", 102),
        below
    ]);
    world.sandbox.of("trading").seed(json!({ "affiliates": affiliates })).await;
    world.sandbox.of("impact").seed(json!({ "servers": { "mt4": ["mt4-1"], "mt5": ["mt5-1"] } })).await;
    let bucket =
        |number: u32| json!({ "id": format!("bucket-{number}"), "affiliateID": format!("W{number}"), "sources": ["facebook_ads"] });
    world.sandbox.of("wi").seed(json!({ "buckets": [bucket(1), bucket(2)] })).await;
    Desk { world, browser: Browser::start_in(ZONE, DESKTOP).await, element: "latchkey-dashboard" }
}

pub(super) fn today() -> Date {
    Zoned::now().with_time_zone(TimeZone::get(ZONE).unwrap()).date()
}

/// Noon of the visitor's day, so many days ago.
pub(super) fn ago(days: i32) -> Timestamp {
    today().checked_sub(days.days()).unwrap().at(12, 0, 0, 0).in_tz(ZONE).unwrap().timestamp()
}

/// A customer of the first affiliate on the trading CRM, but for what is said otherwise.
pub(super) fn customer(id: &str, created: Timestamp, more: &Value) -> Value {
    let mut customer =
        json!({ "affiliate": "t-1", "id": id, "email": format!("{id}@mail.example"), "createdAt": created, "updatedAt": created });
    customer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    customer
}

/// Twelve customers, one a day: the first is of yesterday. Each fourth has deposited.
pub(super) fn twelve() -> Value {
    let one = |number: i32| {
        let at = usize::try_from(number).unwrap();
        let (country, status, source) = (["CY", "DE", "FR"][at % 3], ["active", "new"][at % 2], ["google", "=SUM(A1)"][at % 2]);
        let more = json!({
            "firstname": "Jane", "lastname": format!("Doe{number}"), "mobilenumber": format!("+4420794600{number:02}"), "country": country,
            "status": status, "source": source, "hasFTD": number % 4 == 0, "depositTotal": f64::from(number * 7 % 12) * 10.5 - 20.0,
        });
        customer(&format!("p-{number:02}"), ago(number), &more)
    };
    json!({ "customers": (1..=12).map(one).collect::<Vec<_>>() })
}

impl Desk {
    pub(super) async fn seed_trading(&self, records: Value) {
        self.world.sandbox.of("trading").seed(records).await;
    }

    /// Logs in, and sees the dashboard.
    pub(super) async fn see(&self, affiliate: &str) {
        self.log_in(affiliate).await;
        self.until("the dashboard is there", "return !!root.querySelector('[part=dashboard]')").await;
    }

    /// Waits until a metric says so, in each currency.
    pub(super) async fn figure(&self, metric: &str, amounts: &[&str]) {
        let shown = format!("[...root.querySelectorAll('[data-metric={metric}] [part=amount]')].map(amount => amount.textContent)");
        self.is(&format!("{metric}: {amounts:?}"), &shown, &json!(amounts)).await;
    }

    /// Waits until an expression is that.
    pub(super) async fn is(&self, what: &str, expression: &str, value: &Value) {
        self.until(what, &format!("return JSON.stringify({expression}) === JSON.stringify({value})")).await;
    }

    /// Goes to the panel of that name.
    pub(super) async fn tab(&self, name: &str) {
        let script = format!(
            "const tab = [...root.querySelectorAll('[role=tab]')].find(tab => tab.textContent === {});
             tab?.click();
             return tab?.getAttribute('aria-selected') === 'true'",
            json!(name)
        );
        self.until(&format!("the tab {name}"), &script).await;
    }

    /// Waits until the rows of the table that is shown begin so.
    pub(super) async fn rows(&self, begin: &[&str]) {
        self.column(0, begin).await;
    }

    /// Waits until a column of the table that is shown holds that.
    pub(super) async fn column(&self, at: usize, cells: &[&str]) {
        let shown = format!("[...{PANEL}.querySelectorAll('tbody tr[aria-rowindex]')].map(row => row.cells[{at}].innerText.trim())");
        self.is(&format!("column {at}: {cells:?}"), &shown, &json!(cells)).await;
    }

    /// Clicks what is there by that selector.
    pub(super) async fn click_on(&self, selector: &str) {
        let script = format!("const found = root.querySelector({}); found?.click(); return !!found", json!(selector));
        self.until(selector, &script).await;
    }

    /// Chooses days of one's own.
    pub(super) async fn days(&self, from: &str, to: &str) {
        self.choose("period", "custom").await;
        self.fill("from", from).await;
        self.fill("to", to).await;
    }
}
