//! Wi's buckets: who is in one. The neighbour is `buckets`.

use serde_json::{Value, json};

use super::{AFFILIATE, BUCKET, JSON, TOKEN, look_up, look_up_at, seed, with_bucket};
use crate::server::{Server, jane_with};

fn emails(server: &Server, path: &str) -> Vec<String> {
    let answer = look_up_at(server, path, &[JSON, ("authorization", TOKEN)], &json!({}));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json().as_object().unwrap().keys().cloned().collect()
}

fn sign_up(server: &Server, name: &str, more: Value) -> Value {
    let mut body = jane_with("email", json!(format!("{name}@example.com")));
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = server.sign_up(&body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].clone()
}

#[test]
fn who_signs_up_with_the_affiliate_is_in_its_bucket() {
    let server = Server::start();
    with_bucket(&server);
    seed(&server, json!({ "buckets": [{ "id": "second", "affiliateID": AFFILIATE, "sources": ["tiktok"] }] }));
    let before = jiff::Timestamp::now().as_millisecond();
    let id = sign_up(&server, "facebook", json!({ "affiliateID": AFFILIATE, "sourceId": "facebook_ads", "status": "new" }));
    sign_up(&server, "google", json!({ "affiliateID": AFFILIATE, "sourceId": "google ads" }));
    sign_up(&server, "sourceless", json!({ "affiliateID": AFFILIATE }));
    sign_up(&server, "tiktok", json!({ "affiliateID": AFFILIATE, "sourceId": "tiktok" }));
    sign_up(&server, "other", json!({ "affiliateID": "99", "sourceId": "facebook_ads" }));
    sign_up(&server, "nobodys", json!({}));

    let all = format!("{BUCKET}/{AFFILIATE}/leads");
    assert_eq!(emails(&server, &all), ["facebook@example.com", "google@example.com", "sourceless@example.com"]);
    assert_eq!(emails(&server, &format!("{all}/facebook_ads")), ["facebook@example.com"]);
    assert_eq!(emails(&server, &format!("second/{AFFILIATE}/leads")), ["sourceless@example.com", "tiktok@example.com"]);

    let lead = look_up(&server, &json!({ "ids": [id], "keyBy": "id" })).json()[id.as_str().unwrap()].clone();
    let created: jiff::Timestamp = lead["createdDate"].as_str().unwrap().parse().unwrap();
    assert!(created.as_millisecond() >= before);
    assert_eq!(
        lead,
        json!({ "id": id, "email": "facebook@example.com", "affiliateID": AFFILIATE, "status": "new", "createdDate": lead["createdDate"] })
    );
    let default = look_up(&server, &json!({ "emails": ["google@example.com"] })).json();
    assert_eq!(default["google@example.com"]["status"], "active");
    // Created since we received it, and not before.
    let since = |from: i64| look_up(&server, &json!({ "filters": { "createdDate": [from.to_string(), "9999999999999"] } })).json();
    assert_eq!(since(before).as_object().unwrap().len(), 3);
    assert_eq!(since(jiff::Timestamp::now().as_millisecond() + 1000), json!({}));
}

#[test]
fn a_test_says_what_became_of_a_lead() {
    let server = Server::start();
    with_bucket(&server);
    let id = sign_up(&server, "user", json!({ "affiliateID": AFFILIATE }));
    seed(&server, json!({ "leads": [{ "email": "user@example.com", "ftd": "2026-03-04T05:06:07.890Z" }] }));
    seed(&server, json!({ "leads": [{ "id": id, "email": "user@example.com", "status": "deposited", "createdDate": "2026-03-01" }] }));
    let lead = json!({
        "id": id, "email": "user@example.com", "affiliateID": AFFILIATE, "status": "deposited",
        "createdDate": "2026-03-01T00:00:00.000Z", "ftd": "2026-03-04T05:06:07.890Z"
    });
    assert_eq!(look_up(&server, &json!({})).json(), json!({ "user@example.com": lead }));
    seed(&server, json!({ "leads": [{ "email": "user@example.com", "ftd": null }] }));
    let lead = look_up(&server, &json!({})).json()["user@example.com"].clone();
    assert!(lead["ftd"].is_null() && lead.get("ftd").is_some(), "{lead}");

    seed(&server, json!({ "leads": [{ "email": "user@example.com", "bucketId": "second" }] }));
    assert_eq!(look_up(&server, &json!({})).json(), json!({}));
}

#[test]
fn records_that_make_no_sense_are_refused() {
    let server = Server::start();
    for (records, words) in [
        (json!([]), "invalid"),
        (json!({ "bucket": [] }), "unknown field `bucket`"),
        (json!({ "buckets": [{ "id": "1" }] }), "missing field `affiliateID`"),
        (json!({ "leads": [{ "email": "a@example.com", "createdDate": "yesterday" }] }), "neither a date"),
        (json!({ "tokens": [{ "token": "t", "ips": ["localhost"] }] }), "invalid IP address"),
    ] {
        let answer = server.control("POST", "/wi/records", &records);
        assert_eq!(answer.status, 400, "{records}");
        assert!(answer.json()["message"].as_str().unwrap().contains(words), "{}", answer.text());
    }
}
