//! Where the visitor came from: mapped for the CRM, and never lost.

use harness::{PINNED_AFFILIATE, Setup, World};
use serde_json::{Value, json};

use crate::words::assert_errors;

async fn sent(world: &World, tracking: Value) -> Value {
    let mut form = world.form().await;
    form["tracking"] = tracking;
    world.signup(&form).await.json_of(201);
    world.sandbox.bodies().await.pop().expect("the CRM received it")
}

#[tokio::test]
async fn the_funnels_map_fills_the_crms_members() {
    let world = World::start(Setup::new().edit("keep_days = 30", "keep_days = 30\nmap = { meta = \"{utm_source}/{gclid}\" }")).await;
    for (tracking, meta) in [
        (json!({ "utm_source": "news", "gclid": "g-1", "fbclid": "f-1" }), json!("news/g-1")),
        (json!({ "utm_source": "news" }), json!("news/")),
        (json!({ "fbclid": "f-1" }), Value::Null),
        (json!({}), Value::Null),
    ] {
        let body = sent(&world, tracking.clone()).await;
        assert_eq!(body.get("meta").cloned().unwrap_or_default(), meta, "{tracking}");
    }
}

#[tokio::test]
async fn what_has_no_member_goes_into_the_metadata() {
    let world = World::start(Setup::new()).await;
    let body = sent(&world, json!({ "utm_source": "ä b", "ttclid": "t-1", "subID": "s" })).await;
    assert_eq!((&body["meta"], &body["subID"]), (&json!("ttclid=t-1&utm_source=%C3%A4+b"), &json!("s")));
}

#[tokio::test]
async fn a_pinned_affiliate_cannot_be_replaced_by_the_page() {
    let world = World::start(Setup::new()).await;
    assert_eq!(sent(&world, json!({ "affiliateID": "somebody-else" })).await["affiliateID"], PINNED_AFFILIATE);
}

#[tokio::test]
async fn a_page_names_an_affiliate_where_the_funnel_lets_it() {
    for (rule, claimed, expected) in [
        ("affiliates = [\"*\"]", "anybody", json!("anybody")),
        ("affiliates = [\"one\", \"two\"]", "two", json!("two")),
        ("affiliates = [\"one\", \"two\"]", "three", Value::Null),
        ("affiliates = []", "three", Value::Null),
    ] {
        let world = World::start(Setup::new().edit("affiliate = \"a-17\"", "").edit("keep_days = 30", rule)).await;
        let body = sent(&world, json!({ "affiliateID": claimed })).await;
        assert_eq!(body.get("affiliateID").cloned().unwrap_or_default(), expected, "{rule}: {claimed}");
        assert!(!body.to_string().contains("three"), "an affiliate that is not let is nowhere: {body}");
    }
}

#[tokio::test]
async fn values_that_are_no_tracking_are_refused() {
    let world = World::start(Setup::new()).await;
    for (tracking, expected) in [
        (json!({ "desk": "x" }), ("tracking.desk", "unknown_field")),
        (json!({ "meta": "x" }), ("tracking.meta", "unknown_field")),
        (json!({ "externalId": "x" }), ("tracking.externalId", "unknown_field")),
        (json!({ "UTM_SOURCE": "x" }), ("tracking.UTM_SOURCE", "unknown_field")),
        (json!({ "utm_": "x" }), ("tracking.utm_", "unknown_field")),
        (json!({ "gclid": 7 }), ("tracking.gclid", "type")),
        (json!({ "gclid": null }), ("tracking.gclid", "type")),
        (json!({ "gclid": "" }), ("tracking.gclid", "characters")),
        (json!({ "gclid": "a\u{0}b" }), ("tracking.gclid", "characters")),
        (json!({ "gclid": "x".repeat(1_001) }), ("tracking.gclid", "characters")),
    ] {
        let mut form = world.form().await;
        form["tracking"] = tracking.clone();
        assert_errors(&world.signup(&form).await, &[expected], &tracking.to_string());
    }
    assert!(world.sandbox.requests().await.is_empty());
}
