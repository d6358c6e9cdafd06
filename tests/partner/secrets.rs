//! No secret and no CRM's address in anything that an affiliate's browser is told.

use harness::{Answer, SECRETS, World, send};
use latchkey_contract::partner::ROUTES;
use reqwest::Method;
use serde_json::json;

use crate::stage::{ACME, ACME_SECRET, asking, fresh, get, portal, post, token, world};

fn assert_without(what: &str, answer: &Answer, needles: &[String]) {
    let headers: String =
        answer.headers.iter().map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))).collect();
    let told = format!("{headers}{}", String::from_utf8_lossy(&answer.body)).to_lowercase();
    for needle in needles {
        assert!(needle.len() >= 6, "{needle:?} is too short to search for");
        assert!(!told.contains(&needle.to_lowercase()), "{what} holds {needle:?}: {told}");
    }
}

/// Everything that one affiliate can ask for.
async fn all_of(world: &World, token: &str) -> Vec<(String, Answer)> {
    let mut told = Vec::new();
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        let query = if route.path == "/series" { "?metric=signups" } else { "" };
        let path = format!("{}{query}", route.path.replace("{id}", "none-such"));
        told.push((path.clone(), get(world, &path, token).await));
    }
    let bodies = [
        ("/payouts", json!({ "wallet": "101", "confirmed": false })),
        ("/payouts", json!({ "wallet": "101", "confirmed": true })),
        ("/buckets/bucket-w-1/leads", json!({ "emails": ["jane@mail.example"] })),
        ("/buckets/none-such/leads", json!({})),
        ("/exports", json!({ "table": "leads" })),
        ("/exports", json!({ "table": "none" })),
    ];
    for (path, body) in bodies {
        let answer = post(world, path, token, &body).await;
        if let Some(url) = answer.json()["url"].as_str() {
            told.push(("download".to_owned(), send(world.client.get(url).header("origin", ACME)).await));
        }
        told.push((path.to_owned(), answer));
    }
    told
}

#[tokio::test]
async fn nothing_of_the_crms_is_told_whether_they_answer_or_not() {
    let world = world().await;
    let host = world.sandbox.origin.strip_prefix("http://").expect("http").to_owned();
    let mut needles: Vec<String> = SECRETS.iter().map(|(_, secret)| (*secret).to_owned()).collect();
    needles.extend([host, "brand.example".to_owned(), "made-up-key-t-1".to_owned(), "x-api-key".to_owned(), "refreshToken".to_owned()]);
    // That which the portal's server alone sends is no browser's.
    assert!(needles.iter().any(|needle| needle == ACME_SECRET), "the search is for something");
    let words = format!("refused at {} with {}", world.sandbox.origin, SECRETS[0].1);
    let faults = [
        None,
        Some(json!({ "kind": "refuse", "message": words })),
        Some(json!({ "kind": "status", "status": 401 })),
        Some(json!({ "kind": "html" })),
        Some(json!({ "kind": "broken-json" })),
    ];
    let mut answers = 0;
    for (affiliate, crm) in [("w-1", "wi"), ("t-1", "trading"), ("i-1", "impact"), ("b-1", "broctagon")] {
        let token = token(&world, affiliate).await;
        if crm != "broctagon" {
            fresh(&world, "/leads", &token).await;
        }
        for fault in &faults {
            if let Some(fault) = fault {
                world.sandbox.of(crm).fault_for_good(fault.clone()).await;
            }
            for (path, answer) in all_of(&world, &token).await {
                assert_ne!(answer.status, 500, "{affiliate} {path} {fault:?}");
                assert_without(&format!("{affiliate} {path} {fault:?}"), &answer, &needles);
                answers += 1;
            }
            world.sandbox.of(crm).no_faults().await;
        }
    }
    assert!(answers > 400, "{answers} answers were looked at");
    // Asked for wrongly, too.
    for (what, request) in [
        ("a foreign origin", asking(&world, Method::GET, "/leads", "made-up").header("origin", "https://elsewhere.example")),
        ("no such secret", portal(&world, Method::POST, "made-up-and-wrong").json(&json!({ "affiliate": "t-1" }))),
        ("no such affiliate", portal(&world, Method::POST, ACME_SECRET).json(&json!({ "affiliate": "none-such" }))),
    ] {
        assert_without(what, &send(request).await, &needles);
    }
}
