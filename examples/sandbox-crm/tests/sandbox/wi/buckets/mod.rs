//! Wi's buckets: what a look-up may ask, and what it is answered.

mod access;
mod members;

use serde_json::{Value, json};

use crate::client::{Answer, send};
use crate::server::Server;

pub(crate) const TOKEN: &str = "sandbox-wi-token";
pub(crate) const BUCKET: &str = "69ce524d741e8f2238329fff";
pub(crate) const AFFILIATE: &str = "1234567890";
pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");

pub(crate) fn seed(server: &Server, records: Value) {
    let answer = server.control("POST", "/wi/records", &records);
    assert_eq!(answer.status, 204, "{}", answer.text());
}

/// A bucket with two sources.
pub(crate) fn with_bucket(server: &Server) {
    seed(server, json!({ "buckets": [{ "id": BUCKET, "affiliateID": AFFILIATE, "sources": ["facebook_ads", "google ads"] }] }));
}

pub(crate) fn look_up_at(server: &Server, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    send(server.address, "POST", &format!("/wi/api/public/buckets/{path}"), headers, body.to_string().as_bytes()).unwrap()
}

pub(crate) fn look_up(server: &Server, body: &Value) -> Answer {
    look_up_at(server, &format!("{BUCKET}/{AFFILIATE}/leads"), &[JSON, ("authorization", TOKEN)], body)
}

pub(crate) fn refused(answer: &Answer, status: u16, message: &str) {
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!((answer.status, answer.json()), (status, json!({ "message": message, "statusCode": status })));
}

fn lead(number: u32) -> Value {
    let created = format!("2026-01-01T00:00:{number:02}Z");
    json!({ "id": format!("id-{number}"), "email": format!("user{number}@example.com"), "affiliateID": AFFILIATE, "createdDate": created })
}

fn keys(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json().as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_example_is_answered_as_in_the_document() {
    let server = Server::start();
    with_bucket(&server);
    let lead = json!({
        "id": "69ce524d741e8f2238329aaa", "email": "user1@example.com", "affiliateID": AFFILIATE, "status": "active",
        "createdDate": "2021-01-01T00:00:00.000Z", "ftd": "2021-01-01T00:00:00.000Z"
    });
    seed(&server, json!({ "leads": [lead] }));
    let body = json!({
        "emails": ["user1@example.com"], "ids": ["69ce524d741e8f2238329fff"], "keyBy": "email",
        "filters": { "createdDate": ["1576172330450", "1776172330450"] }, "limit": 100, "offset": 0
    });
    let answer = look_up(&server, &body);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.json(), json!({ "user1@example.com": lead }));
    assert_eq!(look_up(&server, &json!({ "emails": ["nobody@example.com"] })).json(), json!({}));

    let request = &server.requests()[0];
    assert_eq!(request["path"], format!("/api/public/buckets/{BUCKET}/{AFFILIATE}/leads"));
    assert_eq!((&request["body"], &request["answer"]["status"]), (&body, &json!(200)));
}

#[test]
fn emails_and_ids_add_up_and_neither_means_all() {
    let server = Server::start();
    with_bucket(&server);
    seed(&server, json!({ "leads": (0..5).map(lead).collect::<Vec<_>>() }));
    assert_eq!(
        keys(&look_up(&server, &json!({ "emails": ["USER1@example.com", "x@example.com"], "ids": ["id-3"] }))),
        ["user1@example.com", "user3@example.com"]
    );
    assert_eq!(keys(&look_up(&server, &json!({ "emails": [], "ids": [] }))).len(), 5);
    assert_eq!(keys(&look_up(&server, &json!({}))).len(), 5);
}

#[test]
fn keyed_by_id_falls_back_to_the_email() {
    let server = Server::start();
    with_bucket(&server);
    let without_id = json!({ "email": "noid@example.com", "affiliateID": AFFILIATE });
    seed(&server, json!({ "leads": [lead(1), without_id] }));
    let answer = look_up(&server, &json!({ "keyBy": "id" }));
    assert_eq!(keys(&answer), ["id-1", "noid@example.com"]);
    assert!(answer.json()["noid@example.com"].get("id").is_none());
}

#[test]
fn two_of_one_email_collapse_only_when_keyed_by_email() {
    let server = Server::start();
    with_bucket(&server);
    let mut twin = lead(2);
    twin["email"] = json!("user1@example.com");
    seed(&server, json!({ "leads": [lead(1), twin] }));
    let answer = look_up(&server, &json!({ "keyBy": "email" }));
    assert_eq!((keys(&answer).len(), &answer.json()["user1@example.com"]["id"]), (1, &json!("id-2")));
    assert_eq!(keys(&look_up(&server, &json!({ "keyBy": "id" }))), ["id-1", "id-2"]);
}

#[test]
fn created_date_is_a_range_with_both_ends() {
    let server = Server::start();
    with_bucket(&server);
    seed(&server, json!({ "leads": (0..5).map(lead).collect::<Vec<_>>() }));
    let second = |number: i64| (1_767_225_600_000 + 1000 * number).to_string();
    let filtered = |from: String, to: String| keys(&look_up(&server, &json!({ "filters": { "createdDate": [from, to] }, "keyBy": "id" })));
    assert_eq!(filtered(second(1), second(3)), ["id-1", "id-2", "id-3"]);
    assert_eq!(filtered(second(4), second(99)), ["id-4"]);
    assert_eq!(keys(&look_up(&server, &json!({ "filters": {} }))).len(), 5);
}

#[test]
fn pages_follow_one_another_to_the_empty_one() {
    let server = Server::start();
    with_bucket(&server);
    let leads: Vec<_> = (0..205)
        .map(|number| json!({ "id": format!("{number:03}"), "email": format!("u{number}@example.com"), "affiliateID": AFFILIATE }))
        .collect();
    seed(&server, json!({ "leads": leads }));
    assert_eq!(keys(&look_up(&server, &json!({ "keyBy": "id" }))).len(), 100);
    let mut all = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let page = keys(&look_up(&server, &json!({ "keyBy": "id", "offset": all.len() })));
        sizes.push(page.len());
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    assert_eq!(sizes, [100, 100, 5, 0]);
    all.dedup();
    assert_eq!(all.len(), 205);
    // After filtering: the second of the three that are asked for.
    let asked = json!({ "ids": ["010", "100", "200"], "keyBy": "id", "limit": 1, "offset": 1 });
    assert_eq!(keys(&look_up(&server, &asked)), ["100"]);
}

#[test]
fn more_than_a_hundred_keys_are_refused() {
    let server = Server::start();
    with_bucket(&server);
    let some = |prefix: &str, count: usize| (0..count).map(|number| format!("{prefix}{number}")).collect::<Vec<_>>();
    assert_eq!(look_up(&server, &json!({ "emails": some("e", 60), "ids": some("i", 40) })).status, 200);
    for (emails, ids) in [(60, 41), (101, 0), (0, 101)] {
        let answer = look_up(&server, &json!({ "emails": some("e", emails), "ids": some("i", ids) }));
        refused(&answer, 400, "No more than 100 emails and ids are allowed");
    }
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let server = Server::start();
    with_bucket(&server);
    let range = "Field \"filters.createdDate\" must be two strings of epoch milliseconds, from and to";
    for (body, message) in [
        (json!([]), "Request body must be a JSON object"),
        (json!({ "email": ["a@b.c"] }), "Field \"email\" is unknown"),
        (json!({ "emails": "a@b.c" }), "Field \"emails\" must be an array"),
        (json!({ "emails": null }), "Field \"emails\" must be an array"),
        (json!({ "ids": ["a", 7] }), "Field \"ids[1]\" must be a string"),
        (json!({ "keyBy": "phone" }), "Field \"keyBy\" must be \"email\" or \"id\""),
        (json!({ "filters": [] }), "Field \"filters\" must be an object"),
        (json!({ "filters": { "status": "x" } }), "Field \"filters.status\" is unknown"),
        (json!({ "filters": { "createdDate": "1" } }), "Field \"filters.createdDate\" must be an array"),
        (json!({ "filters": { "createdDate": [1, 2] } }), "Field \"filters.createdDate[0]\" must be a string"),
        (json!({ "filters": { "createdDate": ["1"] } }), range),
        (json!({ "filters": { "createdDate": ["2", "1"] } }), range),
        (json!({ "filters": { "createdDate": ["", "1"] } }), range),
        (json!({ "filters": { "createdDate": ["2026-01-01", "2026-01-02"] } }), range),
        (json!({ "limit": "1" }), "Field \"limit\" must be a whole number, at least 1"),
        (json!({ "limit": 0 }), "Field \"limit\" must be a whole number, at least 1"),
        (json!({ "offset": -1 }), "Field \"offset\" must be a whole number, at least 0"),
        (json!({ "offset": 1.5 }), "Field \"offset\" must be a whole number, at least 0"),
    ] {
        refused(&look_up(&server, &body), 400, message);
    }
    let untyped = look_up_at(&server, &format!("{BUCKET}/{AFFILIATE}/leads"), &[("authorization", TOKEN)], &json!({}));
    refused(&untyped, 400, "Content-Type must be application/json");
}
