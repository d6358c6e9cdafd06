//! What each kind of field takes, and what becomes of it in the CRM.

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::words::{assert_errors, text};

const FUNNEL: &str = r#"
id = "demo"
connection = "wi"
origins = ["https://landing.example"]
locales = ["en", "de"]
[[steps]]
id = "contact"
fields = [
    { name = "email", required = true },
    { name = "emailAgain", kind = "email", required = true, matches = "email", label = "E-mail once more" },
    { name = "phone", required = true },
    { name = "firstName", required = true, min_length = 2, messages = { min_length = { en = "Your whole name ({min}+), please.", de = "Bitte ganz." } } },
    { name = "gender", kind = "radio", options = ["f", "m"] },
    { name = "nationality", kind = "several", options = ["gold", "oil", "gas"] },
    { name = "billing.postcode", kind = "number", min = -1.5, max = 99 },
    { name = "dateOfBirth", min = "1950-01-01" },
    { name = "middleName", kind = "hidden", default = "spring", from_url = "campaign", max_length = 10 },
    { name = "passport", kind = "hidden", read_only = true, default = "constant" },
]
[bots]
least_fill_ms = 0
"#;

async fn start() -> World {
    World::start(Setup::new().funnel("demo", FUNNEL)).await
}

async fn form(world: &World) -> Value {
    let mut form = world.form().await;
    form["fields"]["emailAgain"] = form["fields"]["email"].clone();
    form["agreements"] = json!([]);
    form
}

#[tokio::test]
async fn each_kind_reaches_the_crm_as_it_is_meant() {
    let world = start().await;
    let mut form = form(&world).await;
    let email = text(&form, "/fields/email").to_owned();
    form["fields"]["emailAgain"] = json!(email.replacen('j', "J", 1));
    for (name, value) in [
        ("gender", "m"),
        ("nationality", "gas,gold,gas"),
        ("billing.postcode", "-1.50"),
        ("dateOfBirth", "1950-01-01"),
        ("middleName", "autumn"),
        ("passport", "the page's"),
    ] {
        form["fields"][name] = json!(value);
    }
    world.signup(&form).await.json_of(201);
    let sent = &world.sandbox.bodies().await[0];
    for (member, value) in [
        ("/email", email.as_str()),
        ("/gender", "m"),
        ("/nationality", "gold,gas"),
        ("/billing/postcode", "-1.50"),
        ("/dateOfBirth", "1950-01-01"),
        ("/middleName", "autumn"),
        ("/passport", "constant"),
    ] {
        assert_eq!(text(sent, member), value, "{member} of {sent}");
    }
    assert!(sent.get("emailAgain").is_none(), "a repeated field is checked, and not sent: {sent}");
}

#[tokio::test]
async fn what_breaks_a_rule_is_told_on_its_field() {
    let world = start().await;
    for (field, value, code) in [
        ("emailAgain", "", "required"),
        ("emailAgain", "another@mail.example", "matches"),
        ("firstName", "J", "min_length"),
        ("gender", "x", "option"),
        ("nationality", "gold,silver", "option"),
        ("nationality", "gold,", "option"),
        ("billing.postcode", "-1.51", "range"),
        ("billing.postcode", "99.1", "range"),
        ("billing.postcode", "1e1", "number"),
        ("dateOfBirth", "1949-12-31", "range_min"),
    ] {
        let mut form = form(&world).await;
        form["fields"][field] = json!(value);
        assert_errors(&world.signup(&form).await, &[(field, code)], &format!("{field} = {value:?}"));
    }
    assert!(world.sandbox.requests().await.is_empty(), "nothing of it reached the CRM");
}

#[tokio::test]
async fn a_funnel_says_in_its_own_words_what_is_wrong() {
    let world = start().await;
    let message = async |locale: &str, field: &str, value: &str| {
        let mut form = form(&world).await;
        form["locale"] = json!(locale);
        form["fields"][field] = json!(value);
        text(&world.signup(&form).await.problem(422, "invalid"), "/errors/0/message").to_owned()
    };
    assert_eq!(message("en", "firstName", "J").await, "Your whole name (2+), please.");
    assert_eq!(message("de", "firstName", "J").await, "Bitte ganz.");
    assert!(message("en", "firstName", "").await.starts_with("First name"), "ours, where it has none");
    assert!(message("en", "emailAgain", "a@mail.example").await.contains("E-mail"), "the field that it has to match is named");
}

#[tokio::test]
async fn what_is_hidden_never_stands_in_a_visitors_way() {
    let world = start().await;
    for value in [json!(""), json!("much too long for that field"), json!("a\u{0}b"), json!(7)] {
        let mut form = form(&world).await;
        form["fields"]["middleName"] = value.clone();
        assert_eq!(world.signup(&form).await.status, 201, "{value}");
    }
    let sent = world.sandbox.bodies().await;
    assert_eq!(sent.iter().map(|body| text(body, "/middleName")).collect::<Vec<_>>(), ["spring"; 4]);
}

#[tokio::test]
async fn a_widget_is_told_the_rules() {
    let world = start().await;
    let view = world.get("/api/v1/funnels/demo?locale=en").await.json();
    let field = |name: &str| {
        let fields = view["steps"][0]["fields"].as_array().expect("fields");
        fields.iter().find(|field| field["name"] == name).cloned().unwrap_or_else(|| panic!("no {name} in {view}"))
    };
    assert_eq!((&field("emailAgain")["matches"], &field("emailAgain")["kind"]), (&json!("email"), &json!("email")));
    assert_eq!((&field("billing.postcode")["min"], &field("billing.postcode")["max"]), (&json!("-1.5"), &json!("99")));
    assert_eq!(field("firstName")["minLength"], 2);
    assert_eq!(field("nationality")["kind"], "several");
    assert!(view.get("framed").is_none(), "{view}");
}
