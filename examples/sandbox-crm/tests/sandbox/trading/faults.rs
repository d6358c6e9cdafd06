//! Faults, where this CRM has something of its own to do.

use serde_json::{Value, json};

use super::{Crm, KEY, john, refused};

#[test]
fn links_lead_astray_or_nowhere() {
    for (kind, expected) in
        [("foreign-link", Some("https://evil.example/autologin/")), ("script-link", Some("javascript:alert(1)")), ("no-link", None)]
    {
        let crm = Crm::start();
        crm.fault(json!({ "kind": kind }));
        // Waits through a success that has no link.
        crm.get("/affiliates/balance");
        let created = crm.create(&john());
        for member in ["redirectUrl", "depositUrl"] {
            assert_eq!(created.get(member).and_then(Value::as_str), expected);
        }
        assert!(created["id"].is_string());
        let requests = crm.control("requests");
        assert_eq!((requests[1].get("fault"), &requests[2]["fault"]["kind"]), (None, &json!(kind)));
    }
}

#[test]
fn a_numeric_id_is_the_customers() {
    let crm = Crm::start();
    crm.fault(json!({ "kind": "numeric-id" }));
    let id = crm.create(&john())["id"].as_u64().unwrap();
    assert_eq!(crm.control("users")[0]["id"], id.to_string());
    assert_eq!(crm.control("requests")[1]["createdUserId"], id.to_string());
    assert_eq!(crm.get(&format!("/affiliates/customers/{id}"))["customer"]["id"], id.to_string());
}

#[test]
fn faults_strike_every_operation() {
    let crm = Crm::start();
    crm.fault(json!({ "kind": "status", "status": 503 }));
    refused(&crm.open("GET", "/countries", None), 503, "Service Unavailable");
    crm.fault(json!({ "kind": "refuse", "message": "No" }));
    refused(&crm.with_token(&crm.token, "GET", "/wallets", None), 400, "No");
    crm.fault(json!({ "kind": "rate-limited", "retryAfterSeconds": 3 }));
    let answer = crm.open("POST", "/sessions", Some(&json!({})));
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("3")));

    crm.fault(json!({ "kind": "nulls" }));
    assert_eq!(crm.get("/affiliates/balance"), json!({ "balance": null }));
    crm.fault(json!({ "kind": "other-types" }));
    assert_eq!(crm.get("/affiliates/balance"), json!({ "balance": "0" }));
    crm.fault(json!({ "kind": "no-members" }));
    assert_eq!(crm.get("/dashboard/affiliate"), json!({}));
    crm.fault(json!({ "kind": "empty" }));
    assert!(crm.with_key(KEY, "GET", "/affiliates/customers/export", None).body.is_empty());
    crm.fault(json!({ "kind": "broken-json" }));
    let answer = crm.open("GET", "/countries", None);
    assert!(answer.status == 200 && serde_json::from_slice::<Value>(&answer.body).is_err());
    crm.fault(json!({ "kind": "huge-body", "bytes": 100_000 }));
    assert_eq!(crm.open("GET", "/onboarding-steps", None).body.len(), 100_000);
}

#[test]
fn an_answer_that_is_lost_leaves_a_customer_who_can_be_found() {
    let crm = Crm::start();
    crm.fault(json!({ "kind": "reset-after" }));
    let headers = [("x-api-key", KEY), ("content-type", "application/json")];
    let body = john().to_string();
    assert!(crate::client::send(crm.server.address, "POST", "/trading/affiliates/customers", &headers, body.as_bytes()).is_err());
    let found = crm.get("/affiliates/customers?limit=1&offset=0&orderBy=createdAt|DESC&externalId=signup-1");
    assert_eq!(found["customers"][0]["email"], "johndoe@gmail.com");
}
