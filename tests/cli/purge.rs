//! `latchkey signups purge` and `consents`: a person's request to be forgotten.

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::people::{email, sign_up, signups, text};

async fn json_of(world: &World, arguments: &[&str]) -> (Option<i32>, Value, String) {
    let ended = signups(world, arguments).await;
    (ended.code, serde_json::from_str(&ended.stdout).expect("JSON"), ended.stderr)
}

#[tokio::test]
async fn whoever_asks_is_forgotten_with_a_receipt_and_what_they_agreed_to_stays() {
    let world = World::start(Setup::new()).await;
    let id = sign_up(&world, "demo", |_| {}).await.json_of(201)["id"].clone();
    let other = sign_up(&world, "demo", |_| {}).await.json_of(201)["id"].clone();
    let email = email(&world, &id).await;
    let (code, before, _) = json_of(&world, &["consents", "--email", &email]).await;
    assert_eq!((code, before), (Some(0), json!([])), "it is with the signup until that goes");

    let shouted = format!(" {} ", email.to_uppercase());
    let (code, receipt, stderr) = json_of(&world, &["purge", "--email", &shouted]).await;
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert_eq!((&receipt["forgotten"], &receipt["underWay"], &receipt["consentsKept"]), (&json!([id]), &json!([]), &json!(1)));
    assert!(text(&receipt["at"]).ends_with('Z') && !receipt.to_string().contains(&email), "{receipt}");
    let left = world.signups().await;
    assert_eq!((left.len(), &left[0]["id"]), (1, &other));
    assert_eq!(signups(&world, &["show", text(&id)]).await.code, Some(1));

    let (code, receipt, stderr) = json_of(&world, &["purge", "--email", &email]).await;
    assert_eq!((code, &receipt["forgotten"], stderr.as_str()), (Some(0), &json!([]), "nobody is kept who signed up with that\n"));
    let (_, consents, _) = json_of(&world, &["consents", "--email", &email]).await;
    assert_eq!(consents.as_array().map(Vec::len), Some(1), "{consents}");
    assert_eq!((&consents[0]["signup"], &consents[0]["agreement"]), (&id, &json!("Terms and Conditions")));
    assert_eq!(consents[0]["network"], "127.0.0.0/24");
    assert!(text(&consents[0]["textHash"]).len() == 64 && !consents.to_string().contains(&email), "{consents}");
    let (code, nobodys, _) = json_of(&world, &["consents", "--email", "nobody@mail.example"]).await;
    assert_eq!((code, nobodys), (Some(0), json!([])));
}

#[tokio::test]
async fn nobody_is_forgotten_in_the_middle_of_being_handed_over() {
    let world = World::start(Setup::new().patience(0)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 3_000 })).await;
    let id = sign_up(&world, "demo", |_| {}).await.json_of(202)["id"].clone();
    world.sandbox.received(1).await;
    let email = email(&world, &id).await;
    let (code, receipt, stderr) = json_of(&world, &["purge", "--email", &email]).await;
    assert_eq!((code, &receipt["forgotten"], &receipt["underWay"]), (Some(1), &json!([]), &json!([id])));
    assert_eq!(stderr, "latchkey: 1 being handed over at this moment: run it again in a minute\n");
    world.becomes(&id, "registered").await;
    let (code, receipt, _) = json_of(&world, &["purge", "--email", &email]).await;
    assert_eq!((code, &receipt["forgotten"]), (Some(0), &json!([id])));
}

#[tokio::test]
async fn one_person_is_named_in_one_way() {
    let world = World::start(Setup::new()).await;
    for wrong in [&["purge"][..], &["consents"], &["purge", "--email", "jane@mail.example", "--phone", "+442079460958"]] {
        assert_eq!(signups(&world, wrong).await.code, Some(2), "{wrong:?}");
    }
}
