//! "Create a new session" and "Request access token".

use std::time::Duration;

use serde_json::{Value, json};

use super::{Crm, PASSWORD, USERNAME, john, refused};

fn log_in(crm: &Crm, body: &Value) -> crate::client::Answer {
    crm.open("POST", "/sessions", Some(body))
}

#[test]
fn an_affiliate_logs_in() {
    let crm = Crm::start();
    let session = log_in(&crm, &json!({ "username": USERNAME, "password": PASSWORD })).json();
    let names: Vec<_> = session.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(session["token"].as_str().unwrap().starts_with("sandbox-trading-bearer-"));
    assert!(session["refreshToken"].as_str().unwrap().starts_with("sandbox-trading-refresh-"));
    assert_eq!((&session["user"]["refKey"], &session["user"]["email"]), (&json!("0BaHeZI1Je"), &json!(USERNAME)));
    assert_eq!(session["outstandingOnboardingSteps"], json!([]));
    assert_eq!(crm.with_token(session["token"].as_str().unwrap(), "GET", "/affiliates/balance", None).status, 200);
}

#[test]
fn a_customer_logs_in_by_email_and_hears_what_is_outstanding() {
    let crm = Crm::start();
    let id = crm.create(&john())["id"].clone();
    let session = log_in(&crm, &json!({ "username": "JohnDoe@gmail.com", "password": "JohnDoe500" })).json();
    assert_eq!((&session["user"]["id"], &session["user"]["name"]), (&id, &json!("John Doe")));
    assert_eq!(session["outstandingOnboardingSteps"], json!(["PhoneConfirmation"]));
    // Not in a browser.
    assert_eq!(crm.control("users")[0]["loggedIn"], false);
}

#[test]
fn nobody_else_logs_in() {
    let crm = Crm::start();
    for (username, password) in [(USERNAME, "wrong"), ("nobody@example.com", PASSWORD), ("other@example.com", PASSWORD)] {
        refused(&log_in(&crm, &json!({ "username": username, "password": password })), 401, "Invalid username or password");
    }
    refused(&log_in(&crm, &json!({ "username": USERNAME })), 400, "Field \"password\" is required");
    refused(&log_in(&crm, &json!({ "username": USERNAME, "password": 1 })), 400, "Field \"password\" must be a string");
    refused(&log_in(&crm, &json!({ "email": USERNAME })), 400, "Field \"email\" is unknown");
}

#[test]
fn a_session_ends_and_a_refresh_token_renews_it_once() {
    let crm = Crm::start_with(&["--trading-session-ttl-seconds", "1", "--trading-refresh-ttl-seconds", "3"]);
    let session = log_in(&crm, &json!({ "username": USERNAME, "password": PASSWORD })).json();
    let token = session["token"].as_str().unwrap();
    std::thread::sleep(Duration::from_millis(1100));
    refused(&crm.with_token(token, "GET", "/affiliates/balance", None), 401, "Invalid or expired token");

    let refresh = session["refreshToken"].as_str().unwrap();
    let answer = crm.grant(refresh);
    let renewed = answer.json();
    assert_eq!((answer.status, &renewed["token_type"], &renewed["expires_in"]), (200, &json!("Bearer"), &json!(1)));
    assert_eq!(crm.with_token(renewed["access_token"].as_str().unwrap(), "GET", "/affiliates/balance", None).status, 200);
    refused(&crm.grant(refresh), 401, "Invalid or expired refresh token");
    std::thread::sleep(Duration::from_millis(3100));
    refused(&crm.grant(renewed["refresh_token"].as_str().unwrap()), 401, "Invalid or expired refresh token");
}

#[test]
fn a_grant_is_a_form() {
    let crm = Crm::start();
    let answer = crm.open("POST", "/oauth/token", Some(&json!({ "grant_type": "refresh_token" })));
    refused(&answer, 400, "Content-Type must be application/x-www-form-urlencoded");
    refused(&crm.form("refresh_token=x"), 400, "Field \"grant_type\" is required");
    refused(&crm.form("grant_type=refresh_token"), 400, "Field \"refresh_token\" is required");
    refused(&crm.form("grant_type=password"), 400, "Field \"grant_type\" must be one of authorization_code, refresh_token");
    refused(&crm.form("grant_type=authorization_code&code=x"), 400, "Field \"grant_type\" must be refresh_token");
    refused(&crm.form("grant_type=refresh_token&grant_type=refresh_token"), 400, "Field \"grant_type\" must be given once");
    refused(&crm.form("scope=all"), 400, "Field \"scope\" is unknown");
}
