//! Looking up lists of leads.

use harness::World;
use serde_json::{Value, json};

use crate::stage::{get, minted, post, token, world};

async fn seed(world: &World) {
    let lead = |index: u32| {
        json!({ "id": format!("l-{index}"), "email": format!("lead{index}@mail.example"), "affiliateID": "W1", "sourceId": if index == 1 { Some("facebook_ads") } else { None },
                "createdDate": format!("2026-03-{:02}T00:00:00Z", index % 28 + 1) })
    };
    let other = json!({ "id": "secret", "email": "secret@mail.example", "affiliateID": "W2" });
    let leads: Vec<Value> = (0..250).map(lead).chain([other]).collect();
    world.sandbox.of("wi").seed(json!({ "leads": leads })).await;
}

#[tokio::test]
async fn a_list_is_looked_up_in_the_affiliates_own_bucket() {
    let world = world().await;
    seed(&world).await;
    let token = token(&world, "w-1").await;
    let emails: Vec<String> =
        (0..300).map(|index| format!(" Lead{index}@mail.example")).chain(["secret@mail.example".to_owned()]).collect();
    let found = post(&world, "/buckets/bucket-w-1/leads", &token, &json!({ "emails": emails })).await.json_of(200);
    let leads = found["leads"].as_object().expect("leads");
    assert_eq!(leads.len(), 250, "those who are there, and not another's");
    assert_eq!(
        leads["lead7@mail.example"],
        json!({ "id": "l-7", "email": "lead7@mail.example", "status": "active", "created": "2026-03-08T00:00:00Z" })
    );
    let by_id = post(&world, "/buckets/bucket-w-1/leads", &token, &json!({ "ids": ["l-1", "l-999"], "keyBy": "id" })).await.json_of(200);
    assert_eq!(by_id["leads"].as_object().map(|leads| leads.keys().cloned().collect::<Vec<_>>()), Some(vec!["l-1".to_owned()]));
    let of_source =
        post(&world, "/buckets/bucket-w-1/leads/facebook_ads", &token, &json!({ "ids": ["l-1", "l-2"], "keyBy": "id" })).await.json_of(200);
    assert_eq!(of_source["leads"].as_object().map(serde_json::Map::len), Some(1));
    let days =
        json!({ "ids": ["l-1", "l-2"], "keyBy": "id", "filters": { "createdDate": ["2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"] } });
    let of_days = post(&world, "/buckets/bucket-w-1/leads", &token, &days).await.json_of(200);
    assert_eq!(of_days["leads"].as_object().map(|leads| leads.keys().cloned().collect::<Vec<_>>()), Some(vec!["l-2".to_owned()]));
    post(&world, "/buckets/bucket-w-2/leads", &token, &json!({})).await.problem(404, "unknown-bucket");
    post(&world, "/buckets/bucket-w-1/leads/google", &token, &json!({})).await.problem(404, "unknown-bucket");
    let many: Vec<String> = (0..1_001).map(|index| index.to_string()).collect();
    assert_eq!(post(&world, "/buckets/bucket-w-1/leads", &token, &json!({ "ids": many })).await.errors()[0].1, "range");
    assert_eq!(
        post(&world, "/buckets/bucket-w-1/leads", &token, &json!({ "ids": ["a"], "affiliateID": "W2" })).await.errors()[0].1,
        "type"
    );
}

#[tokio::test]
async fn an_address_that_nobody_asked_by_is_masked() {
    let world = world().await;
    seed(&world).await;
    let token = minted(&world, json!({ "affiliate": "w-1", "scopes": ["buckets"] })).await;
    let listed = post(&world, "/buckets/bucket-w-1/leads", &token, &json!({ "limit": 3 })).await;
    assert_eq!(listed.json_of(200)["leads"].as_object().map(serde_json::Map::len), Some(3));
    assert!(!listed.text().contains("@mail.example"), "{}", listed.text());
    let asked =
        post(&world, "/buckets/bucket-w-1/leads", &token, &json!({ "emails": ["lead1@mail.example"], "ids": ["l-2"] })).await.json_of(200);
    assert_eq!(asked["leads"]["lead1@mail.example"]["email"], "lead1@mail.example");
    assert_eq!(asked["leads"]["l-2"]["email"], "l***@m***.example");
    get(&world, "/leads", &token).await.problem(403, "scope");
}

#[tokio::test]
async fn a_bucket_that_the_crm_does_not_open_is_told_in_our_words() {
    let world = world().await;
    let token = token(&world, "w-2").await;
    world.sandbox.of("wi").seed(json!({ "buckets": [{ "id": "bucket-w-2", "affiliateID": "W9" }] })).await;
    let answer = post(&world, "/buckets/bucket-w-2/leads", &token, &json!({ "ids": ["a"] })).await;
    assert_eq!(answer.errors(), [("bucket".to_owned(), "refused".to_owned())]);
    world.sandbox.of("wi").fault_for_good(json!({ "kind": "status", "status": 503 })).await;
    post(&world, "/buckets/bucket-w-2/leads", &token, &json!({ "ids": ["a"] })).await.problem(503, "crm-unavailable");
}
