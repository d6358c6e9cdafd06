//! `Idempotency-Key`: the same key gives the same result, and a user is made once.

use harness::{Answer, Setup, World, send};
use serde_json::{Value, json};

use crate::words::{assert_errors, join, text};

/// The same as far as a visitor can tell: a repeated answer has a request id of its own.
fn assert_same(first: &Answer, second: &Answer) {
    assert_eq!((first.status, first.json()), (second.status, second.json()));
    assert_eq!(first.header("content-type"), second.header("content-type"));
}

#[tokio::test]
async fn a_repeated_201_makes_no_second_user() {
    let world = World::start(Setup::new()).await;
    let mut form = world.form().await;
    let first = world.signup_with_key(&form, "key-1").await;
    assert_eq!(first.status, 201);
    assert_same(&first, &world.signup_with_key(&form, "key-1").await);
    // Tokens and the language do not count.
    form["formToken"] = json!("gone");
    form["locale"] = json!("de");
    assert_same(&first, &world.signup_with_key(&form, "key-1").await);
    assert_eq!((world.sandbox.requests().await.len(), world.signups().await.len()), (1, 1));
}

#[tokio::test]
async fn a_repeated_202_is_the_same_and_follows_the_signup() {
    let world = World::start(Setup::new().patience(200)).await;
    world.sandbox.fault(json!({ "kind": "status", "status": 500 })).await;
    let parked = world.form().await;
    let first = world.signup_with_key(&parked, "key-1").await;
    first.json_of(202);
    assert_same(&first, &world.signup_with_key(&parked, "key-1").await);
    world.sandbox.fault(json!({ "kind": "delay", "ms": 1_500 })).await;
    let slow = world.form().await;
    let accepted = world.signup_with_key(&slow, "key-2").await.json_of(202);
    world.becomes(&accepted["id"], "registered").await;
    let registered = world.signup_with_key(&slow, "key-2").await.json_of(201);
    assert_eq!(registered["id"], accepted["id"]);
    assert_eq!(world.sandbox.requests().await.len(), 2);
}

#[tokio::test]
async fn a_repeated_409_and_422_are_the_same() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault(json!({ "kind": "refuse", "message": "already exists" })).await;
    let known = world.form().await;
    let first = world.signup_with_key(&known, "known").await;
    assert_eq!(first.status, 409);
    assert_same(&first, &world.signup_with_key(&known, "known").await);
    world.sandbox.fault(json!({ "kind": "refuse", "message": "Phone is not valid" })).await;
    let refused = world.form().await;
    let first = world.signup_with_key(&refused, "refused").await;
    assert_errors(&first, &[("phone", "refused")], "refused by the CRM");
    assert_same(&first, &world.signup_with_key(&refused, "refused").await);
    assert_eq!(world.sandbox.requests().await.len(), 2);
    let mut wrong = world.form().await;
    wrong["fields"]["email"] = json!("wrong");
    let first = world.signup_with_key(&wrong, "wrong").await;
    assert_errors(&first, &[("email", "email")], "refused by us");
    assert_same(&first, &world.signup_with_key(&wrong, "wrong").await);
}

#[tokio::test]
async fn only_a_stored_signup_binds_its_key() {
    let world = World::start(Setup::new()).await;
    let mut form = world.form().await;
    let email = form["fields"]["email"].take();
    form["fields"]["email"] = json!("wrong");
    assert_eq!(world.signup_with_key(&form, "key-1").await.status, 422);
    form["fields"]["email"] = email;
    assert_eq!(world.signup_with_key(&form, "key-1").await.status, 201, "mended, with the key that the form keeps");
}

#[tokio::test]
async fn a_key_that_comes_with_another_signup_is_refused() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    world.signup_with_key(&form, "key-1").await.json_of(201);
    for (pointer, value) in [
        ("/fields/firstName", json!("John")),
        ("/agreements", json!(["Newsletter", "Terms and Conditions"])),
        ("/tracking", json!({ "gclid": "g" })),
    ] {
        let mut other = form.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        world.signup_with_key(&other, "key-1").await.problem(422, "idempotency-key-reused");
    }
    assert_eq!(world.sandbox.requests().await.len(), 1);
}

#[tokio::test]
async fn a_key_is_bounded() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    for key in ["", " ", "with space", &"k".repeat(256)] {
        world.signup_with_key(&form, key).await.problem(400, "idempotency-key");
    }
    let not_ascii = reqwest::header::HeaderValue::from_bytes("schlüssel".as_bytes()).unwrap();
    send(world.signup_request().header("idempotency-key", not_ascii).json(&form)).await.problem(400, "idempotency-key");
    assert!(world.signups().await.is_empty());
    world.signup_with_key(&form, &"k".repeat(255)).await.json_of(201);
}

#[tokio::test]
async fn a_key_belongs_to_its_funnel() {
    let world = World::start(Setup::new().another_funnel("other")).await;
    world.signup_with_key(&world.form().await, "key-1").await.json_of(201);
    let mut form = world.form().await;
    form["formToken"] = json!(world.visit_of("other").await);
    let request = world.request(reqwest::Method::POST, "/api/v1/funnels/other/signups").header("origin", harness::LANDING);
    send(request.header("idempotency-key", "key-1").json(&form)).await.json_of(201);
    assert_eq!(world.sandbox.users().await.len(), 2);
}

#[tokio::test]
async fn the_same_key_at_once_makes_one_user() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 300 })).await;
    let form = world.form().await;
    let all = (0..8).map(|_| world.signup_with_key(&form, "key-1"));
    let answers = join(all).await;
    let bodies: Vec<Value> = answers.iter().map(|answer| answer.json_of(201)).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    assert!(text(&bodies[0], "/next/url").contains("/go/"));
    assert_eq!((world.sandbox.users().await.len(), world.signups().await.len()), (1, 1));
}
