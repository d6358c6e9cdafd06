//! `GET …/options/{field}`: countries, states and cities.

use serde_json::json;

use super::*;

async fn options(world: &World, field: &str, query: &str) -> Answer {
    world.get(&format!("/api/v1/funnels/register/options/{field}{query}")).await
}

#[tokio::test]
async fn places_are_looked_up_once() {
    let world = start().await;
    let answer = options(&world, "custom_fields.country", "").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "public, max-age=3600"));
    assert_eq!(answer.json()["options"][1], json!({ "value": "DE", "label": "Germany" }));
    says_nothing_of_the_crm(&answer, &world);
    let states = options(&world, "custom_fields.state", "?within=DE").await.json();
    assert_eq!(states, json!({ "options": [{ "value": "DE-BE", "label": "Berlin" }, { "value": "DE-BY", "label": "Bavaria" }] }));
    let cities = options(&world, "custom_fields.city", "?within=DE-BE&locale=de").await.json();
    assert_eq!(cities, json!({ "options": [{ "value": "berlin", "label": "Berlin" }] }));
    for (field, query) in [("custom_fields.country", ""), ("kyc.custom_fields.nationality", ""), ("custom_fields.state", "?within=DE")] {
        assert_eq!(options(&world, field, query).await.status, 200);
    }
    assert_eq!(crm(&world).requests().await.len(), 3);
    assert_eq!(options(&world, "custom_fields.state", "").await.json(), json!({ "options": [] }), "of no country yet");
    assert_eq!(options(&world, "custom_fields.state", "?within=SG").await.json(), json!({ "options": [] }));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = start().await;
    options(&world, "custom_fields.state", "?within=XX").await.problem(404, "not-found");
    options(&world, "custom_fields.state", "?within=XX").await.problem(404, "not-found");
    assert_eq!(crm(&world).requests().await.len(), 1, "a made-up country is not asked for again at once");
    options(&world, "custom_fields.state", &format!("?within={}", "x".repeat(101))).await.problem(404, "not-found");
    options(&world, "custom_fields.state", "?within=DE%26country%3DGB").await.problem(404, "not-found");
    for field in ["email", "custom_fields.interests", "nothing"] {
        options(&world, field, "").await.problem(404, "not-found");
    }
    world.get("/api/v1/funnels/lead/options/nationality").await;
    world.get("/api/v1/funnels/none/options/nationality").await.problem(404, "unknown-funnel");
}

#[tokio::test]
async fn a_crm_that_is_down_takes_nothing_that_was_there() {
    let world = start().await;
    assert_eq!(options(&world, "custom_fields.country", "").await.status, 200);
    crm(&world).fault_for_good(json!({ "kind": "reset-before" })).await;
    assert_eq!(options(&world, "custom_fields.country", "").await.json()["options"][0]["value"], "AE");
    let answer = options(&world, "custom_fields.state", "?within=DE").await;
    answer.problem(503, "crm-unavailable");
    assert_eq!(answer.header("retry-after"), "5");
    says_nothing_of_the_crm(&answer, &world);
}

/// A CRM that never answers keeps nobody from signing up.
#[tokio::test]
async fn a_signup_does_not_wait_for_a_list() {
    let world = World::start(setup().patience(0)).await;
    crm(&world).fault_for_good(json!({ "kind": "delay", "ms": 60_000 })).await;
    let begin = std::time::Instant::now();
    let mut fields = with(person(), "email_code", "123456");
    for name in ["custom_fields.state", "custom_fields.city"] {
        fields.as_object_mut().expect("an object").remove(name);
    }
    register(&world, "register", &fields).await.json_of(202);
    assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
    assert_eq!(world.signups().await.len(), 1);
}
