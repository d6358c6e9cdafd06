//! 503: what cannot be kept is not thanked for, and the same request works when the store is back.

use harness::{Setup, World};
use serde_json::json;

/// The CRM has answered, and what it said cannot be written down for longer than a write waits.
#[tokio::test]
async fn what_the_crm_said_outlasts_a_locked_store() {
    let world = World::start(Setup::new().patience(1)).await;
    world.sandbox.fault(json!({"kind": "delay", "ms": 1500})).await;
    let accepted = world.signup(&world.form().await).await.json_of(202);
    world.sandbox.received(1).await;
    let lock = world.store.lock().await;
    harness::until("the proxy says that it cannot write", async || world.logs().contains("cannot write down").then_some(())).await;
    lock.release().await;
    let stored = world.becomes(&accepted["id"], "registered").await;
    assert_eq!(stored["crmId"], world.sandbox.users().await[0]["id"]);
}

#[tokio::test]
async fn a_store_that_is_locked_is_a_503_and_nothing_is_lost() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    let lock = world.store.lock().await;
    let (signup, ready) = tokio::join!(world.signup_with_key(&form, "key-1"), world.get("/readyz"));
    signup.problem(503, "not-kept");
    assert!(signup.header("retry-after").parse::<u64>().is_ok_and(|wait| wait > 0));
    assert_eq!(ready.status, 503);
    assert_eq!(world.get("/healthz").await.status, 200, "it lives all the same");
    lock.release().await;
    assert!(world.sandbox.requests().await.is_empty(), "the CRM is not called before it is kept");
    world.signup_with_key(&form, "key-1").await.json_of(201);
    assert_eq!(world.get("/readyz").await.status, 200);
}
