//! Wi's buckets: who may look, and where. The neighbour is `buckets`.

use serde_json::{Value, json};

use super::{AFFILIATE, BUCKET, JSON, TOKEN, look_up, look_up_at, refused, seed, with_bucket};
use crate::client::{Answer, send};
use crate::server::{Server, jane};

const INCORRECT: &str = "Access with the provided credentials is incorrect. CODE: X-0005";

fn with_token(server: &Server, token: &str) -> Answer {
    look_up_at(server, &format!("{BUCKET}/{AFFILIATE}/leads"), &[JSON, ("authorization", token)], &json!({}))
}

#[test]
fn a_wrong_or_missing_token_is_incorrect() {
    let server = Server::start();
    with_bucket(&server);
    let bearer = format!("Bearer {TOKEN}");
    let header_sets: [&[(&str, &str)]; 5] = [
        &[JSON],
        &[JSON, ("authorization", "wrong")],
        &[JSON, ("authorization", "")],
        &[JSON, ("authorization", &bearer)],
        &[JSON, ("x-api-key", TOKEN)],
    ];
    for headers in header_sets {
        // The token is looked at before the bucket: this one is wrong too.
        for bucket in [BUCKET, "other"] {
            refused(&look_up_at(&server, &format!("{bucket}/{AFFILIATE}/leads"), headers, &json!({})), 401, INCORRECT);
        }
    }
}

#[test]
fn the_other_reading_of_an_invalid_token_can_be_had() {
    let server = Server::start();
    seed(&server, json!({ "invalidTokenStatus": 400 }));
    refused(&with_token(&server, "wrong"), 400, "Invalid or missing token");
    assert_eq!(server.control("POST", "/wi/records", &json!({ "invalidTokenStatus": 403 })).status, 400);
}

#[test]
fn tokens_have_roles_expire_and_are_bound_to_addresses() {
    let server = Server::start();
    with_bucket(&server);
    seed(
        &server,
        json!({ "tokens": [
            { "token": "plain" },
            { "token": "role", "permissions": ["Clients: View"] },
            { "token": "past", "expires": "2026-01-01" },
            { "token": "future", "expires": "2999-01-01T00:00:00Z" },
            { "token": "elsewhere", "ips": ["192.0.2.1", "2001:db8::1"] },
            { "token": "here", "ips": ["192.0.2.1", "127.0.0.1"] },
            { "token": "own", "affiliateID": AFFILIATE },
            { "token": "others", "affiliateID": "99" }
        ] }),
    );
    for token in ["plain", "future", "here", "own", TOKEN] {
        assert_eq!(with_token(&server, token).status, 200, "{token}");
    }
    for token in ["past", "elsewhere"] {
        refused(&with_token(&server, token), 401, INCORRECT);
    }
    for token in ["role", "others"] {
        refused(&with_token(&server, token), 400, "Missing required permissions");
    }
    seed(&server, json!({ "tokens": [{ "token": TOKEN, "expires": "2026-01-01" }] }));
    refused(&look_up(&server, &json!({})), 401, INCORRECT);
    assert_eq!(server.control("POST", "/reset", &Value::Null).status, 204);
    with_bucket(&server);
    assert_eq!(look_up(&server, &json!({})).status, 200);
    refused(&with_token(&server, "plain"), 401, INCORRECT);
}

#[test]
fn the_token_of_the_command_line_is_taken() {
    let server = Server::start_with(&["--wi-identification-token", "another"]);
    with_bucket(&server);
    assert_eq!(with_token(&server, "another").status, 200);
    refused(&with_token(&server, TOKEN), 401, INCORRECT);
}

#[test]
fn buckets_affiliates_and_sources_must_belong_together() {
    let server = Server::start();
    with_bucket(&server);
    seed(&server, json!({ "buckets": [{ "id": "bare", "affiliateID": AFFILIATE }] }));
    let at = |path: &str| look_up_at(&server, path, &[JSON, ("authorization", TOKEN)], &json!({}));
    refused(&at(&format!("unknown/{AFFILIATE}/leads")), 400, "Bucket with corresponding affiliateID doesn't exist");
    refused(&at(&format!("{BUCKET}/99/leads")), 400, "Provided bucketId does not belong to the provided affiliateID");
    refused(&at(&format!("{BUCKET}/99/leads/facebook_ads")), 400, "Provided bucketId does not belong to the provided affiliateID");
    for path in [format!("{BUCKET}/{AFFILIATE}/leads/tiktok"), format!("{BUCKET}/{AFFILIATE}/leads/"), format!("bare/{AFFILIATE}/leads/x")]
    {
        refused(&at(&path), 400, "Provided sourceId does not belong to bucket");
    }
    for path in ["leads/facebook_ads", "leads/google%20ads", "leads"] {
        assert_eq!(at(&format!("{BUCKET}/{AFFILIATE}/{path}")).status, 200, "{path}");
    }
    refused(&at(&format!("{BUCKET}/{AFFILIATE}/leads/a/b")), 404, "Not Found");
    refused(&at(&format!("{BUCKET}/{AFFILIATE}")), 404, "Not Found");
}

#[test]
fn only_post_is_taken() {
    let server = Server::start();
    let path = format!("/wi/api/public/buckets/{BUCKET}/{AFFILIATE}/leads");
    let answer = send(server.address, "GET", &path, &[("authorization", TOKEN)], b"").unwrap();
    refused(&answer, 405, "Method Not Allowed");
    assert_eq!(answer.header("allow"), Some("POST"));
}

#[test]
fn every_fault_has_the_envelope_of_the_buckets() {
    let server = Server::start();
    with_bucket(&server);
    let struck = |fault: Value| {
        server.fault(fault);
        look_up(&server, &json!({}))
    };
    refused(&struck(json!({ "kind": "status", "status": 401 })), 401, INCORRECT);
    refused(&struck(json!({ "kind": "status", "status": 503 })), 503, "Service Unavailable");
    refused(&struck(json!({ "kind": "refuse", "message": "Not today" })), 400, "Not today");
    let limited = struck(json!({ "kind": "rate-limited", "retryAfterSeconds": 7 }));
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("7")));
    assert!(struck(json!({ "kind": "html" })).text().starts_with("<!doctype html>"));
    assert_eq!(struck(json!({ "kind": "redirect" })).status, 302);
    assert!(struck(json!({ "kind": "empty" })).body.is_empty());
    assert!(serde_json::from_slice::<Value>(&struck(json!({ "kind": "broken-json" })).body).is_err());
    // An object without members can be padded too.
    let padded = struck(json!({ "kind": "huge-body", "bytes": 100_000 }));
    assert_eq!((padded.body.len(), padded.json().as_object().unwrap().len()), (100_000, 1));
    seed(&server, json!({ "leads": [{ "id": "1", "email": "a@example.com", "affiliateID": AFFILIATE }] }));
    assert_eq!(struck(json!({ "kind": "nulls" })).json(), json!({ "a@example.com": null }));
    assert_eq!(struck(json!({ "kind": "other-types" })).json()["a@example.com"]["id"], json!(["1"]));
    assert_eq!(struck(json!({ "kind": "no-members" })).json(), json!({}));
    let kinds: Vec<_> = server.requests().iter().map(|request| request["fault"]["kind"].clone()).collect();
    assert_eq!(kinds.len(), 12);
    assert!(kinds.iter().all(Value::is_string), "{kinds:?}");
}

#[test]
fn a_fault_of_a_sign_up_waits_for_one() {
    let server = Server::start();
    with_bucket(&server);
    for (kind, member) in [("no-link", "url"), ("numeric-id", "id")] {
        server.fault(json!({ "kind": kind }));
        assert_eq!(look_up(&server, &json!({})).status, 200);
        let mut body = jane();
        body["email"] = json!(format!("{kind}@example.com"));
        let answer = server.sign_up(&body).json();
        assert!(!answer[member].is_string(), "{kind}: {answer}");
    }
}
