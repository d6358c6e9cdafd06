//! What becomes of a signup whose first attempt did not settle it.

use std::time::{Duration, Instant};

use harness::{Setup, World, until};
use serde_json::{Value, json};

fn rate_limited(seconds: u32) -> Value {
    json!({ "kind": "rate-limited", "retryAfterSeconds": seconds })
}

/// The outcomes of a signup's attempts, the first one first.
async fn outcomes(world: &World, id: &Value) -> Vec<String> {
    let shown = world.latchkey(&["signups", "show", id.as_str().expect("an id")]).await;
    let shown: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    let attempts = shown["attempts"].as_array().expect("a list");
    attempts.iter().map(|attempt| attempt["outcome"].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test]
async fn what_surely_did_not_arrive_is_tried_again_until_it_does() {
    let world = World::start(Setup::new()).await;
    for _ in 0..3 {
        world.sandbox.fault(rate_limited(0)).await;
    }
    let answer = world.signup(&world.form().await).await.json_of(202);
    let stored = world.becomes(&answer["id"], "registered").await;
    assert_eq!(stored["reason"], Value::Null);
    assert_eq!(outcomes(&world, &answer["id"]).await, ["failed", "failed", "failed", "sent"]);
    assert_eq!(world.sandbox.users().await.len(), 1);
    let (id, key) = (answer["id"].as_str().unwrap(), answer["key"].as_str().unwrap());
    let status = world.status(id, key).await.json_of(200);
    assert_eq!((&status["status"], &status["next"]["kind"]), (&json!("registered"), &json!("redirect")), "a page that still waits goes on");
}

#[tokio::test]
async fn what_the_crm_refuses_later_is_told_where_the_signup_is_asked_for() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault(rate_limited(0)).await;
    world.sandbox.fault(json!({ "kind": "refuse", "message": "Phone number is not valid" })).await;
    let answer = world.signup(&world.form().await).await.json_of(202);
    world.becomes(&answer["id"], "rejected").await;
    let (id, key) = (answer["id"].as_str().unwrap(), answer["key"].as_str().unwrap());
    let status = world.status(id, key).await.json_of(200);
    assert_eq!((&status["status"], &status["errors"][0]["field"]), (&json!("rejected"), &json!("phone")));
}

#[tokio::test]
async fn a_crm_that_asks_for_patience_gets_it() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault(rate_limited(2)).await;
    let start = Instant::now();
    let first = world.signup(&world.form().await).await.json_of(202);
    let second = world.signup(&world.form().await).await.json_of(202);
    assert!(start.elapsed() < Duration::from_secs(2), "nobody waits for a CRM that is left alone");
    assert_eq!(world.sandbox.requests().await.len(), 1, "the second is not even tried");
    assert_eq!(world.stored(&second["id"]).await["state"], "received");
    for answer in [&first, &second] {
        world.becomes(&answer["id"], "registered").await;
    }
    assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(world.sandbox.requests().await.len(), 3);
}

#[tokio::test]
async fn a_signup_is_given_up_at_its_time_and_parked() {
    let world = World::start(Setup::new().set("delivery", "give_up_after_seconds", "1")).await;
    world.sandbox.fault_for_good(rate_limited(0)).await;
    let answer = world.signup(&world.form().await).await.json_of(202);
    let stored = world.becomes(&answer["id"], "parked").await;
    assert_eq!(stored["reason"], "crm-unreachable");
    assert!(outcomes(&world, &answer["id"]).await.len() > 1, "it was tried more than once");

    world.sandbox.no_faults().await;
    let retried = world.latchkey(&["signups", "retry", answer["id"].as_str().unwrap()]).await;
    assert_eq!(retried.code, Some(0), "{}", retried.stderr);
    world.becomes(&answer["id"], "registered").await;
    assert_eq!(world.sandbox.users().await.len(), 1);
}

#[tokio::test]
async fn a_crm_that_fails_is_left_alone_and_the_queue_drains_when_it_is_back() {
    let setup = Setup::new().set("delivery", "breaker_failures", "3").set("delivery", "breaker_pause_ms", "700");
    let world = World::start(setup).await;
    world.sandbox.fault_for_good(rate_limited(0)).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.signup(&world.form().await).await.json_of(202)["id"].clone());
    }
    let tried = world.sandbox.requests().await.len();
    for _ in 0..7 {
        ids.push(world.signup(&world.form().await).await.json_of(202)["id"].clone());
    }
    let later = world.sandbox.requests().await.len();
    assert!(later <= tried + 2, "ten are waiting, and one at a time tries: {later} requests, of which {tried} were before");
    world.sandbox.no_faults().await;
    for id in &ids {
        world.becomes(id, "registered").await;
    }
    assert_eq!(world.sandbox.users().await.len(), 10);
}

#[tokio::test]
async fn what_may_have_arrived_is_sent_again_only_where_the_funnel_says_so() {
    let retry = Setup::new().edit("id = \"demo\"", "id = \"demo\"\non_unknown = \"retry\"");
    for (setup, outcome) in [(Setup::new(), vec!["unknown"]), (retry, vec!["unknown", "sent"])] {
        let world = World::start(setup).await;
        world.sandbox.fault(json!({ "kind": "status", "status": 500 })).await;
        let answer = world.signup(&world.form().await).await.json_of(202);
        let state = if outcome.len() == 1 { "parked" } else { "registered" };
        world.becomes(&answer["id"], state).await;
        assert_eq!(outcomes(&world, &answer["id"]).await, outcome);
    }
}

#[tokio::test]
async fn whoever_signs_up_now_does_not_wait_behind_those_who_are_thanked_already() {
    let setup = Setup::new().set("connections.wi", "at_once", "4").patience(3_000);
    let world = World::start(setup).await;
    // Twelve whose attempts take long: three at a time, and one slot for whoever comes now.
    let hang = json!({ "kind": "delay", "ms": 2_000 });
    for _ in 0..3 {
        world.sandbox.fault(rate_limited(0)).await;
    }
    let mut waiting = Vec::new();
    for _ in 0..3 {
        waiting.push(world.signup(&world.form().await).await.json_of(202)["id"].clone());
    }
    for _ in 0..3 {
        world.sandbox.fault(hang.clone()).await;
    }
    until("those who wait are tried again", async || (world.sandbox.requests().await.len() >= 6).then_some(())).await;
    let start = Instant::now();
    world.signup(&world.form().await).await.json_of(201);
    assert!(start.elapsed() < Duration::from_millis(1_500), "{:?}", start.elapsed());
    for id in &waiting {
        world.becomes(id, "registered").await;
    }
}

#[tokio::test]
async fn a_key_answers_the_same_after_a_restart_and_while_a_signup_waits() {
    let mut world = World::start(Setup::new()).await;
    world.sandbox.fault_for_good(rate_limited(0)).await;
    let form = world.form().await;
    let first = world.signup_with_key(&form, "key-1").await.json_of(202);
    world.kill();
    world.restart().await;
    let again = world.signup_with_key(&form, "key-1").await.json_of(202);
    assert_eq!(again["id"], first["id"]);
    let mut other = form.clone();
    other["fields"]["firstName"] = json!("John");
    assert_eq!(world.signup_with_key(&other, "key-1").await.status, 422);
    let mut somebody = world.form().await;
    somebody["fields"]["email"] = form["fields"]["email"].clone();
    let second = world.signup(&somebody).await.json_of(202);
    assert_eq!(second, json!({ "status": "accepted" }), "whoever comes second is told nothing of the first");
    world.sandbox.no_faults().await;
    world.becomes(&first["id"], "registered").await;
    assert_eq!(world.sandbox.users().await.len(), 1);
    assert_eq!(world.signup_with_key(&form, "key-1").await.json_of(201)["id"], first["id"]);
}
