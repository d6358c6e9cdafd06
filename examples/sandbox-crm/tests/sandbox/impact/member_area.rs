//! Impact: the three autologin URLs, and where they lead.

use std::time::Duration;

use serde_json::json;

use super::{create, created, customer};
use crate::client::{Answer, send};
use crate::server::Server;

fn token(server: &Server) -> String {
    create(server, "customer", &customer("user@example.com")).json()["token"].as_str().unwrap().to_owned()
}

fn log_in(server: &Server, query: &str) -> Answer {
    server.get(&format!("/impact/member/auth/login?{query}"))
}

fn follow(server: &Server, answer: &Answer) -> Answer {
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap();
    send(server.address, "GET", answer.header("location").unwrap(), &[("cookie", cookie)], b"").unwrap()
}

#[test]
fn the_three_urls_lead_where_the_document_says() {
    let server = Server::start();
    let token = token(&server);
    assert_eq!(created(&server)[0]["loggedIn"], false);
    for (query, location, title, popup) in [
        ("", "/impact/member/dashboard", "Welcome, Jane", "open"),
        ("&returnUrl=/wallet/deposit", "/impact/member/wallet/deposit", "Deposit", "open"),
        ("&returnUrl=%2Fwallet%2Fdeposit", "/impact/member/wallet/deposit", "Deposit", "open"),
        ("&returnUrl=/wallet/deposit&statusPopup=false", "/impact/member/wallet/deposit?statusPopup=false", "Deposit", "closed"),
        ("&statusPopup=false", "/impact/member/dashboard?statusPopup=false", "Welcome, Jane", "closed"),
    ] {
        let answer = log_in(&server, &format!("token={token}{query}"));
        assert_eq!((answer.status, answer.header("location"), answer.header("cache-control")), (303, Some(location), Some("no-store")));
        assert!(answer.header("set-cookie").unwrap().ends_with("; HttpOnly; SameSite=Lax; Path=/impact"));
        let page = follow(&server, &answer);
        assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")));
        assert!(page.text().contains(&format!("<h1>{title}</h1>")), "{}", page.text());
        assert!(page.text().contains("<strong id=\"who\">user@example.com</strong>"));
        assert!(page.text().contains(&format!("<span id=\"status-popup\">{popup}</span>")), "{}", page.text());
    }
    assert_eq!(created(&server)[0]["loggedIn"], true);
}

#[test]
fn looking_logs_nobody_in() {
    let server = Server::start();
    let path = format!("/impact/member/auth/login?token={}", token(&server));
    let answer = send(server.address, "HEAD", &path, &[], b"").unwrap();
    assert_eq!((answer.status, answer.header("set-cookie"), &created(&server)[0]["loggedIn"]), (200, None, &json!(false)));
}

#[test]
fn a_token_expires() {
    let server = Server::start_with(&["--link-ttl-seconds", "1"]);
    let token = token(&server);
    std::thread::sleep(Duration::from_millis(1100));
    let answer = log_in(&server, &format!("token={token}"));
    assert_eq!((answer.status, answer.header("set-cookie")), (410, None));
    assert!(answer.text().contains("expired"));
    assert_eq!(created(&server)[0]["loggedIn"], false);
}

#[test]
fn other_addresses_lead_nowhere() {
    let server = Server::start();
    let token = token(&server);
    for query in [
        "&returnUrl=https://evil.example/",
        "&returnUrl=//evil.example",
        "&returnUrl=wallet/deposit",
        "&returnUrl=",
        "&returnUrl=/wallet/deposit&returnUrl=/dashboard",
        "&statusPopup=no",
        "&utm_source=x",
    ] {
        let answer = log_in(&server, &format!("token={token}{query}"));
        assert_eq!((answer.status, answer.header("set-cookie")), (400, None), "{query}");
    }
    for query in ["", "token=", "token=nonsense", "token=00000000-0000-4000-8000-000000000000"] {
        assert_eq!(log_in(&server, query).status, 404, "{query}");
    }
    for page in ["dashboard", "wallet/deposit"] {
        let answer = server.get(&format!("/impact/member/{page}"));
        assert!(answer.status == 401 && !answer.text().contains("id=\"who\""));
    }
    assert_eq!(created(&server)[0]["loggedIn"], false);
}
