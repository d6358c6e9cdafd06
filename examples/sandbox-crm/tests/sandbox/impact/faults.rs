//! Impact: every fault, on every operation.

use std::io::ErrorKind;

use serde_json::{Value, json};

use super::{DOMAIN, EVER, JSON, KEY, create, created, customer, fault, lead, refused, report, requests, seed, token};
use crate::client::{Answer, send};
use crate::server::Server;

const LOG_IN: &str = "/impact/api/v1/auth/login";

/// Every operation, in order: its method, path and body.
fn operations() -> Vec<(&'static str, String, Value)> {
    let credentials = json!({ "email": "ib@example.com", "password": "sandbox-password", "rememberMe": true });
    let get = |report: String| ("GET", format!("/impact/api/v1/ib/{report}"), Value::Null);
    vec![
        ("POST", "/impact/api/v1/public/customer".to_owned(), customer("customer@example.com")),
        ("POST", "/impact/api/v1/public/lead".to_owned(), lead("lead@example.com")),
        ("POST", LOG_IN.to_owned(), credentials),
        get(format!("leads?{EVER}")),
        get(format!("registrations?{EVER}")),
        get("transactions?transactionDateFrom=2026-01-01&transactionDateTo=2026-01-31".to_owned()),
        get("servers".to_owned()),
        get("positions?positionCloseDateFrom=2026-01-01&positionCloseDateTo=2026-01-31&serverTag=mt4".to_owned()),
    ]
}

fn struck(kind: Value, check: impl Fn(&str, std::io::Result<Answer>)) {
    let server = Server::start();
    seed(&server, json!({ "servers": { "mt4": ["mt4"] } }));
    let token = token(&server);
    for (method, path, body) in operations() {
        fault(&server, kind.clone());
        let headers = [KEY, DOMAIN, JSON, ("X-Auth-Token", &*token)];
        check(&path, send(server.address, method, &path, &headers, body.to_string().as_bytes()));
        assert_eq!(requests(&server).last().unwrap()["fault"], kind, "{path}");
        assert_eq!(server.get("/_control/impact/faults").json(), json!([]), "{path}");
    }
}

#[test]
fn what_comes_in_place_of_an_answer() {
    struck(json!({ "kind": "status", "status": 500 }), |_, answer| refused(&answer.unwrap(), 500, "Internal Server Error"));
    struck(json!({ "kind": "refuse", "message": "Not today" }), |_, answer| refused(&answer.unwrap(), 400, "Not today"));
    struck(json!({ "kind": "rate-limited", "retryAfterSeconds": 3 }), |_, answer| {
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("3")));
    });
    struck(json!({ "kind": "html" }), |_, answer| assert!(answer.unwrap().text().starts_with("<!doctype html>")));
    struck(json!({ "kind": "redirect", "to": "https://elsewhere.example/" }), |_, answer| assert_eq!(answer.unwrap().status, 302));
    struck(json!({ "kind": "reset-before" }), |_, answer| assert_eq!(answer.unwrap_err().kind(), ErrorKind::ConnectionReset));
    struck(json!({ "kind": "delay", "ms": 50 }), |_, answer| {
        let answer = answer.unwrap();
        assert!(answer.status == 200 && answer.first_byte.as_millis() >= 50, "{answer:?}");
    });
}

#[test]
fn what_becomes_of_an_answer() {
    struck(json!({ "kind": "reset-after" }), |_, answer| assert_eq!(answer.unwrap_err().kind(), ErrorKind::ConnectionReset));
    struck(json!({ "kind": "broken-json" }), |_, answer| assert!(serde_json::from_slice::<Value>(&answer.unwrap().body).is_err()));
    struck(json!({ "kind": "slow-body", "ms": 50 }), |_, answer| assert_eq!(answer.unwrap().status, 200));
    struck(json!({ "kind": "huge-body", "bytes": 200_000 }), |_, answer| {
        let answer = answer.unwrap();
        assert!(answer.body.len() == 200_000 && answer.json().is_object());
    });
    struck(json!({ "kind": "empty" }), |_, answer| assert!(answer.unwrap().body.is_empty()));
    struck(json!({ "kind": "nulls" }), |_, answer| assert!(answer.unwrap().json().as_object().unwrap().values().all(Value::is_null)));
    struck(json!({ "kind": "other-types" }), |path, answer| {
        let answer = answer.unwrap().json();
        assert!(answer.as_object().unwrap().values().all(|value| !value.is_number()), "{path}: {answer}");
    });
    struck(json!({ "kind": "no-members" }), |_, answer| assert_eq!(answer.unwrap().json(), json!({})));
}

#[test]
fn a_fault_of_the_answer_comes_after_the_creation() {
    for (kind, count) in [("reset-before", 0), ("html", 0), ("reset-after", 1), ("empty", 1)] {
        let server = Server::start();
        fault(&server, json!({ "kind": kind }));
        let body = customer("user@example.com").to_string();
        // Whether there is an answer is another test's.
        let _ = send(server.address, "POST", "/impact/api/v1/public/customer", &[KEY, DOMAIN, JSON], body.as_bytes());
        assert_eq!(created(&server).len(), count, "{kind}");
    }
}

#[test]
fn faults_of_token_and_id_wait_for_who_gets_one() {
    let server = Server::start();
    let token = token(&server);
    let struck = |kind: &str| {
        fault(&server, json!({ "kind": kind }));
        assert_eq!(report(&server, &token, "servers").status, 200);
        if kind != "numeric-id" {
            let lead = create(&server, "lead", &lead(&format!("lead-{kind}@example.com"))).json();
            assert!(lead["id"].is_string());
        }
        let answer = create(&server, "customer", &customer(&format!("{kind}@example.com"))).json();
        assert_eq!(server.get("/_control/impact/faults").json(), json!([]));
        answer
    };
    assert!(struck("no-link").get("token").is_none());
    assert_eq!(struck("foreign-link")["token"], "x&returnUrl=https://evil.example/");
    assert_eq!(struck("script-link")["token"], "javascript:alert(1)");
    let id = struck("numeric-id")["id"].as_u64().unwrap();
    assert_eq!(created(&server).last().unwrap()["id"], id.to_string());
    fault(&server, json!({ "kind": "numeric-id" }));
    assert!(create(&server, "lead", &lead("numeric@example.com")).json()["id"].is_u64());
}
