//! Every fault, on an operation that answers 201, on one that answers 204, and on one that answers 200.

use std::io::ErrorKind;

use serde_json::{Value, json};

use super::{Broctagon, LEAD, MULTISTEP, REQUEST, lead, registration, request, with};
use crate::client::Answer;

const COUNTRIES: &str = "/public/v1/config/countries";

fn order(crm: &Broctagon, fault: &Value) {
    let answer = crm.0.control("POST", "/broctagon/faults", &json!({ "fault": fault, "times": 1 }));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// Strikes each operation with it.
fn struck(fault: Value, expect: impl Fn(&str, &Answer)) {
    let crm = Broctagon::start_with(&["--broctagon-code-wait-seconds", "0"]);
    let code = crm.code("email");
    let other = with(request(), "email", json!("other@example.com"));
    for (path, body) in [(LEAD, Some(lead())), (REQUEST, Some(other)), (MULTISTEP, Some(registration(&code))), (COUNTRIES, None)] {
        order(&crm, &fault);
        let answer = body.map_or_else(|| crm.get(path), |body| crm.post(path, &body));
        expect(path, &answer);
        assert_eq!(crm.listed("requests").last().unwrap()["fault"]["kind"], fault["kind"], "{path}");
    }
}

fn status_of(path: &str) -> u16 {
    match path {
        LEAD => 201,
        COUNTRIES => 200,
        _ => 204,
    }
}

/// What a spoiled answer has: a 204 that is given a body is a 200.
fn spoiled_status_of(path: &str) -> u16 {
    if status_of(path) == 204 { 200 } else { status_of(path) }
}

#[test]
fn in_the_crms_place() {
    for (status, kind) in [
        (400, "invalid_request"),
        (403, "access_denied"),
        (404, "not_found"),
        (500, "internal_server_error"),
        (503, "service_unavailable"),
        (599, "error"),
    ] {
        struck(json!({ "kind": "status", "status": status }), |path, answer| {
            assert_eq!((answer.status, &answer.json()["type"]), (status, &json!(kind)), "{path}");
            assert!(answer.json()["message"].is_string());
        });
    }
    struck(json!({ "kind": "rate-limited", "retryAfterSeconds": 7 }), |path, answer| {
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")), "{path}");
        assert_eq!(answer.json(), json!({ "type": "too_many_requests", "message": "Too Many Requests" }));
    });
    struck(json!({ "kind": "html" }), |_, answer| assert!(answer.status == 200 && answer.text().starts_with("<!doctype html>")));
    struck(json!({ "kind": "redirect" }), |_, answer| {
        assert_eq!((answer.status, answer.header("location")), (302, Some("https://elsewhere.example/")));
    });
    struck(json!({ "kind": "refuse", "message": "Country is not served" }), |_, answer| {
        assert_eq!((answer.status, answer.json()), (400, json!({ "type": "invalid_request", "message": "Country is not served" })));
    });
    struck(json!({ "kind": "delay", "ms": 300 }), |path, answer| {
        assert!(answer.status == status_of(path) && answer.first_byte.as_millis() >= 300, "{path}: {answer:?}");
    });
}

#[test]
fn of_the_answer() {
    struck(json!({ "kind": "broken-json" }), |path, answer| {
        assert!(answer.status == spoiled_status_of(path) && answer.text().starts_with('{'), "{path}: {answer:?}");
        assert!(serde_json::from_slice::<Value>(&answer.body).is_err(), "{path}");
    });
    struck(json!({ "kind": "slow-body", "ms": 600 }), |path, answer| {
        assert!(answer.first_byte.as_millis() < 500 && answer.whole.as_millis() >= 600, "{path}: {answer:?}");
        assert!(answer.json().is_object());
    });
    struck(json!({ "kind": "huge-body", "bytes": 100_000 }), |path, answer| {
        assert_eq!((answer.status, answer.body.len()), (spoiled_status_of(path), 100_000), "{path}");
        assert!(answer.json()["padding"].is_string());
    });
    struck(json!({ "kind": "empty" }), |path, answer| {
        assert_eq!((answer.status, answer.body.len()), (spoiled_status_of(path), 0), "{path}");
    });
    struck(json!({ "kind": "nulls" }), |_, answer| assert!(answer.json().as_object().unwrap().values().all(Value::is_null)));
    struck(json!({ "kind": "no-members" }), |_, answer| assert_eq!(answer.json(), json!({})));
    struck(json!({ "kind": "other-types" }), |path, answer| match path {
        LEAD => assert!(answer.json()["id"].is_array()),
        COUNTRIES => assert!(answer.json()["count"].is_string() && answer.json()["records"][0]["code"].is_array()),
        _ => assert_eq!(answer.json(), json!({ "status": ["ok"] })),
    });
    struck(json!({ "kind": "numeric-id" }), |path, answer| {
        assert_eq!(answer.status, status_of(path));
        assert!(path != LEAD || answer.json()["id"].is_u64());
    });
    // There is no link to lead astray, and the answer is in order.
    for kind in ["foreign-link", "script-link", "no-link"] {
        struck(json!({ "kind": kind }), |path, answer| assert_eq!(answer.status, status_of(path), "{path}"));
    }
}

#[test]
fn resets_come_before_and_after_the_deed() {
    for (kind, done) in [("reset-before", false), ("reset-after", true)] {
        let crm = Broctagon::start();
        let code = crm.code("email");
        for (path, body) in
            [(LEAD, lead()), (REQUEST, with(request(), "email", json!("other@example.com"))), (MULTISTEP, registration(&code))]
        {
            order(&crm, &json!({ "kind": kind }));
            assert_eq!(crm.try_post(path, &body).unwrap_err().kind(), ErrorKind::ConnectionReset, "{kind} {path}");
        }
        assert_eq!((crm.users().len(), crm.listed("outbox").len()), if done { (2, 2) } else { (0, 1) }, "{kind}");
    }
}

#[test]
fn a_fault_of_the_answer_waits_for_a_success() {
    let crm = Broctagon::start();
    order(&crm, &json!({ "kind": "empty" }));
    assert_eq!(crm.post(LEAD, &json!({})).status, 400);
    assert_eq!(crm.post(LEAD, &lead()).body.len(), 0);
}
