//! `latchkey signups reconcile`: what the CRM says of signups that may have arrived. Nothing is sent.

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::people::{given_up, parked, show, sign_up, signups, text, with_bucket};

async fn reconcile(world: &World, arguments: &[&str]) -> Vec<String> {
    let ended = signups(world, &[&["reconcile"], arguments].concat()).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    ended.stdout.lines().map(str::to_owned).collect()
}

fn line(id: &Value, word: &str) -> String {
    format!("{}  {word}", text(id))
}

async fn times_sent(world: &World, id: &Value) -> usize {
    world.sandbox.bodies().await.iter().filter(|body| body["externalId"] == *id).count()
}

#[tokio::test]
async fn who_has_arrived_is_registered_and_who_has_not_can_be_sent() {
    let world = with_bucket().await;
    let arrived = given_up(&world, json!({ "kind": "reset-after" })).await;
    let absent = given_up(&world, json!({ "kind": "reset-before" })).await;
    assert_eq!(reconcile(&world, &["--reason", "outcome-unknown"]).await, [line(&absent, "absent"), line(&arrived, "arrived")]);
    let stored = world.stored(&arrived).await;
    assert_eq!((&stored["state"], &stored["reason"]), (&json!("registered"), &json!("looked-up")));
    assert_eq!(stored["crmId"], world.sandbox.users().await[0]["id"]);
    let stored = world.stored(&absent).await;
    assert_eq!((&stored["state"], &stored["reason"]), (&json!("parked"), &json!("crm-unreachable")), "it surely did not arrive");
    assert_eq!((times_sent(&world, &arrived).await, times_sent(&world, &absent).await), (1, 1), "nothing was sent");
    assert_eq!(reconcile(&world, &[text(&arrived)]).await, [line(&arrived, "not-parked")]);
    assert_eq!(signups(&world, &["retry", "--all"]).await.stdout, "1 to be delivered again\n");
    world.becomes(&absent, "registered").await;
    assert_eq!((times_sent(&world, &absent).await, world.sandbox.users().await.len()), (2, 2));
}

#[tokio::test]
async fn a_crm_that_does_not_answer_leaves_it_as_it_was() {
    let world = with_bucket().await;
    let id = given_up(&world, json!({ "kind": "reset-after" })).await;
    world.sandbox.fault(json!({ "kind": "status", "status": 503 })).await;
    assert_eq!(reconcile(&world, &["--all"]).await, [line(&id, "unanswered")]);
    let stored = world.stored(&id).await;
    assert_eq!((&stored["state"], &stored["reason"]), (&json!("parked"), &json!("outcome-unknown")));
    assert_eq!(reconcile(&world, &["--all"]).await, [line(&id, "arrived")], "and it can be asked again");
}

#[tokio::test]
async fn a_crm_that_cannot_tell_says_so() {
    let world = World::start(Setup::new()).await;
    let id = parked(&world, "demo", json!({ "kind": "reset-after" })).await;
    let registered = sign_up(&world, "demo", |_| {}).await.json_of(201)["id"].clone();
    let missing = json!("01997f3a-0000-7000-8000-000000000000");
    let lines = reconcile(&world, &[text(&id), text(&registered), text(&missing)]).await;
    assert_eq!(lines, [line(&id, "untold"), line(&registered, "not-parked"), line(&missing, "not-parked")]);
    assert_eq!((&world.stored(&id).await["reason"], world.sandbox.requests().await.len()), (&json!("outcome-unknown"), 2));
}

/// A proxy takes over what another run left in the middle of an attempt. An operator's look-up is none of that.
#[tokio::test]
async fn the_proxy_leaves_an_operators_look_up_alone() {
    let world = with_bucket().await;
    let id = given_up(&world, json!({ "kind": "reset-before" })).await;
    // Longer than the proxy takes to look for what others left: a third of its lease.
    world.sandbox.fault(json!({ "kind": "delay", "ms": 4_000 })).await;
    assert_eq!(reconcile(&world, &[text(&id)]).await, [line(&id, "absent")]);
    let shown = show(&world, &id, &[]).await;
    assert_eq!((&shown["state"], &shown["reason"]), (&json!("parked"), &json!("crm-unreachable")));
    assert_eq!(times_sent(&world, &id).await, 1, "nothing was sent");
}
