//! Which credential each operation takes.

use serde_json::json;

use super::{Crm, KEY, john, refused};
use crate::client::send;

/// "BearerAuthApiKey".
const EITHER: [(&str, &str); 7] = [
    ("POST", "/affiliates/customers"),
    ("GET", "/affiliates/customers?limit=1&offset=0&orderBy=name|ASC"),
    ("PATCH", "/affiliates/customers/{id}"),
    ("GET", "/affiliates/customers/{id}"),
    ("GET", "/affiliates/customers/count"),
    ("GET", "/affiliates/customers/export"),
    ("GET", "/affiliates/wallet"),
];

/// "BearerAuth", of affiliates.
const BEARER: [(&str, &str); 20] = [
    ("GET", "/affiliates/sources"),
    ("GET", "/affiliates/grey-label"),
    ("GET", "/affiliates/grey-label/logos"),
    ("PUT", "/affiliates/reference-key"),
    ("POST", "/affiliate-keys"),
    ("GET", "/analytics/downline"),
    ("GET", "/dashboard/affiliate"),
    ("GET", "/affiliates/earnings"),
    ("GET", "/affiliates/balance"),
    ("GET", "/commissions/payout-requests"),
    ("POST", "/commissions/payout-requests"),
    ("GET", "/commissions/payout-requests/has-pending"),
    ("GET", "/commissions/payout-requests/1"),
    ("GET", "/commissions/ledger"),
    ("GET", "/wallets"),
    ("GET", "/landing-pages"),
    ("GET", "/banners/active"),
    ("GET", "/banners/file/sandbox-banner-1"),
    ("GET", "/target-groups"),
    ("GET", "/referrers/logos"),
];

/// "BearerAuth", of customers.
const CUSTOMER: [(&str, &str); 5] = [
    ("GET", "/onboarding-steps/pending/SignUp"),
    ("POST", "/users/mobile-confirmation"),
    ("POST", "/users/mobile-confirmation/verify"),
    ("POST", "/users/email-confirmation"),
    ("GET", "/users/email-confirmation"),
];

#[test]
fn an_api_key_alone_does_where_the_document_says_so_and_nowhere_else() {
    let crm = Crm::start();
    let id = crm.create(&john())["id"].as_str().unwrap().to_owned();
    for (method, path) in EITHER {
        let path = path.replace("{id}", &id);
        refused(&crm.open(method, &path, None), 401, "Bearer token or API key is required");
        refused(&crm.with_key("wrong", method, &path, None), 401, "Invalid API key");
        refused(&crm.with_token("wrong", method, &path, None), 401, "Invalid or expired token");
        // An API key is no bearer token, and does not make up for a bad one.
        refused(&crm.with_token(KEY, method, &path, None), 401, "Invalid or expired token");
        let both = [("x-api-key", KEY), ("authorization", "Bearer wrong")];
        refused(&crm.call(&both, method, &path, None), 401, "Invalid or expired token");
        let body = json!({});
        let body = (method != "GET").then_some(&body);
        for answer in [crm.with_key(KEY, method, &path, body), crm.with_token(&crm.token, method, &path, body)] {
            // The empty customer is refused for what it lacks, not for who sent it.
            assert!(matches!(answer.status, 200 | 400), "{method} {path}: {}", answer.text());
        }
    }
    for (method, path) in BEARER.into_iter().chain(CUSTOMER) {
        refused(&crm.open(method, path, None), 401, "Bearer token is required");
        refused(&crm.with_key(KEY, method, path, None), 401, "Bearer token is required");
        refused(&crm.with_token("wrong", method, path, None), 401, "Invalid or expired token");
        let scheme = [("authorization", crm.token.as_str())];
        refused(&crm.call(&scheme, method, path, None), 401, "Invalid or expired token");
    }
}

#[test]
fn a_customer_is_no_affiliate_and_the_other_way_round() {
    let crm = Crm::start();
    let (_, customer) = crm.customer();
    for (method, path) in EITHER.into_iter().chain(BEARER).filter(|(_, path)| *path != "/referrers/logos") {
        let answer = crm.with_token(&customer, method, path, None);
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text());
        assert!(answer.json()["error"].as_str().unwrap().ends_with("is not for this user"));
    }
    for (method, path) in CUSTOMER {
        assert_eq!(crm.with_token(&crm.token, method, path, None).status, 403, "{method} {path}");
    }
    assert_eq!(crm.with_token(&customer, "GET", "/referrers/logos", None).status, 200);
}

#[test]
fn what_is_not_there_is_recorded_too() {
    let crm = Crm::start();
    refused(&crm.with_key(KEY, "GET", "/affiliates", None), 404, "Not found");
    let answer = crm.with_key(KEY, "DELETE", "/affiliates/customers", None);
    refused(&answer, 405, "Method not allowed");
    assert_eq!(answer.header("allow"), Some("POST, GET"));
    let requests = crm.control("requests");
    assert_eq!((&requests[1]["path"], &requests[2]["method"]), (&json!("/affiliates"), &json!("DELETE")));
}

#[test]
fn only_what_an_operation_lists_is_taken() {
    let crm = Crm::start();
    let token = crm.token.clone();
    refused(&crm.with_token(&token, "GET", "/affiliates/balance?since=1", None), 400, "Parameter \"since\" is unknown");
    refused(&crm.with_token(&token, "POST", "/affiliate-keys", Some(&json!({ "name": "x" }))), 400, "This request takes no body");
    let post = |content_type: &[(&str, &str)], body: &[u8]| {
        let headers = [&[("x-api-key", KEY)], content_type].concat();
        send(crm.server.address, "POST", "/trading/affiliates/customers", &headers, body).unwrap()
    };
    refused(&post(&[], john().to_string().as_bytes()), 400, "Content-Type must be application/json");
    let json = [("content-type", "application/json; charset=utf-8")];
    refused(&post(&json, b"{\"email\""), 400, "Request body is not valid JSON");
    refused(&post(&json, b"[]"), 400, "Request body must be a JSON object");
    assert_eq!(post(&json, john().to_string().as_bytes()).status, 200);
}
