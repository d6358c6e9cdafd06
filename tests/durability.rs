//! What was answered is kept: through `kill -9` at the worst moments, and through an orderly stop.

use std::collections::BTreeMap;

use harness::{Setup, World};
use serde_json::{Value, json};

fn id_and_state(signups: &[Value]) -> BTreeMap<String, (String, Value)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    signups.iter().map(|signup| (text(&signup["id"]), (text(&signup["state"]), signup["reason"].clone()))).collect()
}

#[tokio::test]
async fn killed_right_after_201_it_is_registered() {
    let mut world = World::start(Setup::new()).await;
    let mut ids = Vec::new();
    for round in 1..=6 {
        let form = world.form().await;
        let key = format!("key-{round}");
        let answer = world.signup_with_key(&form, &key).await;
        world.kill();
        let answer = answer.json_of(201);
        ids.push(answer["id"].clone());
        world.restart().await;
        let stored = id_and_state(&world.signups().await);
        assert_eq!(stored.len(), ids.len());
        for id in &ids {
            assert_eq!(stored[id.as_str().unwrap()], ("registered".to_owned(), Value::Null), "round {round}");
        }
        assert_eq!(world.signup_with_key(&form, &key).await.json_of(201), answer, "and its visitor gets the same answer");
        assert_eq!(world.sandbox.requests().await.len(), ids.len(), "nothing is sent twice");
    }
}

#[tokio::test]
async fn killed_right_after_202_it_is_there_with_its_reason() {
    let mut world = World::start(Setup::new()).await;
    world.sandbox.fault_for_good(json!({ "kind": "status", "status": 500 })).await;
    let mut ids = Vec::new();
    for round in 1..=6 {
        let mut form = world.form().await;
        if round % 2 == 0 {
            form["fields"]["website"] = json!("filled in");
        }
        let answer = world.signup(&form).await;
        world.kill();
        let id = answer.json_of(202)["id"].as_str().unwrap().to_owned();
        ids.push((id, if round % 2 == 0 { "honeypot" } else { "outcome-unknown" }));
        world.restart().await;
        let stored = id_and_state(&world.signups().await);
        assert_eq!(stored.len(), ids.len());
        for (id, reason) in &ids {
            assert_eq!(stored[id], ("parked".to_owned(), json!(reason)), "round {round}");
        }
    }
    assert_eq!(world.sandbox.requests().await.len(), 3, "what is parked is not tried by a restart");
}

#[tokio::test]
async fn killed_in_the_middle_of_an_attempt_it_is_parked_as_interrupted() {
    let mut world = World::start(Setup::new().patience(0)).await;
    for round in 1..=3 {
        world.sandbox.fault(json!({ "kind": "delay", "ms": 20_000 })).await;
        let answer = world.signup(&world.form().await).await.json_of(202);
        world.sandbox.received(round).await;
        world.kill();
        world.restart().await;
        let stored = world.becomes(&answer["id"], "parked").await;
        assert_eq!(stored["reason"], "interrupted", "round {round}");
        let (id, key) = (answer["id"].as_str().unwrap(), answer["key"].as_str().unwrap());
        assert_eq!(world.status(id, key).await.json_of(200)["status"], "accepted", "its key still opens it");
    }
    assert_eq!(world.sandbox.requests().await.len(), 3, "it may have arrived, so it is not sent again");
}

#[tokio::test]
async fn interrupted_and_without_its_key_it_is_still_not_sent_again() {
    let mut world = World::start(Setup::new().patience(0)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 20_000 })).await;
    let answer = world.signup(&world.form().await).await.json_of(202);
    world.sandbox.received(1).await;
    world.kill();
    let path = world.folder().join("latchkey.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    std::fs::write(world.folder().join("another.key"), "another-made-up-store-key-0123456789").unwrap();
    std::fs::write(&path, config.replace("env:LATCHKEY_KEY", "file:another.key")).unwrap();
    world.restart().await;
    harness::until("it cannot be opened", async || world.logs().contains("is a key missing").then_some(())).await;
    world.becomes(&answer["id"], "received").await;
    world.terminate();
    world.exit().await;
    std::fs::write(&path, config).unwrap();
    world.restart().await;
    let stored = world.becomes(&answer["id"], "parked").await;
    assert_eq!((stored["reason"].as_str(), world.sandbox.requests().await.len()), (Some("outcome-unknown"), 1));
}

#[tokio::test]
async fn killed_before_any_answer_nothing_is_sent_twice() {
    let mut world = World::start(Setup::new()).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 20_000 })).await;
    let form = world.form().await;
    let request = world.signup_request().header("idempotency-key", "key-1").json(&form);
    let visitor = tokio::spawn(request.send());
    world.sandbox.received(1).await;
    world.kill();
    assert!(visitor.await.unwrap().is_err(), "the visitor has no answer");
    world.restart().await;
    let answer = world.signup_with_key(&form, "key-1").await.json_of(202);
    let stored = world.becomes(&answer["id"], "parked").await;
    assert_eq!(stored["reason"], "interrupted", "it was kept before it was sent");
    assert_eq!((world.sandbox.requests().await.len(), world.signups().await.len()), (1, 1));
}

#[tokio::test]
async fn a_kill_among_many_loses_none_that_was_answered() {
    let mut world = World::start(Setup::new()).await;
    let mut forms = Vec::new();
    for _ in 0..40 {
        forms.push(world.form().await);
    }
    let visitors: Vec<_> = forms.iter().map(|form| tokio::spawn(world.signup_request().json(form).send())).collect();
    world.sandbox.received(10).await;
    world.kill();
    let mut answered = Vec::new();
    for visitor in visitors {
        if let Ok(response) = visitor.await.unwrap() {
            let status = response.status().as_u16();
            // An answer that the kill has cut in the middle is none.
            if let Ok(body) = response.json::<Value>().await {
                answered.push((status, body["id"].clone()));
            }
        }
    }
    world.restart().await;
    harness::until("what was never tried is tried", async || {
        let stored = world.signups().await;
        stored.iter().all(|signup| signup["state"] == "registered" || signup["state"] == "parked").then_some(())
    })
    .await;
    let stored = id_and_state(&world.signups().await);
    assert!(stored.len() >= 10 && stored.len() >= answered.len());
    for (status, id) in answered {
        assert_eq!(status, 201);
        assert_eq!(stored[id.as_str().unwrap()].0, "registered");
    }
    let mut emails: Vec<_> = world.sandbox.users().await.iter().map(|user| user["email"].to_string()).collect();
    let users = emails.len();
    emails.sort();
    emails.dedup();
    assert_eq!(emails.len(), users);
    let (registered, parked): (Vec<_>, Vec<_>) = stored.values().partition(|(state, _)| state == "registered");
    assert!(parked.iter().all(|(_, reason)| *reason == "interrupted"), "{parked:?}");
    assert!(registered.len() <= users && users <= stored.len(), "each that is registered has a user; of the interrupted ones some do");
}

#[tokio::test]
async fn an_orderly_stop_lets_the_visitor_have_their_answer() {
    let mut world = World::start(Setup::new()).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 1_500 })).await;
    let visitor = tokio::spawn(world.signup_request().json(&world.form().await).send());
    world.sandbox.received(1).await;
    world.terminate();
    let response = visitor.await.unwrap().expect("an answer");
    assert_eq!(response.status(), 201);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(world.exit().await.code(), Some(0), "{}", world.logs());
    let stored = world.stored(&answer["id"]).await;
    assert_eq!(stored["state"], "registered");
    world.restart().await;
    let url = answer["next"]["url"].as_str().unwrap();
    assert_eq!(harness::send(world.client.get(url)).await.status, 303, "the ticket works after the restart");
}

#[tokio::test]
async fn an_orderly_stop_ends_attempts_that_nobody_waits_for() {
    let mut world = World::start(Setup::new().patience(0)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 1_500 })).await;
    let answer = world.signup(&world.form().await).await.json_of(202);
    world.sandbox.received(1).await;
    world.terminate();
    assert_eq!(world.exit().await.code(), Some(0), "{}", world.logs());
    assert_eq!(world.stored(&answer["id"]).await["state"], "registered");
}

#[tokio::test]
async fn a_stop_waits_no_longer_than_it_is_told() {
    let mut world = World::start(Setup::new().patience(0).limit("drain_seconds", 1)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 25_000 })).await;
    let answer = world.signup(&world.form().await).await.json_of(202);
    world.sandbox.received(1).await;
    let start = std::time::Instant::now();
    world.terminate();
    assert_eq!(world.exit().await.code(), Some(0), "{}", world.logs());
    assert!(start.elapsed() < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
    world.restart().await;
    assert_eq!(world.becomes(&answer["id"], "parked").await["reason"], "interrupted");
}
