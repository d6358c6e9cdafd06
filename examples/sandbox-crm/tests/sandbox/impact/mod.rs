//! Impact, as a client of it speaks to it: what its tests share.

mod access;
mod create;
mod faults;
mod member_area;
mod people;
mod trades;

use serde_json::{Value, json};

use crate::client::{Answer, send};
use crate::server::Server;

pub(crate) const KEY: (&str, &str) = ("X-Api-Key", "sandbox-impact-key");
pub(crate) const DOMAIN: (&str, &str) = ("X-DOMAIN", "brand.example");
pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");
pub(crate) const USER: (&str, &str) = ("ib@example.com", "sandbox-password");

/// A range that holds everything.
pub(crate) const EVER: &str = "registrationDateFrom=2000-01-01&registrationDateTo=2999-12-31";

pub(crate) fn call(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(server.address, method, &format!("/impact{path}"), headers, body.as_bytes()).unwrap()
}

pub(crate) fn seed(server: &Server, records: Value) {
    let answer = server.control("POST", "/impact/records", &records);
    assert_eq!(answer.status, 204, "{}", answer.text());
}

pub(crate) fn fault(server: &Server, fault: Value) {
    let answer = server.control("POST", "/impact/faults", &json!({ "fault": fault, "times": 1 }));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

pub(crate) fn created(server: &Server) -> Vec<Value> {
    server.get("/_control/impact/users").json().as_array().unwrap().clone()
}

pub(crate) fn requests(server: &Server) -> Vec<Value> {
    server.get("/_control/impact/requests").json().as_array().unwrap().clone()
}

/// All that is mandatory of a customer.
pub(crate) fn customer(email: &str) -> Value {
    let mut body = lead(email);
    body["password"] = json!("Passw0rd");
    body
}

/// All that is mandatory of a lead.
pub(crate) fn lead(email: &str) -> Value {
    json!({
        "firstName": "Jane", "lastName": "Doe", "email": email, "natonalityCountryCode": "CY", "phone": "+35799123456",
        "phoneCountryCode": "CY"
    })
}

pub(crate) fn create(server: &Server, what: &str, body: &Value) -> Answer {
    call(server, "POST", &format!("/api/v1/public/{what}"), &[KEY, DOMAIN, JSON], body)
}

pub(crate) fn log_in_as(server: &Server, (email, password): (&str, &str)) -> Answer {
    let body = json!({ "email": email, "password": password, "rememberMe": true });
    call(server, "POST", "/api/v1/auth/login", &[KEY, DOMAIN, JSON], &body)
}

pub(crate) fn token(server: &Server) -> String {
    let answer = log_in_as(server, USER);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["token"].as_str().unwrap().to_owned()
}

pub(crate) fn report(server: &Server, token: &str, report: &str) -> Answer {
    call(server, "GET", &format!("/api/v1/ib/{report}"), &[KEY, DOMAIN, ("X-Auth-Token", token)], &Value::Null)
}

pub(crate) fn refused(answer: &Answer, status: u16, message: &str) {
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!((answer.status, answer.json()), (status, json!({ "message": message })));
}
