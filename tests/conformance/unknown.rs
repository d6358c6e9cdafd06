//! Sign-ups whose answer is lost, and what the CRM then says of them.

use harness::{Answer, Setup, SimulatedCrm, World, send, until};
use serde_json::{Value, json};

/// A connection that is tried again soon. `settle_ms` is how long its CRM may work on after the answer was lost.
pub(crate) fn impatient(setup: Setup, connection: &str, settle_ms: u32) -> Setup {
    let connection = format!("connections.{connection}");
    let setup = setup.set(&connection, "timeout_seconds", "1").set(&connection, "settle_ms", &settle_ms.to_string());
    let delivery = [("first_pause_ms", 100), ("longest_pause_ms", 300), ("breaker_pause_ms", 100), ("breaker_longest_pause_ms", 300)];
    delivery.iter().fold(setup, |setup, (key, value)| setup.set("delivery", key, &value.to_string()))
}

/// A connection that is tried once, whatever comes of it, so that it can be seen what that was.
pub(crate) fn tried_once(setup: Setup, connection: &str) -> Setup {
    const HOUR_MS: u32 = 3_600_000;
    let setup = impatient(setup, connection, HOUR_MS).set("delivery", "breaker_failures", "1000").patience(1_500);
    setup.set("delivery", "first_pause_ms", &HOUR_MS.to_string()).set("delivery", "longest_pause_ms", &HOUR_MS.to_string())
}

/// Waits until the operator is told of that signup in that state, for that reason.
pub(crate) async fn ends(world: &World, id: &Value, state: &str, reason: &str, of: &Value) {
    until(&format!("{of} ends as {state}, {reason}"), async || {
        let stored = world.stored(id).await;
        (stored["state"] == state && stored["reason"].as_str().unwrap_or_default() == reason).then_some(())
    })
    .await;
}

/// A CRM that creates whoever it is sent, known or not: it would show who is sent twice.
pub(crate) async fn creates_repeats(world: &World, crm: &str) {
    control(world, crm, "repeats", json!({"created": true})).await;
}

/// Puts a CRM's clock forward, or back.
pub(crate) async fn put_clock(world: &World, crm: &str, ahead_seconds: i64) {
    control(world, crm, "clock", json!({"aheadSeconds": ahead_seconds})).await;
}

async fn control(world: &World, crm: &str, what: &str, body: Value) {
    let answer = send(world.client.post(format!("{}/_control/{crm}/{what}", world.sandbox.origin)).json(&body)).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
}

/// Faults, and how often somebody is sent until they are registered once. The first strikes the sign-up, the others what comes after.
pub(crate) fn cases() -> Vec<(Vec<Value>, usize)> {
    let lost = || json!({"kind": "reset-after"});
    vec![
        // It arrived, and the answer did not.
        (vec![lost()], 1),
        (vec![json!({"kind": "broken-json"})], 1),
        (vec![json!({"kind": "empty"})], 1),
        (vec![json!({"kind": "slow-body", "ms": 3_000})], 1),
        // It did not arrive, which nobody could tell from the answer.
        (vec![json!({"kind": "reset-before"})], 2),
        (vec![json!({"kind": "status", "status": 500})], 2),
        (vec![json!({"kind": "html"})], 2),
        // The look-up has no answer either, several times.
        (vec![lost(), json!({"kind": "html"}), json!({"kind": "status", "status": 503}), json!({"kind": "reset-before"})], 1),
        (vec![lost(), json!({"kind": "rate-limited", "retryAfterSeconds": 1}), json!({"kind": "broken-json"})], 1),
        (vec![lost(), json!({"kind": "nulls"}), json!({"kind": "other-types"})], 1),
    ]
}

/// A CRM that creates somebody after the proxy has lost patience.
pub(crate) fn slow() -> Value {
    json!({"kind": "delay", "ms": 1_500})
}

/// How long after that it is surely done.
pub(crate) const SETTLE_MS: u32 = 1_500;

/// What the operator sees of a signup once it is registered, and the CRM's one user of that e-mail with it.
pub(crate) async fn registered_once(world: &World, crm: &SimulatedCrm, answer: &Answer, email: &Value) -> Value {
    assert!(matches!(answer.status, 201 | 202), "{}", answer.text());
    let id = answer.json()["id"].clone();
    let stored = world.becomes(&id, "registered").await;
    let users: Vec<_> = crm.users().await.into_iter().filter(|user| user["email"] == *email).collect();
    assert_eq!(users.len(), 1, "{users:#?}");
    assert_eq!(stored["crmId"], users[0]["id"]);
    stored
}

/// How often the CRM was sent somebody of that e-mail at that path.
pub(crate) async fn times_sent(crm: &SimulatedCrm, path: &str, email: &Value) -> usize {
    crm.requests().await.iter().filter(|request| request["path"] == path && request["body"]["email"] == *email).count()
}
