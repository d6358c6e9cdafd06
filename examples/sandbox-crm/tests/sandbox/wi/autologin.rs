//! The link that a sign-up answers, and the page it leads to.

use std::time::Duration;

use serde_json::json;

use crate::client::send;
use crate::server::{Server, jane, jane_with};

fn path(server: &Server, body: &serde_json::Value) -> String {
    let url = server.sign_up(body).json()["url"].as_str().unwrap().to_owned();
    url.strip_prefix(&format!("http://{}", server.address)).unwrap().to_owned()
}

#[test]
fn a_link_logs_in_once() {
    let server = Server::start();
    let path = path(&server, &jane());
    assert_eq!(send(server.address, "HEAD", &path, &[], b"").unwrap().status, 200);
    assert_eq!(server.users()[0]["loggedIn"], false);

    let answer = server.get(&path);
    assert_eq!((answer.status, answer.header("location"), answer.header("cache-control")), (303, Some("/wi/member"), Some("no-store")));
    assert_eq!(server.users()[0]["loggedIn"], true);
    let (cookie, attributes) = answer.header("set-cookie").unwrap().split_once("; ").unwrap();
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Path=/wi");

    let member = send(server.address, "GET", "/wi/member", &[("cookie", &format!("theme=dark; {cookie}"))], b"").unwrap();
    assert_eq!((member.status, member.header("cache-control")), (200, Some("no-store")));
    assert!(member.text().contains("<strong id=\"who\">user@example.com</strong>"));
    assert!(member.text().contains("Welcome, Jane"));

    let again = server.get(&path);
    assert_eq!((again.status, again.header("set-cookie"), again.header("cache-control")), (410, None, Some("no-store")));
    assert!(again.text().contains("already used"));
}

#[test]
fn a_link_expires() {
    let server = Server::start_with(&["--link-ttl-seconds", "1"]);
    let path = path(&server, &jane());
    std::thread::sleep(Duration::from_millis(1100));
    let answer = server.get(&path);
    assert_eq!((answer.status, answer.header("set-cookie")), (410, None));
    assert!(answer.text().contains("expired"));
    assert_eq!(server.users()[0]["loggedIn"], false);
}

#[test]
fn nobody_gets_in_otherwise() {
    let server = Server::start();
    for cookie in ["", "wi_session=", "wi_session=00000000-0000-4000-8000-000000000000"] {
        let answer = send(server.address, "GET", "/wi/member", &[("cookie", cookie)], b"").unwrap();
        assert_eq!((answer.status, answer.header("cache-control")), (401, Some("no-store")));
        assert!(!answer.text().contains("id=\"who\""));
    }
    assert_eq!(server.get("/wi/autologin/00000000-0000-4000-8000-000000000000/").status, 404);
    assert_eq!(server.get("/wi/autologin/nonsense/").status, 404);
}

#[test]
fn what_was_sent_is_escaped() {
    let server = Server::start();
    let mut body = jane_with("email", json!("<b>&\"'@example.com"));
    body["firstName"] = json!("<script>alert(1)</script>{{content}}");
    let answer = server.get(&path(&server, &body));
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap();
    let page = send(server.address, "GET", "/wi/member", &[("cookie", cookie)], b"").unwrap();
    assert!(page.text().contains("<strong id=\"who\">&lt;b&gt;&amp;&quot;&#39;@example.com</strong>"), "{}", page.text());
    assert!(!page.text().contains("<script>"));
    assert_eq!(page.text().matches("id=\"who\"").count(), 1);
}

#[test]
fn links_begin_with_the_public_url() {
    let server = Server::start_with(&["--public-url", "https://broker.example/"]);
    let url = server.sign_up(&jane()).json()["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("https://broker.example/wi/autologin/") && url.ends_with('/'), "{url}");
}
