//! Affiliates over four CRMs and two portals.

use harness::{Answer, Setup, World, send, until};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// The pages of one portal, and its secret.
pub(crate) const ACME: &str = "https://partners.acme.example";
pub(crate) const ACME_SECRET: &str = "made-up-acme-secret-0001";
pub(crate) const NORTH: &str = "https://north.example";
pub(crate) const NORTH_SECRET: &str = "made-up-north-secret-0001";

pub(crate) const EVERYTHING: [&str; 8] = ["figures", "leads", "money", "commissions", "payouts", "links", "buckets", "personal"];

/// Two affiliates on each CRM: the first is shown by both portals, the second by one.
const AFFILIATES: &str = r#"
[[affiliates]]
id = "w-1"
connection = "wi"
crm_id = "W1"
buckets = [{ id = "bucket-w-1", sources = ["facebook_ads"] }]
portals = ["acme", "north"]
scopes = ["figures", "leads", "money", "commissions", "payouts", "links", "buckets", "personal"]
[[affiliates]]
id = "w-2"
connection = "wi"
crm_id = "W2"
buckets = [{ id = "bucket-w-2" }]
portals = ["acme"]
scopes = ["figures", "leads", "buckets"]
[[affiliates]]
id = "t-1"
connection = "trading"
crm_id = "t-1"
portals = ["acme", "north"]
scopes = ["figures", "leads", "money", "commissions", "payouts", "links", "buckets", "personal"]
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
portals = ["acme", "north"]
scopes = ["figures", "leads", "money", "commissions", "payouts", "links", "buckets", "personal"]
[[affiliates]]
id = "i-2"
connection = "impact"
crm_id = "I2"
portals = ["acme"]
scopes = ["figures", "leads", "money"]
[[affiliates]]
id = "b-1"
connection = "broctagon"
crm_id = "B1"
portals = ["acme", "north"]
scopes = ["figures", "leads", "money", "commissions", "payouts", "links", "buckets", "personal"]
"#;

/// Nothing is kept for longer than it takes to ask for it.
pub(crate) fn setup() -> Setup {
    Setup::new()
        .connect("trading")
        .connect("impact")
        .connect("broctagon")
        .set("connections.wi", "identification_token", r#""env:WI_TOKEN""#)
        .set("portals.acme", "secrets", r#"["env:ACME_SECRET"]"#)
        .set("portals.acme", "origins", &format!("[\"{ACME}\"]"))
        .set("portals.north", "secrets", r#"["env:NORTH_SECRET"]"#)
        .set("portals.north", "origins", &format!("[\"{NORTH}\"]"))
        .set("partner", "fresh_seconds", "0")
        .set("partner", "cache_seconds", "0")
        .set("partner", "token_per_minute", "100000")
        .set("partner", "affiliate_per_minute", "100000")
        .more(AFFILIATES)
}

pub(crate) async fn world() -> World {
    let world = World::start(setup()).await;
    open(&world).await;
    world
}

/// Buckets, log-ins and servers, so that each CRM knows its affiliates.
pub(crate) async fn open(world: &World) {
    let buckets = json!([
        { "id": "bucket-w-1", "affiliateID": "W1", "sources": ["facebook_ads"] },
        { "id": "bucket-w-2", "affiliateID": "W2" },
    ]);
    world.sandbox.of("wi").seed(json!({ "buckets": buckets })).await;
    let affiliate = |id: &str, user: &str, password: &str, wallet: u64| {
        json!({ "id": id, "username": user, "password": password, "apiKey": format!("made-up-key-{id}"), "walletId": wallet,
                "landingPages": [{ "id": "1", "name": format!("Page of {id}"), "url": format!("https://broker.example/{id}") }] })
    };
    let affiliates = json!([
        affiliate("t-1", "a18@example.com", "made-up-password-18", 101),
        affiliate("t-2", "a19@example.com", "made-up-password-19", 102)
    ]);
    world.sandbox.of("trading").seed(json!({ "affiliates": affiliates })).await;
    world.sandbox.of("impact").seed(json!({ "servers": { "mt4": ["mt4-1"], "mt5": ["mt5-1"] } })).await;
}

/// A request of a portal's server.
pub(crate) fn portal(world: &World, method: Method, secret: &str) -> RequestBuilder {
    world.request(method, "/api/v1/embed-tokens").header("authorization", format!("Bearer {secret}"))
}

/// A token with all that the affiliate may be shown.
pub(crate) async fn token(world: &World, affiliate: &str) -> String {
    minted(world, json!({ "affiliate": affiliate })).await
}

pub(crate) async fn minted(world: &World, body: Value) -> String {
    let answer = send(portal(world, Method::POST, ACME_SECRET).json(&body)).await.json_of(201);
    answer["token"].as_str().expect("a token").to_owned()
}

/// A request of an element on the portal's page.
pub(crate) fn asking(world: &World, method: Method, path: &str, token: &str) -> RequestBuilder {
    let request = world.request(method, &format!("/api/v1/partner{path}"));
    request.header("origin", ACME).header("authorization", format!("Bearer {token}"))
}

pub(crate) async fn get(world: &World, path: &str, token: &str) -> Answer {
    send(asking(world, Method::GET, path, token)).await
}

pub(crate) async fn post(world: &World, path: &str, token: &str, body: &Value) -> Answer {
    send(asking(world, Method::POST, path, token).json(body)).await
}

/// The answer once the mirror has been read, later than now.
pub(crate) async fn fresh(world: &World, path: &str, token: &str) -> Value {
    let since = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    // Ages are in whole seconds.
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
    until(&format!("the mirror behind {path} is fresh"), async || {
        let answer = get(world, path, token).await.json_of(200);
        answer["age"]["asOf"].as_str().is_some_and(|at| at > since.as_str()).then_some(answer)
    })
    .await
}

/// A column of a page's rows.
pub(crate) fn column(page: &Value, name: &str) -> Vec<String> {
    let text = |row: &Value| row[name].as_str().unwrap_or_default().to_owned();
    page["rows"].as_array().expect("rows").iter().map(text).collect()
}
