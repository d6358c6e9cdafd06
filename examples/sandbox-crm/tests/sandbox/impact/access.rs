//! Impact: logging in for the IB reports, and what is refused without.

use std::time::Duration;

use serde_json::{Value, json};

use super::{DOMAIN, EVER, JSON, KEY, USER, call, create, customer, log_in_as, refused, report, seed, token};
use crate::server::Server;

const REPORTS: [&str; 5] = ["leads", "registrations", "transactions", "servers", "positions"];

#[test]
fn the_log_in_answers_a_token() {
    let server = Server::start();
    let answer = log_in_as(&server, USER);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(answer.json(), json!({ "token": token }));
    assert_eq!(report(&server, &token, "servers").status, 200);
    // A second one leaves the first as it was.
    assert_ne!(log_in_as(&server, USER).json()["token"], json!(token));
    assert_eq!(report(&server, &token, "servers").status, 200);
}

#[test]
fn a_log_in_is_refused() {
    let server = Server::start();
    seed(&server, json!({ "users": [{ "email": "new@example.com", "password": "p", "verified": false }] }));
    for user in [("ib@example.com", "wrong"), ("other@example.com", "sandbox-password"), ("", "")] {
        refused(&log_in_as(&server, user), 401, "Invalid email or password");
    }
    refused(&log_in_as(&server, ("new@example.com", "p")), 401, "Email is not verified");
    let log_in = |headers: &[(&str, &str)], body: Value| call(&server, "POST", "/api/v1/auth/login", headers, &body);
    refused(&log_in(&[DOMAIN, JSON], json!({})), 401, "Invalid API key");
    refused(&log_in(&[KEY, JSON], json!({})), 403, "X-DOMAIN is not the domain of the API key");
    refused(&log_in(&[KEY, DOMAIN], json!({})), 400, "Content-Type must be application/json");
    for (body, message) in [
        (json!({}), "Field \"email\" is required"),
        (json!({ "email": "a" }), "Field \"password\" is required"),
        (json!({ "email": "a", "password": 1, "rememberMe": true }), "Field \"password\" must be a string"),
        (json!({ "email": "a", "password": "b" }), "Field \"rememberMe\" is required"),
        (json!({ "email": "a", "password": "b", "rememberMe": "true" }), "Field \"rememberMe\" must be a boolean"),
        (json!({ "username": "a" }), "Field \"username\" is unknown"),
    ] {
        refused(&log_in(&[KEY, DOMAIN, JSON], body), 400, message);
    }
    let answer = call(&server, "GET", "/api/v1/auth/login", &[KEY, DOMAIN], &Value::Null);
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
}

#[test]
fn every_report_asks_for_key_domain_and_token() {
    let server = Server::start();
    let token = token(&server);
    let auth = ("X-Auth-Token", token.as_str());
    for name in REPORTS {
        let path = format!("/api/v1/ib/{name}");
        let get = |headers: &[(&str, &str)]| call(&server, "GET", &path, headers, &Value::Null);
        refused(&get(&[DOMAIN, auth]), 401, "Invalid API key");
        refused(&get(&[KEY, auth]), 403, "X-DOMAIN is not the domain of the API key");
        refused(&get(&[KEY, DOMAIN]), 401, "Missing token");
        refused(&get(&[KEY, DOMAIN, ("X-Auth-Token", "wrong")]), 401, "Invalid token");
        let answer = call(&server, "POST", &path, &[KEY, DOMAIN, auth, JSON], &json!({}));
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")));
    }
}

#[test]
fn a_token_belongs_to_its_api_key() {
    let server = Server::start();
    seed(&server, json!({ "apiKeys": [{ "key": "second", "domain": "brand.example" }] }));
    let headers = [("X-Api-Key", "second"), DOMAIN, ("X-Auth-Token", &*token(&server))];
    refused(&call(&server, "GET", "/api/v1/ib/servers", &headers, &Value::Null), 401, "Invalid token");
}

#[test]
fn tokens_expire_by_themselves() {
    let server = Server::start_with(&["--impact-token-ttl-seconds", "1"]);
    let token = token(&server);
    assert_eq!(report(&server, &token, "servers").status, 200);
    std::thread::sleep(Duration::from_millis(1100));
    refused(&report(&server, &token, "servers"), 401, "Token has expired");
}

#[test]
fn tokens_expire_when_a_test_wants() {
    let server = Server::start();
    let first = token(&server);
    seed(&server, json!({ "expireTokens": true }));
    for name in REPORTS {
        refused(&report(&server, &first, name), 401, "Token has expired");
    }
    assert_eq!(report(&server, &token(&server), "servers").status, 200);
}

#[test]
fn permission_and_modules_are_needed() {
    let server = Server::start();
    seed(&server, json!({ "users": [{ "email": "clerk@example.com", "password": "p", "permissions": ["Leads"] }] }));
    let clerk = log_in_as(&server, ("clerk@example.com", "p")).json()["token"].as_str().unwrap().to_owned();
    let token = token(&server);
    for (name, module) in REPORTS.into_iter().zip(["leads", "leads", "transactions", "platforms", "platforms"]) {
        refused(&report(&server, &clerk, name), 403, "Missing permission: IB Reports");
        seed(&server, json!({ "withoutModules": [module] }));
        refused(&report(&server, &token, name), 403, &format!("The {module} module is not enabled"));
        seed(&server, json!({ "withoutModules": [] }));
        assert_ne!(report(&server, &token, name).status, 403);
    }
}

#[test]
fn an_affiliate_may_have_a_log_in_of_its_own() {
    let server = Server::start();
    seed(
        &server,
        json!({
            "users": [{ "email": "a17@example.com", "password": "p", "sees": "own" }],
            "servers": { "mt4": ["mt4"] },
            "registrations": [
                { "email": "one@example.com", "source": "a17@example.com",
                  "accounts": [{ "loginId": "1", "platformServer": "mt4", "type": "live" }] },
                { "email": "two@example.com", "source": "a18@example.com",
                  "accounts": [{ "loginId": "2", "platformServer": "mt4", "type": "live" }] }
            ],
            "transactions": [
                { "transactionDate": "2026-01-01", "amount": "1", "loginId": "1", "platformServer": "mt4" },
                { "transactionDate": "2026-01-01", "amount": "2", "loginId": "2", "platformServer": "mt4" },
                { "transactionDate": "2026-01-01", "amount": "3" }
            ],
            "positions": [
                { "serverTag": "mt4", "loginId": "1", "closeDate": "2026-01-01" },
                { "serverTag": "mt4", "loginId": "2", "closeDate": "2026-01-01" }
            ]
        }),
    );
    let own = log_in_as(&server, ("a17@example.com", "p")).json()["token"].as_str().unwrap().to_owned();
    let all = token(&server);
    for (name, filters, total) in [
        ("leads", EVER, 2),
        ("registrations", EVER, 2),
        ("transactions", "transactionDateFrom=2026-01-01&transactionDateTo=2026-01-01", 3),
        ("positions", "positionCloseDateFrom=2026-01-01&positionCloseDateTo=2026-01-01&serverTag=mt4", 2),
    ] {
        let path = format!("{name}?{filters}");
        assert_eq!(report(&server, &all, &path).json()["total"], total, "{name}");
        let answer = report(&server, &own, &path).json();
        assert_eq!(answer["total"], 1, "{name}: {answer}");
    }
    let leads = report(&server, &own, &format!("leads?{EVER}")).json();
    assert_eq!(leads["leads"][0]["email"], "one@example.com");
}

#[test]
fn the_command_line_sets_the_credentials() {
    let server = Server::start_with(&[
        "--impact-api-key",
        "k",
        "--impact-domain",
        "d.example",
        "--impact-user",
        "u@example.com",
        "--impact-password",
        "p",
    ]);
    let headers = [("X-Api-Key", "k"), ("X-DOMAIN", "d.example"), JSON];
    let body = json!({ "email": "u@example.com", "password": "p", "rememberMe": false });
    assert_eq!(call(&server, "POST", "/api/v1/auth/login", &headers, &body).status, 200);
    refused(&log_in_as(&server, USER), 401, "Invalid API key");
}

#[test]
fn reset_forgets_all_but_the_command_line() {
    let server = Server::start();
    seed(&server, json!({ "servers": { "mt4": ["mt4"] }, "users": [{ "email": "a@example.com", "password": "p" }] }));
    assert_eq!(create(&server, "customer", &customer("user@example.com")).status, 200);
    let before = token(&server);
    assert_eq!(server.control("POST", "/reset", &Value::Null).status, 204);
    refused(&report(&server, &before, "servers"), 401, "Invalid token");
    refused(&log_in_as(&server, ("a@example.com", "p")), 401, "Invalid email or password");
    let token = token(&server);
    assert_eq!(report(&server, &token, "servers").json(), json!({}));
    assert_eq!(report(&server, &token, &format!("leads?{EVER}")).json()["total"], 0);
}
