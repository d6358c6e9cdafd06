//! Agreements: required ones are demanded, and each is stamped with whom the trusted proxies name.

use harness::{Setup, World, send};
use serde_json::json;

use crate::words::{assert_errors, text};

#[tokio::test]
async fn a_required_agreement_is_demanded_by_its_checkbox() {
    let world = World::start(Setup::new()).await;
    for (agreements, expected) in [
        (json!([]), ("agreement-1", "required")),
        (json!(["Newsletter"]), ("agreement-1", "required")),
        (json!(["Terms and Conditions", "Terms"]), ("agreements", "option")),
        (json!(["Terms and Conditions", ""]), ("agreements", "option")),
    ] {
        let mut form = world.form().await;
        form["agreements"] = agreements.clone();
        assert_errors(&world.signup(&form).await, &[expected], &agreements.to_string());
    }
    let mut form = world.form().await;
    form.as_object_mut().unwrap().remove("agreements");
    assert_errors(&world.signup(&form).await, &[("agreement-1", "required")], "no agreements at all");
    assert!(world.sandbox.requests().await.is_empty());
}

#[tokio::test]
async fn an_address_in_a_header_is_believed_from_a_trusted_proxy_only() {
    for (setup, forwarded, expected) in [
        (Setup::new(), "203.0.113.9", "127.0.0.1"),
        (Setup::new().behind_a_proxy(), "203.0.113.9", "203.0.113.9"),
        (Setup::new().behind_a_proxy(), "198.51.100.1, 203.0.113.9, 127.0.0.1", "203.0.113.9"),
        (Setup::new().behind_a_proxy(), "2001:db8::7", "2001:db8::7"),
        (Setup::new().behind_a_proxy(), "203.0.113.9, no address", "127.0.0.1"),
    ] {
        let world = World::start(setup).await;
        let request = world.signup_request().header("x-forwarded-for", forwarded).json(&world.form().await);
        send(request).await.json_of(201);
        let body = world.sandbox.bodies().await.remove(0);
        assert_eq!(text(&body, "/agreements/0/ip"), expected, "{forwarded}");
    }
}

#[tokio::test]
async fn an_agreement_that_stands_twice_is_signed_once() {
    let world = World::start(Setup::new()).await;
    let mut form = world.form().await;
    form["agreements"] = json!(["Terms and Conditions", "Terms and Conditions"]);
    world.signup(&form).await.json_of(201);
    assert_eq!(world.sandbox.bodies().await[0]["agreements"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_the_visitor_saw_is_kept_as_evidence() {
    let world = World::start(Setup::new()).await;
    let mut form = world.form().await;
    let mut hashes = Vec::new();
    for locale in ["en", "de"] {
        form["locale"] = json!(locale);
        form["fields"]["email"] = json!(format!("evidence.{locale}@mail.example"));
        let id = world.signup(&form).await.json_of(201);
        let shown = world.latchkey(&["signups", "show", text(&id, "/id"), "--personal"]).await;
        let shown: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
        assert_eq!(text(&shown, "/content/locale"), locale);
        hashes.push(text(&shown, "/content/agreements/0/textHash").to_owned());
    }
    assert!(hashes.iter().all(|hash| hash.len() == 64), "{hashes:?}");
    assert_ne!(hashes[0], hashes[1], "another text, another hash");
}
