//! Broctagon: leads, registrations by one-time code, forms, countries, states and cities.

mod access;
mod check;
mod codes;
mod crm_fields;
mod lead;
mod options;
mod questions;
mod register;

use std::sync::atomic::{AtomicU32, Ordering};

use harness::{Answer, LANDING, Setup, SimulatedCrm, World, send};
use reqwest::Method;
use serde_json::{Value, json};

const KIND: &str = "broctagon";

/// A lead with every field that the page has.
const LEAD: &str = r#"
id = "lead"
connection = "broctagon"
action = "lead"
origins = ["https://landing.example"]
affiliate = "b-17"
[[steps]]
id = "contact"
fields = [
    { name = "name", required = true }, { name = "email", required = true }, { name = "phone" }, { name = "gender" },
    { name = "nationality", kind = "country" }, { name = "comment" },
]
[routing]
owner_id = "owner-17"
[finish]
login_url = "https://broker.example/login"
[bots]
least_fill_ms = 0
"#;

/// A registration whose fields the funnel's file names.
const REGISTER: &str = r#"
id = "register"
connection = "broctagon"
action = "register"
origins = ["https://landing.example"]
[[steps]]
id = "account"
fields = [
    { name = "name", required = true }, { name = "email", required = true }, { name = "phone" },
    { name = "custom_fields.date_of_birth", kind = "date", required = true },
    { name = "custom_fields.country", list = "countries", required = true },
    { name = "custom_fields.state", list = "states" },
    { name = "custom_fields.city", list = "cities" },
    { name = "custom_fields.interests", options = ["forex", "metals"] },
    { name = "custom_fields.terms", kind = "checkbox", required = true },
]
[[steps]]
id = "identity"
fields = [
    { name = "kyc.custom_fields.nationality", list = "countries", required = true },
    { name = "kyc.custom_fields.address", required = true },
    { name = "kyc.custom_fields.source_of_funds", options = ["salary", "savings"] },
]
[[steps]]
id = "code"
fields = [{ name = "email_code", required = true }, { name = "phone_code" }]
[routing]
form_id = "regform1"
kyc_form_id = "kycindiv"
link_id = "link-abc"
referrer_id = "referrer"
[finish]
login_url = "https://broker.example/login"
[bots]
least_fill_ms = 0
"#;

fn setup() -> Setup {
    Setup::new()
        .connect(KIND)
        .limit("codes_per_minute", 10_000)
        .funnel("lead", LEAD)
        .funnel("register", REGISTER)
        .more("[[affiliates]]\nid = \"b-17\"\nconnection = \"broctagon\"\ncrm_id = \"partner7\"")
}

async fn start() -> World {
    World::start(setup()).await
}

fn crm(world: &World) -> SimulatedCrm {
    world.sandbox.of(KIND)
}

/// An address that nobody else has.
fn email() -> String {
    static PEOPLE: AtomicU32 = AtomicU32::new(1);
    format!("jane.doe.{}@mail.example", PEOPLE.fetch_add(1, Ordering::Relaxed))
}

/// A POST from the page that the funnel is for.
async fn post(world: &World, funnel: &str, what: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/funnels/{funnel}/{what}");
    send(world.request(Method::POST, &path).header("origin", LANDING).json(body)).await
}

async fn lead(world: &World, fields: Value, tracking: Value) -> Answer {
    let body = json!({ "fields": fields, "tracking": tracking, "locale": "en", "formToken": world.visit_of("lead").await });
    post(world, "lead", "signups", &body).await
}

/// What a person fills in before the codes.
fn person() -> Value {
    json!({
        "name": "Jane Doe",
        "email": email(),
        "phone": "+442079460958",
        "custom_fields.date_of_birth": "1990-02-28",
        "custom_fields.country": "DE",
        "custom_fields.state": "DE-BY",
        "custom_fields.city": "munich",
        "custom_fields.interests": "metals",
        "custom_fields.terms": "true",
        "kyc.custom_fields.nationality": "GB",
        "kyc.custom_fields.address": "1 Made-up Street",
        "kyc.custom_fields.source_of_funds": "salary",
    })
}

fn with(mut fields: Value, name: &str, value: &str) -> Value {
    fields[name] = json!(value);
    fields
}

/// Asks for the code of that field.
async fn code(world: &World, funnel: &str, field: &str, fields: &Value) -> Answer {
    let body = json!({ "field": field, "fields": fields, "locale": "en", "formToken": world.visit_of(funnel).await });
    post(world, funnel, "codes", &body).await
}

async fn register(world: &World, funnel: &str, fields: &Value) -> Answer {
    let body = json!({ "fields": fields, "locale": "en", "formToken": world.visit_of(funnel).await });
    post(world, funnel, "signups", &body).await
}

/// The code that the CRM sent last, of that kind.
async fn sent(crm: &SimulatedCrm, kind: &str) -> String {
    let outbox = crm.outbox().await;
    let letter = outbox.iter().rev().find(|letter| letter["kind"] == kind).expect("a code was sent");
    letter["code"].as_str().expect("a text").to_owned()
}

/// What the CRM received at that path, oldest first.
async fn received(crm: &SimulatedCrm, path: &str) -> Vec<Value> {
    crm.requests().await.into_iter().filter(|request| request["path"] == path).collect()
}

/// The newest signup as the operator sees it: its state and why.
async fn newest(world: &World) -> (String, String) {
    let signup = &world.signups().await[0];
    (signup["state"].as_str().unwrap_or_default().to_owned(), signup["reason"].as_str().unwrap_or_default().to_owned())
}

fn pair(state: &str, reason: &str) -> (String, String) {
    (state.to_owned(), reason.to_owned())
}

/// Nothing that a browser gets names the CRM, where it is, or what opens it.
#[track_caller]
fn says_nothing_of_the_crm(answer: &Answer, world: &World) {
    let text = answer.text().to_lowercase();
    for secret in ["broctagon", "sandbox", "regform1", "kycindiv", "owner-17", world.sandbox.origin.as_str()] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}
