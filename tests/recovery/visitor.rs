//! Who signs up with each of the simulated CRMs that can be asked whether a signup has arrived.

use harness::{LANDING, Setup, World};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// The CRMs, each with a funnel of its name.
pub(crate) const CRMS: [&str; 3] = ["wi", "trading", "impact"];

const FUNNELS: [&str; 3] =
    [include_str!("../chaos/funnels/wi.toml"), include_str!("../chaos/funnels/trading.toml"), include_str!("../chaos/funnels/impact.toml")];

const BUCKET: &str = "69ce524d741e8f2238329fff";
const AFFILIATE: &str = r#"
[[affiliates]]
id = "b-1"
connection = "wi"
crm_id = "1234567890"
buckets = [{ id = "69ce524d741e8f2238329fff" }]
"#;

pub(crate) fn setup() -> Setup {
    let setup = CRMS[1..].iter().fold(Setup::new(), |setup, crm| setup.connect(crm));
    let setup = CRMS.iter().zip(FUNNELS).fold(setup, |setup, (crm, funnel)| setup.funnel(crm, funnel));
    CRMS.iter()
        .fold(setup, |setup, crm| setup.set(&format!("connections.{crm}"), "settle_ms", "1000"))
        .set("connections.wi", "identification_token", r#""env:WI_TOKEN""#)
        .set("connections.wi", "crm_url", r#""{sandbox}/wi""#)
        .more(AFFILIATE)
}

/// CRMs that create whoever they are sent, known or not: they would show who is sent twice.
pub(crate) async fn start(setup: Setup) -> World {
    let world = World::start(setup).await;
    world.sandbox.seed(json!({ "buckets": [{ "id": BUCKET, "affiliateID": "1234567890" }] })).await;
    for crm in CRMS {
        world.sandbox.of(crm).create_repeats().await;
    }
    world
}

/// What somebody sends, whose e-mail nobody else has.
pub(crate) async fn body(world: &World, crm: &str) -> Value {
    let demo = world.form().await;
    let (email, phone) = (&demo["fields"]["email"], "+442079460958");
    let fields = match crm {
        "wi" => json!({ "email": email, "phone": phone, "firstName": "Jane" }),
        "trading" => json!({ "email": email, "mobilenumber": phone, "firstname": "Jane", "lastname": "Doe", "country": "GB" }),
        _ => json!({ "email": email, "phone": phone, "firstName": "Jane", "lastName": "Doe", "natonalityCountryCode": "GB" }),
    };
    let agreements: [&str; 0] = [];
    json!({ "fields": fields, "agreements": agreements, "locale": "en", "formToken": world.visit_of(crm).await })
}

pub(crate) fn request(world: &World, funnel: &str, body: &Value) -> RequestBuilder {
    let path = format!("/api/v1/funnels/{funnel}/signups");
    world.request(Method::POST, &path).header("origin", LANDING).json(body)
}
