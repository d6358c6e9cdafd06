//! Visits: what belongs to one visitor.

use harness::{Answer, LANDING, Setup, World, send};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::words::{assert_errors, text};

fn request(world: &World) -> RequestBuilder {
    world.request(Method::POST, "/api/v1/funnels/demo/visits").header("origin", LANDING)
}

async fn renew(world: &World, body: &Value) -> Answer {
    send(request(world).json(body)).await
}

#[tokio::test]
async fn a_visit_has_a_token_and_its_end() {
    let world = World::start(Setup::new()).await;
    let visit = send(request(&world)).await.json_of(200);
    let (token, expires_at) = (text(&visit, "/formToken"), text(&visit, "/expiresAt"));
    assert_eq!(visit, json!({ "formToken": token, "expiresAt": expires_at, "country": null, "variant": null }));
    let left = expires_at.parse::<Timestamp>().unwrap().duration_since(Timestamp::now());
    assert!(left > SignedDuration::from_mins(90) && left <= SignedDuration::from_mins(120), "{left:?}");
    assert_ne!(token, world.visit().await, "no two visits are the same");
}

#[tokio::test]
async fn a_renewed_token_belongs_to_the_same_visit() {
    let world = World::start(Setup::new()).await;
    let first = world.visit().await;
    let second = renew(&world, &json!({ "formToken": first })).await.json_of(200);
    let visit = |token: &str| token.split('.').take(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(visit(text(&second, "/formToken")), visit(&first));
    let mut form = world.form().await;
    form["formToken"] = second["formToken"].clone();
    world.signup(&form).await.json_of(201);
    let forged = renew(&world, &json!({ "formToken": "forged.1.2.x" })).await.json_of(200);
    assert!(!text(&forged, "/formToken").starts_with("forged"), "a forged token begins a new visit");
}

#[tokio::test]
async fn a_visit_takes_no_other_body() {
    let world = World::start(Setup::new()).await;
    let text_body = send(request(&world).header("content-type", "text/plain").body("x")).await;
    text_body.problem(415, "media-type");
    send(request(&world).header("content-type", "application/json").body("{")).await.problem(400, "not-json");
    for body in [json!({ "formToken": 7 }), json!({ "other": "x" }), json!([])] {
        let answer = renew(&world, &body).await;
        assert!(
            [400, 422].contains(&answer.status) && answer.header("content-type") == "application/problem+json",
            "{body}: {}",
            answer.text()
        );
    }
    assert_errors(&world.signup(&json!({ "fields": {} })).await, &[("formToken", "required")], "nothing was begun");
}

#[tokio::test]
async fn a_country_is_believed_from_a_trusted_proxy_only() {
    let country = |setup: Setup, code: &'static str| async move {
        let world = World::start(setup.set("server", "country_header", "\"CF-IPCountry\"")).await;
        send(request(&world).header("cf-ipcountry", code)).await.json_of(200)["country"].clone()
    };
    assert_eq!(country(Setup::new(), "DE").await, Value::Null);
    assert_eq!(country(Setup::new().behind_a_proxy(), "DE").await, "DE");
    assert_eq!(country(Setup::new().behind_a_proxy(), "XX").await, Value::Null, "\"unknown\"");
    assert_eq!(country(Setup::new().behind_a_proxy(), "<script>").await, Value::Null);
}
