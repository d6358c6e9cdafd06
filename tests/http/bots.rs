//! What looks like a bot's is kept as suspect, answered as accepted, and not delivered.

use harness::{Setup, World};
use serde_json::json;

use crate::words::text;

#[tokio::test]
async fn a_filled_honeypot_is_parked_and_thanked() {
    let world = World::start(Setup::new()).await;
    for value in [json!("https://spam.example"), json!(" "), json!(7), json!(["x"])] {
        let mut form = world.form().await;
        form["fields"]["website"] = value.clone();
        let body = world.signup(&form).await.json_of(202);
        let (id, key) = (text(&body, "/id"), text(&body, "/key"));
        assert_eq!(body, json!({ "id": id, "status": "accepted", "key": key }), "{value}: like any other");
        let stored = world.stored(&body["id"]).await;
        assert_eq!((&stored["state"], &stored["reason"]), (&json!("parked"), &json!("honeypot")), "{value}");
        assert_eq!(world.status(id, key).await.json_of(200)["status"], "accepted");
    }
    assert!(world.sandbox.requests().await.is_empty(), "the CRM is not called");
}

#[tokio::test]
async fn an_empty_honeypot_is_nothing() {
    let world = World::start(Setup::new()).await;
    let mut form = world.form().await;
    form["fields"]["website"] = json!("");
    world.signup(&form).await.json_of(201);
    assert!(!world.sandbox.bodies().await[0].to_string().contains("website"));
}

#[tokio::test]
async fn whoever_is_too_fast_is_parked_and_thanked() {
    let world = World::start(Setup::new().edit("least_fill_ms = 0", "least_fill_ms = 10000")).await;
    let body = world.signup(&world.form().await).await.json_of(202);
    let stored = world.stored(&body["id"]).await;
    assert_eq!((&stored["state"], &stored["reason"]), (&json!("parked"), &json!("too-fast")));
    assert!(world.sandbox.requests().await.is_empty());
}

#[tokio::test]
async fn a_second_is_asked_for_where_the_funnel_says_nothing() {
    let world = World::start(Setup::new().edit("[bots]\nleast_fill_ms = 0", "")).await;
    let fast = world.signup(&world.form().await).await.json_of(202);
    assert_eq!(world.stored(&fast["id"]).await["reason"], "too-fast");
    // Real time has to pass for a person: this is what is tested.
    let form = world.form().await;
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
    world.signup(&form).await.json_of(201);
}

#[tokio::test]
async fn a_suspect_does_not_hold_up_a_person_of_the_same_address() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    let mut trapped = form.clone();
    trapped["fields"]["website"] = json!("x");
    world.signup(&trapped).await.json_of(202);
    world.signup(&form).await.json_of(201);
    assert_eq!(world.sandbox.users().await.len(), 1);
}
