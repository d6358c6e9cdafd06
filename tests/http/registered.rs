//! 201: the CRM has the visitor, and the browser gets a ticket or a message.

use harness::{Setup, World, send};
use serde_json::{Value, json};

use crate::words::text;

#[tokio::test]
async fn a_visitor_is_registered_and_gets_a_ticket() {
    let world = World::start(Setup::new()).await;
    let body = world.signup(&world.form().await).await.json_of(201);
    let (id, url) = (text(&body, "/id"), text(&body, "/next/url"));
    assert_eq!(body, json!({ "id": id, "status": "registered", "next": { "kind": "redirect", "url": url } }), "nothing else");
    assert!(uuid::Uuid::parse_str(id).is_ok(), "{id}");
    assert!(url.starts_with(&world.url("/go/")), "{url}");
    let (users, stored) = (world.sandbox.users().await, world.stored(&body["id"]).await);
    assert_eq!(users.len(), 1);
    assert_eq!((&stored["state"], &stored["crmId"], &stored["funnel"]), (&json!("registered"), &users[0]["id"], &json!("demo")));
    assert_eq!(stored["reason"], Value::Null);
}

#[tokio::test]
async fn the_whole_way_ends_in_the_member_area() {
    let world = World::start(Setup::new()).await;
    let body = world.signup(&world.form().await).await.json_of(201);
    let go = send(world.client.get(text(&body, "/next/url"))).await;
    let autologin = send(world.client.get(go.header("location"))).await;
    assert_eq!(autologin.status, 303, "the CRM knows the link");
    let cookie = autologin.header("set-cookie").split(';').next().unwrap().to_owned();
    let member = format!("{}{}", world.sandbox.origin, autologin.header("location"));
    let page = send(world.client.get(member).header("cookie", cookie)).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Jane"), "{}", page.text());
    assert_eq!(world.sandbox.users().await[0]["loggedIn"], true);
}

#[tokio::test]
async fn without_a_link_there_is_a_message() {
    let world = World::start(Setup::new()).await;
    for (fault, reason) in [("no-link", "no-link"), ("foreign-link", "link-forbidden"), ("script-link", "link-forbidden")] {
        world.sandbox.fault(json!({ "kind": fault })).await;
        let answer = world.signup(&world.form().await).await;
        let body = answer.json_of(201);
        assert_eq!(body["next"], json!({ "kind": "message", "text": "Your account is open." }), "{fault}");
        assert!(!answer.text().contains("evil.example") && !answer.text().contains("javascript:"), "{fault}: {body}");
        let stored = world.stored(&body["id"]).await;
        assert_eq!((&stored["state"], &stored["reason"]), (&json!("registered"), &json!(reason)), "{fault}");
    }
}

#[tokio::test]
async fn a_funnel_may_end_with_a_message_of_its_own() {
    let setup = Setup::new()
        .edit("kind = \"redirect\"", "kind = \"message\"\nmessage = { en = \"Welcome aboard.\", de = \"Willkommen an Bord.\" }");
    let world = World::start(setup).await;
    for (locale, message) in
        [("en", "Welcome aboard."), ("de", "Willkommen an Bord."), ("de-AT", "Willkommen an Bord."), ("fr", "Welcome aboard.")]
    {
        let mut form = world.form().await;
        form["locale"] = json!(locale);
        let body = world.signup(&form).await.json_of(201);
        assert_eq!(body["next"], json!({ "kind": "message", "text": message }), "{locale}");
    }
    let mut form = world.form().await;
    form.as_object_mut().unwrap().remove("locale");
    let answer = send(world.signup_request().header("accept-language", "fr, de;q=0.9, en;q=0.1").json(&form)).await;
    assert_eq!(text(&answer.json_of(201), "/next/text"), "Willkommen an Bord.", "the browser's language, where the body names none");
}

#[tokio::test]
async fn an_id_that_is_a_number_is_understood() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault(json!({ "kind": "numeric-id" })).await;
    let body = world.signup(&world.form().await).await.json_of(201);
    assert_eq!(world.stored(&body["id"]).await["crmId"], "1000001");
}
