//! Telephone numbers: what is known of them, and how the CRM gets them.

use harness::{LANDING, Setup, World, send};
use reqwest::Method;
use serde_json::{Value, json};

use crate::words::{assert_errors, text};

async fn ask(world: &World, query: &[(&str, &str)]) -> Value {
    let request = world.request(Method::GET, "/api/v1/funnels/demo/phones").query(query).header("origin", LANDING);
    let answer = send(request).await;
    assert_eq!((answer.header("access-control-allow-origin"), answer.header("cache-control")), (LANDING, "no-store"));
    answer.json_of(200)
}

#[tokio::test]
async fn a_number_is_known_by_its_country() {
    let world = World::start(Setup::new()).await;
    let london = json!({ "valid": true, "e164": "+442079460958", "national": "020 7946 0958", "country": "GB" });
    for query in [
        &[("number", "+44 20 7946 0958")][..],
        &[("number", "0044 (20) 7946-0958"), ("country", "DE")],
        &[("number", "020 7946 0958"), ("country", "GB")],
    ] {
        assert_eq!(ask(&world, query).await, london, "{query:?}");
    }
    let message = async |query: &[(&str, &str)]| ask(&world, query).await["message"].clone();
    assert_eq!(message(&[("number", "+44 20 7946")]).await, "This is not a valid phone number (United Kingdom).");
    assert_eq!(
        message(&[("number", "020 7946"), ("country", "GB"), ("locale", "de")]).await,
        "Das ist keine gültige Telefonnummer (Vereinigtes Königreich)."
    );
    let long = "1".repeat(10_000);
    for query in [&[("number", "020 7946 0958")][..], &[("number", "")], &[("number", "call me"), ("country", "GB")], &[("number", &long)]]
    {
        assert_eq!(ask(&world, query).await, json!({ "valid": false }), "{query:?}");
    }
    assert!(!world.logs().contains("7946"), "no number is logged: {}", world.logs());
}

#[tokio::test]
async fn without_a_number_every_dial_code_is_told() {
    let world = World::start(Setup::new()).await;
    let answer = world.get("/api/v1/funnels/demo/phones").await;
    assert_eq!(answer.header("cache-control"), "public, max-age=86400");
    let countries = answer.json()["countries"].clone();
    let all = countries.as_array().expect("a list");
    assert!(all.len() > 230, "{countries}");
    assert!(all.contains(&json!({ "code": "DE", "dial": "49" })) && all.contains(&json!({ "code": "US", "dial": "1" })), "{countries}");
}

#[tokio::test]
async fn a_funnel_that_asks_for_no_number_answers_none() {
    let world = World::start(Setup::new().connect("trading").funnel("mail", MAIL)).await;
    world.get("/api/v1/funnels/mail/phones").await.problem(404, "not-found");
    world.get("/api/v1/funnels/nobody/phones").await.problem(404, "unknown-funnel");
}

const MAIL: &str = r#"
id = "mail"
connection = "trading"
origins = ["https://landing.example"]
steps = [{ id = "contact", fields = [{ name = "email", required = true }] }]
"#;

#[tokio::test]
async fn how_often_an_address_may_ask_is_limited() {
    let world = World::start(Setup::new().limit("visits_per_minute", 2)).await;
    let ask = async || world.get("/api/v1/funnels/demo/phones?number=1").await;
    assert_eq!((ask().await.status, ask().await.status), (200, 200));
    ask().await.problem(429, "too-many");
}

#[tokio::test]
async fn the_crm_gets_a_number_as_it_is_dialled_from_anywhere() {
    let setup = Setup::new().behind_a_proxy().set("server", "country_header", "\"CF-IPCountry\"");
    let world = World::start(setup).await;
    for (number, country, from, expected) in [
        ("+49 (0)30 901820", "GB", "FR", "+4930901820"),
        ("020 7946 0958", "GB", "FR", "+442079460958"),
        ("030 901820", "", "DE", "+4930901820"),
        ("030 901820", "", "XX", "030901820"),
        ("1234567", "GB", "", "1234567"),
    ] {
        let mut form = world.form().await;
        form["fields"]["phone"] = json!(number);
        form["fields"]["billing.country"] = json!(country);
        let answer = send(world.signup_request().header("cf-ipcountry", from).json(&form)).await;
        assert_eq!(answer.status, 201, "{number}: {}", answer.text());
        let sent = world.sandbox.bodies().await;
        assert_eq!(text(sent.last().expect("a body"), "/phone"), expected, "{number} of {country:?} from {from:?}");
    }
}

#[tokio::test]
async fn only_what_surely_is_no_number_is_refused() {
    let world = World::start(Setup::new()).await;
    for (number, code) in [("+44 20 7946", "phone_country"), ("+1 555 550 123 4567", "phone_country")] {
        let mut form = world.form().await;
        form["fields"]["phone"] = json!(number);
        let answer = world.signup(&form).await;
        assert_errors(&answer, &[("phone", code)], number);
        let is_named = text(&answer.problem(422, "invalid"), "/errors/0/message").contains(if number.starts_with("+44") {
            "United Kingdom"
        } else {
            ""
        });
        assert!(is_named, "{}", answer.text());
    }
}
