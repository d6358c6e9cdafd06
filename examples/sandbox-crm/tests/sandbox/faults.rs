//! Every fault, as a client sees it, and whether a user came of it: on Wi, as on any CRM.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::Answer;
use crate::server::{Server, jane, jane_with};

/// Strikes one sign-up with it. Returns the answer, and whether there is a user afterwards; the next sign-up must be in order.
fn struck(fault: Value) -> (Answer, bool) {
    let server = Server::start();
    server.fault(fault.clone());
    let answer = server.sign_up(&jane());
    let created = after(&server, &fault);
    (answer, created)
}

fn after(server: &Server, fault: &Value) -> bool {
    let users = server.users();
    let request = &server.requests()[0];
    assert_eq!(request["fault"]["kind"], fault["kind"]);
    assert_eq!(request.get("createdUserId"), users.first().map(|user| &user["id"]));
    let next = server.sign_up(&jane_with("email", json!("next@example.com")));
    assert_eq!(next.status, 200);
    assert!(next.json()["id"].is_string());
    !users.is_empty()
}

fn error(status: u16, message: &str) -> Value {
    json!({ "message": message, "providerStatus": status })
}

#[test]
fn delay_holds_the_whole_answer_back() {
    let (answer, created) = struck(json!({ "kind": "delay", "ms": 600 }));
    assert!(answer.first_byte >= Duration::from_millis(600), "{answer:?}");
    assert!(answer.status == 200 && answer.json()["url"].is_string() && created);
}

#[test]
fn delay_goes_on_after_the_client_has_gone() {
    use std::io::Write;
    let server = Server::start();
    server.fault(json!({ "kind": "delay", "ms": 500 }));
    let body = jane().to_string();
    let mut stream = TcpStream::connect(server.address).unwrap();
    let path = crate::server::SIGN_UP;
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nx-api-key: {}\r\n", crate::server::KEY);
    stream.write_all(format!("{head}content-length: {length}\r\n\r\n{body}").as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    drop(stream);
    assert_eq!(server.requests()[0]["answer"], Value::Null);
    assert!(server.users().is_empty());
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(server.users().len(), 1);
    assert_eq!(server.requests()[0]["answer"]["status"], 200);
}

#[test]
fn reset_forgets_a_delayed_request() {
    let server = Server::start();
    server.fault(json!({ "kind": "delay", "ms": 500 }));
    std::thread::scope(|scope| {
        let request = scope.spawn(|| server.try_sign_up(&jane()));
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(server.control("POST", "/reset", &Value::Null).status, 204);
        assert_eq!(request.join().unwrap().unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
    assert!(server.users().is_empty() && server.requests().is_empty());
}

#[test]
fn status_has_the_documents_body_where_there_is_one() {
    for (status, message) in [
        (400, "Email, phone and first name are required"),
        (401, "Invalid secret key"),
        (403, "Forbidden"),
        (404, "Not Found"),
        (500, "Internal server error"),
        (503, "Service Unavailable"),
        (599, "Error"),
    ] {
        let (answer, created) = struck(json!({ "kind": "status", "status": status }));
        assert_eq!((answer.status, answer.json(), created), (status, error(status, message), false));
    }
}

#[test]
fn rate_limited_says_when_to_come_back() {
    let (answer, created) = struck(json!({ "kind": "rate-limited", "retryAfterSeconds": 7 }));
    assert_eq!((answer.status, answer.header("retry-after"), created), (429, Some("7"), false));
    assert_eq!(answer.json(), error(429, "Too many requests"));
}

#[test]
fn resets_send_a_reset_and_not_one_byte() {
    for (kind, user) in [("reset-before", false), ("reset-after", true)] {
        let server = Server::start();
        let fault = json!({ "kind": kind });
        server.fault(fault.clone());
        let failure = server.try_sign_up(&jane()).unwrap_err();
        assert_eq!(failure.kind(), ErrorKind::ConnectionReset, "{failure}");
        assert!(failure.to_string().contains("after 0 bytes"), "{failure}");
        assert_eq!(server.requests()[0]["answer"], Value::Null);
        assert_eq!(after(&server, &fault), user);
    }
}

#[test]
fn broken_json_breaks_off() {
    let (answer, created) = struck(json!({ "kind": "broken-json" }));
    assert_eq!((answer.status, answer.header("content-type"), created), (200, Some("application/json"), true));
    assert!(answer.text().starts_with("{\"id\":\"") && serde_json::from_slice::<Value>(&answer.body).is_err());
}

#[test]
fn html_is_a_page() {
    let (answer, created) = struck(json!({ "kind": "html" }));
    assert_eq!((answer.status, answer.header("content-type"), created), (200, Some("text/html; charset=utf-8"), false));
    assert!(answer.text().starts_with("<!doctype html>"));
}

#[test]
fn slow_body_sends_the_head_at_once() {
    let (answer, created) = struck(json!({ "kind": "slow-body", "ms": 1000 }));
    assert!(answer.first_byte < Duration::from_millis(500) && answer.whole >= Duration::from_millis(1000), "{answer:?}");
    assert!(answer.status == 200 && answer.json()["url"].is_string() && created);
}

#[test]
fn huge_body_has_the_bytes_ordered() {
    let (answer, created) = struck(json!({ "kind": "huge-body", "bytes": 3_000_001 }));
    assert_eq!((answer.status, answer.body.len(), created), (200, 3_000_001, true));
    assert!(answer.json()["id"].is_string());
}

#[test]
fn empty_has_no_body() {
    let (answer, created) = struck(json!({ "kind": "empty" }));
    assert_eq!((answer.status, answer.body.len(), created), (200, 0, true));
}

#[test]
fn links_lead_astray_or_nowhere() {
    let (answer, created) = struck(json!({ "kind": "foreign-link" }));
    assert!(answer.json()["url"].as_str().unwrap().starts_with("https://evil.example/") && created);
    let (answer, created) = struck(json!({ "kind": "script-link" }));
    assert!(answer.json()["url"] == "javascript:alert(1)" && created);
    let (answer, created) = struck(json!({ "kind": "no-link" }));
    assert!(answer.json()["id"].is_string() && answer.json().get("url").is_none() && created);
}

#[test]
fn redirect_leads_elsewhere() {
    let (answer, created) = struck(json!({ "kind": "redirect" }));
    assert_eq!((answer.status, answer.header("location"), created), (302, Some("https://elsewhere.example/"), false));
    let (answer, _) = struck(json!({ "kind": "redirect", "to": "http://127.0.0.1:1/x" }));
    assert_eq!(answer.header("location"), Some("http://127.0.0.1:1/x"));
}

#[test]
fn refuse_says_what_it_is_told_to() {
    let (answer, created) = struck(json!({ "kind": "refuse", "message": "Country is not served" }));
    assert_eq!((answer.status, answer.json(), created), (400, error(400, "Country is not served"), false));
}

#[test]
fn numeric_id_is_a_number_that_the_user_has() {
    let server = Server::start();
    server.fault(json!({ "kind": "numeric-id" }));
    let id = server.sign_up(&jane()).json()["id"].as_u64().unwrap();
    assert_eq!(server.users()[0]["id"], id.to_string());
}

#[test]
fn a_fault_of_the_answer_waits_for_a_success() {
    let server = Server::start();
    server.fault(json!({ "kind": "empty" }));
    assert_eq!(server.sign_up(&json!({})).status, 400);
    assert_eq!(server.sign_up(&jane()).body.len(), 0);
}
