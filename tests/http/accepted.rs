//! 202: whatever the CRM does, the visitor is thanked, and the signup is kept with its reason.

use harness::{Setup, World, free_port};
use serde_json::{Value, json};

use crate::words::text;

/// Answers of a CRM that is down, overloaded, misconfigured or talks nonsense: the fault, the reason that is kept, and whether the
/// CRM has created the user all the same.
fn faults() -> Vec<(Value, &'static str, bool)> {
    vec![
        (json!({ "kind": "status", "status": 500 }), "outcome-unknown", false),
        (json!({ "kind": "status", "status": 502 }), "outcome-unknown", false),
        (json!({ "kind": "status", "status": 503 }), "outcome-unknown", false),
        (json!({ "kind": "status", "status": 401 }), "misconfigured", false),
        (json!({ "kind": "status", "status": 403 }), "misconfigured", false),
        (json!({ "kind": "status", "status": 404 }), "misconfigured", false),
        (json!({ "kind": "status", "status": 405 }), "misconfigured", false),
        (json!({ "kind": "redirect" }), "outcome-unknown", false),
        (json!({ "kind": "reset-before" }), "outcome-unknown", false),
        (json!({ "kind": "html" }), "outcome-unknown", false),
        (json!({ "kind": "reset-after" }), "outcome-unknown", true),
        (json!({ "kind": "broken-json" }), "outcome-unknown", true),
        (json!({ "kind": "huge-body", "bytes": 50_000_000 }), "outcome-unknown", true),
        (json!({ "kind": "empty" }), "outcome-unknown", true),
    ]
}

#[tokio::test]
async fn the_visitor_is_thanked_whatever_the_crm_does() {
    let world = World::start(Setup::new()).await;
    for (fault, reason, created) in faults() {
        world.sandbox.reset().await;
        world.sandbox.fault(fault.clone()).await;
        let body = world.signup(&world.form().await).await.json_of(202);
        let (id, key) = (text(&body, "/id"), text(&body, "/key"));
        assert_eq!(body, json!({ "id": id, "status": "accepted", "key": key }), "{fault}: nothing else");
        let stored = world.stored(&body["id"]).await;
        assert_eq!((&stored["state"], &stored["reason"]), (&json!("parked"), &json!(reason)), "{fault}");
        assert_eq!(world.sandbox.requests().await.len(), 1, "{fault}: tried once");
        assert_eq!(world.sandbox.users().await.len(), usize::from(created), "{fault}");
    }
}

#[tokio::test]
async fn a_slow_crm_is_not_waited_for_and_still_delivered_to() {
    let world = World::start(Setup::new().patience(200)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 1_500 })).await;
    let body = world.signup(&world.form().await).await.json_of(202);
    assert_eq!(world.stored(&body["id"]).await["state"], "delivering");
    let stored = world.becomes(&body["id"], "registered").await;
    assert_eq!(stored["reason"], Value::Null);
    assert_eq!(world.sandbox.users().await.len(), 1);
}

#[tokio::test]
async fn a_crm_that_never_ends_its_answer_is_given_up() {
    let world = World::start(Setup::new().set("connections.wi", "timeout_seconds", "1")).await;
    for fault in [json!({ "kind": "slow-body", "ms": 20_000 }), json!({ "kind": "delay", "ms": 20_000 })] {
        world.sandbox.fault(fault.clone()).await;
        let body = world.signup(&world.form().await).await.json_of(202);
        let stored = world.stored(&body["id"]).await;
        assert_eq!((&stored["state"], &stored["reason"]), (&json!("parked"), &json!("outcome-unknown")), "{fault}");
    }
}

#[tokio::test]
async fn a_crm_that_is_down_is_told_from_one_that_may_have_heard() {
    let nobody = format!("\"http://127.0.0.1:{}\"", free_port());
    let world = World::start(Setup::new().set("connections.wi", "base_url", &nobody)).await;
    let body = world.signup(&world.form().await).await.json_of(202);
    let stored = world.stored(&body["id"]).await;
    assert_eq!((&stored["state"], &stored["reason"]), (&json!("received"), &json!("crm-unreachable")), "it is tried again");
    assert_eq!(world.get("/readyz").await.status, 200, "a CRM that is down is not our unreadiness");
}

#[tokio::test]
async fn the_operator_sees_the_attempt() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault(json!({ "kind": "status", "status": 500 })).await;
    let form = world.form().await;
    let body = world.signup(&form).await.json_of(202);
    let (id, email) = (text(&body, "/id"), text(&form, "/fields/email"));
    let shown = world.latchkey(&["signups", "show", id]).await;
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    let attempt: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!((&attempt["attempts"][0]["outcome"], &attempt["attempts"][0]["crmStatus"]), (&json!("unknown"), &json!(500)));
    assert!(!shown.stdout.contains(email), "personal data is asked for by name");
    let personal = world.latchkey(&["signups", "show", id, "--personal"]).await;
    assert!(personal.stdout.contains(email) && personal.stdout.contains("Internal server error"), "{}", personal.stdout);
    let table = world.latchkey(&["signups", "list", "--state", "parked"]).await;
    assert!(table.stdout.contains(id) && table.stdout.contains("outcome-unknown"), "{}", table.stdout);
    let none = world.latchkey(&["signups", "list", "--state", "rejected", "--json"]).await;
    assert_eq!(none.stdout.trim(), "[]");
}
