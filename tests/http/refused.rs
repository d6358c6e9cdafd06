//! 409 and 422 of the CRM's making: an e-mail that it knows, a field that it refuses.

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::words::{assert_errors, text};

#[tokio::test]
async fn a_known_email_is_told_with_the_log_in_page() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    world.signup(&form).await.json_of(201);
    let mut again = world.form().await;
    again["fields"]["email"] = json!(text(&form, "/fields/email").to_uppercase());
    let problem = world.signup(&again).await.problem(409, "known-email");
    assert_eq!(problem["next"], json!({ "kind": "login", "url": "https://broker.example/login" }));
    assert_eq!((text(&problem, "/errors/0/field"), text(&problem, "/errors/0/code")), ("email", "known_email"));
    assert_eq!(world.sandbox.users().await.len(), 1);
    let newest = &world.signups().await[0];
    assert_eq!((&newest["state"], &newest["reason"]), (&json!("rejected"), &json!("known-email")));
}

#[tokio::test]
async fn without_a_log_in_page_none_is_offered() {
    let world = World::start(Setup::new().edit("login_url = \"https://broker.example/login\"", "")).await;
    world.sandbox.fault(json!({ "kind": "refuse", "message": "This user already exists." })).await;
    let problem = world.signup(&world.form().await).await.problem(409, "known-email");
    assert_eq!(problem.get("next"), None);
}

#[tokio::test]
async fn a_quiet_funnel_does_not_tell_who_is_a_client() {
    let world = World::start(Setup::new().edit("affiliate = \"a-17\"", "affiliate = \"a-17\"\nknown_email = \"quiet\"")).await;
    let form = world.form().await;
    world.signup(&form).await.json_of(201);
    let body = world.signup(&form).await.json_of(202);
    let (id, key) = (text(&body, "/id"), text(&body, "/key"));
    assert_eq!(body, json!({ "id": id, "status": "accepted", "key": key }));
    assert_eq!(world.stored(&body["id"]).await["reason"], "known-email");
    let status = world.status(id, key).await;
    assert_eq!(status.json_of(200)["status"], "accepted", "nor does its status");
}

#[tokio::test]
async fn a_refused_field_is_told_on_the_field_in_our_words() {
    let world = World::start(Setup::new()).await;
    for (message, field, code) in [
        ("Phone number is not valid", "phone", "refused"),
        ("Field \"firstName\" must be a string", "firstName", "refused"),
        ("Email is blacklisted by made-up-provider", "email", "refused"),
        ("Country is not served", "billing.country", "refused"),
        // A field that this funnel does not have, several, none.
        ("Passport is required", "", "refused"),
        ("Email, phone and first name are required", "", "refused"),
        ("Computer says no", "", "refused"),
    ] {
        world.sandbox.fault(json!({ "kind": "refuse", "message": message })).await;
        let answer = world.signup(&world.form().await).await;
        assert_errors(&answer, &[(field, code)], message);
        assert!(!answer.text().contains(message) && !answer.text().contains("made-up-provider"), "in our words: {}", answer.text());
        let newest = &world.signups().await[0];
        assert_eq!(newest["state"], "rejected", "{message}");
        let reason = if matches!(field, "") && !message.starts_with("Passport") { "signup-refused" } else { "field-refused" };
        assert_eq!(newest["reason"], reason, "{message}");
    }
    assert!(world.sandbox.users().await.is_empty());
}

#[tokio::test]
async fn a_refusal_without_a_reason_is_no_refusal() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault(json!({ "kind": "status", "status": 418 })).await;
    let body = world.signup(&world.form().await).await.json_of(202);
    let stored = world.stored(&body["id"]).await;
    assert_eq!((&stored["state"], &stored["reason"]), (&json!("parked"), &json!("outcome-unknown")));
    assert_ne!(stored["id"], Value::Null);
}
