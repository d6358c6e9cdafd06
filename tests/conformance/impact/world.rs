//! A proxy before the simulated Impact.

use harness::{Setup, SimulatedCrm, World};
use serde_json::{Value, json};

const CRM: &str = "impact";
pub(crate) const KEY: &str = "sandbox-impact-key";
pub(crate) const DOMAIN: &str = "brand.example";
/// The affiliate's own key, which a test makes known to the CRM.
pub(crate) const OWN_KEY: &str = "made-up-own-key-18";

pub(crate) const FUNNEL: &str = r#"
id = "demo"
connection = "impact"
action = "signup"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
[[steps.fields]]
name = "firstName"
required = true
[[steps.fields]]
name = "lastName"
required = true
[[steps.fields]]
name = "email"
required = true
[[steps.fields]]
name = "natonalityCountryCode"
required = true
[[steps.fields]]
name = "phone"
required = true
[[steps.fields]]
name = "tradingExperience"
[tracking]
affiliates = ["17", "18"]
[finish]
kind = "redirect"
login_url = "https://broker.example/login"
[bots]
least_fill_ms = 0
"#;

pub(crate) const AGREEMENT: &str = r#"
[[agreements]]
label = "Terms and Conditions"
text = "I accept the terms."
required = true
"#;

/// An affiliate without a credential, and one with a key and a log-in of its own.
pub(crate) const AFFILIATES: &str = r#"
[[affiliates]]
id = "i-17"
connection = "impact"
crm_id = "17"
[[affiliates]]
id = "i-18"
connection = "impact"
crm_id = "18"
credential = { api_key = "env:OWN_KEY", login = { email = "env:OWN_USER", password = "env:OWN_PASSWORD" } }
"#;

pub(crate) fn setup() -> Setup {
    Setup::new().connect(CRM).set("connections.impact", "timeout_seconds", "1").more(AFFILIATES).funnel("demo", FUNNEL)
}

pub(crate) fn impact(world: &World) -> SimulatedCrm {
    world.sandbox.of(CRM)
}

pub(crate) fn lead(setup: Setup) -> Setup {
    setup.edit("action = \"signup\"", "action = \"lead\"")
}

/// Makes the second affiliate's key and log-in known to the CRM.
pub(crate) async fn know_affiliate(world: &World) {
    let users = json!([{"email": "a18@example.com", "password": "made-up-password-18", "sees": "own"}]);
    let keys = json!([{"key": OWN_KEY, "domain": DOMAIN, "user": "a18@example.com"}]);
    impact(world).seed(json!({"users": users, "apiKeys": keys})).await;
}

/// What somebody sends who has filled in the form.
pub(crate) async fn form(world: &World) -> Value {
    let mut form = world.form().await;
    let fields = form["fields"].as_object_mut().expect("fields");
    fields.insert("lastName".to_owned(), json!("Doe"));
    fields.insert("natonalityCountryCode".to_owned(), json!("CY"));
    form["agreements"] = json!([]);
    form
}

/// Of a recorded request, what the document speaks of.
pub(crate) fn on_the_wire(request: &Value) -> Value {
    let mut wire = json!({"method": request["method"], "path": request["path"], "body": request["body"]});
    let query = request.get("query").cloned().unwrap_or_default();
    wire["query"] = query;
    for name in ["x-api-key", "x-domain", "x-auth-token", "content-type", "authorization"] {
        wire[name] = request["headers"].get(name).cloned().unwrap_or_default();
    }
    wire
}
