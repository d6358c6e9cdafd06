//! `GET /api/v1/signups/{id}`: what became of it, for whoever holds the key.

use harness::{LANDING, Setup, World, send};
use reqwest::Method;
use serde_json::json;

use crate::words::text;

#[tokio::test]
async fn a_page_can_ask_until_it_is_registered() {
    let world = World::start(Setup::new().patience(100)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 1_500 })).await;
    let accepted = world.signup(&world.form().await).await.json_of(202);
    let (id, key) = (text(&accepted, "/id"), text(&accepted, "/key"));
    assert_eq!(world.status(id, key).await.json_of(200), accepted);
    world.becomes(&accepted["id"], "registered").await;
    let registered = world.status(id, key).await.json_of(200);
    let url = text(&registered, "/next/url");
    assert_eq!(registered, json!({ "id": id, "status": "registered", "next": { "kind": "redirect", "url": url } }));
    assert_eq!(send(world.client.get(url)).await.status, 303);
}

#[tokio::test]
async fn a_page_is_told_of_a_late_refusal() {
    let world = World::start(Setup::new().patience(0)).await;
    world.sandbox.fault(json!({ "kind": "refuse", "message": "Phone is not valid" })).await;
    let refused = world.signup(&world.form().await).await.json_of(202);
    world.becomes(&refused["id"], "rejected").await;
    let status = world.status(text(&refused, "/id"), text(&refused, "/key")).await.json_of(200);
    assert_eq!(
        (text(&status, "/status"), text(&status, "/errors/0/field"), text(&status, "/errors/0/code")),
        ("rejected", "phone", "refused")
    );
    world.sandbox.fault(json!({ "kind": "refuse", "message": "already exists" })).await;
    let known = world.signup(&world.form().await).await.json_of(202);
    world.becomes(&known["id"], "rejected").await;
    let status = world.status(text(&known, "/id"), text(&known, "/key")).await.json_of(200);
    assert_eq!((text(&status, "/status"), text(&status, "/next/kind")), ("rejected", "login"));
}

#[tokio::test]
async fn without_the_key_there_is_nothing() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault_for_good(json!({ "kind": "status", "status": 500 })).await;
    let one = world.signup(&world.form().await).await.json_of(202);
    let two = world.signup(&world.form().await).await.json_of(202);
    let (id, key) = (text(&one, "/id"), text(&one, "/key"));
    for wrong in ["", "x", text(&two, "/key"), &key[1..], &key.to_uppercase(), &format!("{key}=")] {
        world.status(id, wrong).await.problem(404, "unknown-signup");
    }
    for id in ["01997f3a-0000-7000-8000-000000000000", "x", "%00"] {
        world.status(id, key).await.problem(404, "unknown-signup");
    }
    let request = world.request(Method::GET, &format!("/api/v1/signups/{id}")).header("origin", LANDING);
    send(request).await.problem(404, "unknown-signup");
    assert_eq!(world.status(id, key).await.status, 200);
}
