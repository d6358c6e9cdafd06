//! A password that the visitor chooses: typed into our own pages only, sent to the CRM that takes one, and kept no longer than that.

use harness::{Setup, World, send};
use reqwest::Method;
use serde_json::{Value, json};

use crate::words::{assert_errors, text};

const FUNNEL: &str = r#"
id = "client"
connection = "trading"
isolation = "frame"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
fields = [
    { name = "email", required = true },
    { name = "password", required = true, min_length = 8, needs = ["upper", "digit"] },
    { name = "password_repeat", kind = "password", required = true, matches = "password" },
]
[finish]
kind = "message"
[bots]
least_fill_ms = 0
"#;

const TYPED: &str = " Made up 1 ";

fn setup() -> Setup {
    Setup::new().connect("trading").funnel("client", FUNNEL).patience(20_000)
}

async fn sign_up(world: &World, email: &str, password: &str, repeated: &str) -> harness::Answer {
    let body = json!({
        "fields": { "email": email, "password": password, "password_repeat": repeated },
        "formToken": world.visit_of("client").await,
    });
    send(world.request(Method::POST, "/api/v1/funnels/client/signups").header("origin", harness::LANDING).json(&body)).await
}

#[tokio::test]
async fn a_chosen_password_reaches_the_crm_and_is_shown_to_nobody() {
    let world = World::start(setup()).await;
    let crm = world.sandbox.of("trading");
    let view = world.get("/api/v1/funnels/client").await.json();
    assert_eq!((&view["framed"], &view["steps"][0]["fields"][1]["kind"]), (&json!(true), &json!("password")));
    assert_eq!(view["steps"][0]["fields"][1]["needs"], json!(["upper", "digit"]));
    // Kept while the CRM is away, since it is still to be delivered.
    crm.fault(json!({ "kind": "status", "status": 503 })).await;
    let answer = sign_up(&world, "jane@mail.example", TYPED, TYPED).await;
    assert!([201, 202].contains(&answer.status), "{}", answer.text());
    let id = answer.json()["id"].clone();
    world.becomes(&id, "registered").await;
    let sent =
        crm.requests().await.into_iter().rev().map(|request| request["body"].clone()).find(|body| body["email"] == "jane@mail.example");
    let sent: Value = sent.expect("a request");
    assert_eq!(text(&sent, "/password"), TYPED, "as it was typed, spaces too");
    assert!(sent.get("password_repeat").is_none(), "{sent}");
    for arguments in [
        &["signups", "show", id.as_str().expect("an id"), "--personal"][..],
        &["signups", "export", "--personal"],
        &["signups", "export", "--personal", "--format", "json"],
    ] {
        let ended = world.latchkey(arguments).await;
        assert!(ended.stdout.contains("jane@mail.example") && !ended.stdout.contains("Made up"), "{arguments:?}: {}", ended.stdout);
    }
    assert!(!world.logs().contains("Made up"), "{}", world.logs());
}

#[tokio::test]
async fn a_password_obeys_its_rules() {
    let world = World::start(setup()).await;
    for (password, repeated, errors) in [
        ("made up 1", "made up 1", &[("password", "password")][..]),
        ("Made1", "Made1", &[("password", "min_length")]),
        (TYPED, TYPED.trim(), &[("password_repeat", "matches")]),
        ("", "", &[("password", "required"), ("password_repeat", "required")]),
    ] {
        let answer = sign_up(&world, "jane@mail.example", password, repeated).await;
        assert_errors(&answer, errors, password);
        assert!(password.is_empty() || !answer.text().contains(password), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_crm_that_repeats_a_password_is_not_repeated() {
    let world = World::start(setup()).await;
    let crm = world.sandbox.of("trading");
    crm.fault(json!({ "kind": "refuse", "message": format!("the password \"{TYPED}\" is too simple") })).await;
    let answer = sign_up(&world, "jane@mail.example", TYPED, TYPED).await;
    assert_errors(&answer, &[("password", "refused")], "it is the visitor's to mend");
    let id = world.signups().await[0]["id"].clone();
    let shown = world.latchkey(&["signups", "show", id.as_str().expect("an id"), "--personal"]).await.stdout;
    assert!(shown.contains("is too simple") && !shown.contains("Made up"), "{shown}");
}
