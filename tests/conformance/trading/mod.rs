//! The trading CRM, "CRM API 0.1.0".

mod asked;
mod catalog;
mod checked;
mod customers_session;
mod hostile;
mod look_up;
mod signups;

use harness::{Answer, Ended, Setup, SimulatedCrm, World};
use serde_json::{Value, json};

/// A funnel that asks for all that a sign-up takes.
const FUNNEL: &str = r#"
id = "demo"
connection = "trading"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
[[steps.fields]]
name = "firstname"
[[steps.fields]]
name = "lastname"
[[steps.fields]]
name = "email"
required = true
[[steps.fields]]
name = "mobilenumber"
[[steps.fields]]
name = "country"
[routing]
wtreferrer = "0BaHeZI1Je"
skipOnboardingSteps = ["PhoneConfirmation", "KYC"]
[finish]
kind = "redirect"
login_url = "https://broker.example/login"
[bots]
least_fill_ms = 0
"#;

const LEAD_FUNNEL: &str = r#"
id = "demo"
connection = "trading"
action = "lead"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
[[steps.fields]]
name = "name"
required = true
[[steps.fields]]
name = "email"
required = true
[[steps.fields]]
name = "mobilenumber"
[routing]
source = "made-up-source"
[bots]
least_fill_ms = 0
"#;

fn setup() -> Setup {
    Setup::new().connect("trading").funnel("demo", FUNNEL)
}

async fn world() -> World {
    World::start(setup()).await
}

fn crm(world: &World) -> SimulatedCrm {
    world.sandbox.of("trading")
}

/// The document's John, under an e-mail address that nobody else has.
fn john(number: u32) -> Value {
    json!({
        "firstname": "John", "lastname": "Doe", "mobilenumber": "+015500475947", "email": format!("johndoe{number}@gmail.com"), "country": "HR",
    })
}

async fn sign_up(world: &World, fields: Value, tracking: Value) -> Answer {
    let form = json!({ "fields": fields, "agreements": [], "tracking": tracking, "locale": "en", "formToken": world.visit().await });
    world.signup(&form).await
}

/// What went over the wire, as far as the document says something of it.
fn wire(request: &Value) -> Value {
    let header = |name: &str| request["headers"].get(name).and_then(Value::as_str);
    let credential = match (header("x-api-key"), header("authorization")) {
        (None, None) => "none".to_owned(),
        (Some(key), None) => format!("key {key}"),
        (None, Some(bearer)) if bearer.starts_with("Bearer ") => "bearer".to_owned(),
        both => format!("{both:?}"),
    };
    let mut wire = json!({ "call": format!("{} {}", request["method"].as_str().unwrap(), request["path"].as_str().unwrap()) });
    wire["credential"] = credential.into();
    if let Some(query) = request.get("query") {
        wire["query"] = query.clone();
    }
    if request["body"] != "" {
        assert_eq!(header("content-type"), Some("application/json"));
        wire["body"] = request["body"].clone();
    }
    wire
}

/// The requests to one path.
async fn to(world: &World, path: &str) -> Vec<Value> {
    crm(world).requests().await.into_iter().filter(|request| request["path"] == path).collect()
}

/// `latchkey connections ask trading …`
async fn ask(world: &World, operation: &str, arguments: &[&str]) -> Ended {
    let mut all = vec!["connections", "ask", "trading", operation];
    for argument in arguments {
        let is_setting = argument.contains('=');
        all.extend(is_setting.then_some("--set").into_iter().chain([*argument]));
    }
    world.latchkey(&all).await
}

/// The answer of what has to be answered.
async fn answered(world: &World, operation: &str, arguments: &[&str]) -> Value {
    let ended = ask(world, operation, arguments).await;
    assert_eq!(ended.code, Some(0), "{operation}: {}", ended.stderr);
    serde_json::from_str(&ended.stdout).expect("JSON")
}

/// Why there is no answer.
async fn unanswered(world: &World, operation: &str, arguments: &[&str]) -> String {
    let ended = ask(world, operation, arguments).await;
    assert_eq!(ended.code, Some(1), "{operation}: {}", ended.stdout);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    ended.stderr
}
