//! Routing values: set on the server, refused from a page.

use harness::{DESK, PROJECT, Setup, World, send};
use serde_json::{Value, json};

use crate::words::assert_errors;

/// All of the document's that route a client or grant something.
const ROUTING: [&str; 12] = [
    "project",
    "desk",
    "manager",
    "status",
    "state",
    "type",
    "companyFeeGroup",
    "processed",
    "verificationLevel",
    "verificationStatus",
    "allowToCreateAsset",
    "sendEmail",
];

/// Other members of the CRM's body that a page has no business with.
const OTHERS: [&str; 9] = ["affiliateID", "subID", "campaignId", "sourceId", "meta", "externalId", "agreements", "billing", "id"];

#[tokio::test]
async fn a_page_cannot_set_any_of_them() {
    let world = World::start(Setup::new()).await;
    for name in ROUTING {
        for value in [json!("made-up-by-the-page"), json!(true), json!(""), Value::Null] {
            let mut form = world.form().await;
            form["fields"][name] = value.clone();
            assert_errors(&world.signup(&form).await, &[(name, "not_allowed")], &format!("{name} = {value}"));
        }
    }
    for name in OTHERS {
        let mut form = world.form().await;
        form["fields"][name] = json!("made-up-by-the-page");
        assert_errors(&world.signup(&form).await, &[(name, "unknown_field")], name);
    }
    assert!(world.sandbox.requests().await.is_empty(), "none of it reached the CRM");
}

#[tokio::test]
async fn none_stands_beside_the_fields_either() {
    let world = World::start(Setup::new()).await;
    for name in ROUTING.iter().chain(&OTHERS).filter(|name| **name != "agreements") {
        let mut form = world.form().await;
        form[*name] = json!("made-up-by-the-page");
        assert_errors(&world.signup(&form).await, &[(name, "unknown_field")], name);
    }
    assert!(world.sandbox.requests().await.is_empty());
}

#[tokio::test]
async fn the_query_and_the_headers_set_nothing() {
    let world = World::start(Setup::new()).await;
    let path = "/api/v1/funnels/demo/signups?desk=made-up-by-the-page&project=made-up-by-the-page";
    let request = world.request(reqwest::Method::POST, path).header("origin", harness::LANDING).header("x-desk", "made-up-by-the-page");
    send(request.json(&world.form().await)).await.json_of(201);
    let body = world.sandbox.bodies().await.remove(0);
    assert_eq!((&body["desk"], &body["project"]), (&json!(DESK), &json!(PROJECT)));
    assert!(!body.to_string().contains("made-up-by-the-page"), "{body}");
}
