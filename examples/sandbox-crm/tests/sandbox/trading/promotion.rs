//! What an affiliate advertises with.

use serde_json::{Value, json};

use super::{Crm, KEY, john, refused};

#[test]
fn a_reference_key_has_5_to_20_characters_and_one_owner() {
    let crm = Crm::start();
    let put = |key: Value| crm.with_token(&crm.token, "PUT", "/affiliates/reference-key", Some(&json!({ "refKey": key })));
    refused(&put(json!("four")), 400, "Field \"refKey\" must have 5 to 20 characters");
    refused(&put(json!("x".repeat(21))), 400, "Field \"refKey\" must have 5 to 20 characters");
    refused(&put(json!(12345)), 400, "Field \"refKey\" must be a string");
    refused(&put(json!("OTHER-REF")), 400, "This reference key is taken");
    assert_eq!(put(json!("äöüßx")).json(), json!({ "success": true }));
    assert_eq!(put(json!("new-key")).json(), json!({ "success": true }));
    assert_eq!(crm.open("GET", "/leads/signup-code?code=new-key", None).status, 200);
    assert_eq!(crm.open("GET", "/leads/signup-code?code=0BaHeZI1Je", None).status, 404);
}

#[test]
fn a_new_affiliate_key_ends_the_old_one() {
    let crm = Crm::start();
    let key = crm.with_token(&crm.token, "POST", "/affiliate-keys", None).json()["key"].as_str().unwrap().to_owned();
    refused(&crm.with_key(KEY, "GET", "/affiliates/customers/count", None), 401, "Invalid API key");
    assert_eq!(crm.with_key(&key, "GET", "/affiliates/customers/count", None).status, 200);
}

#[test]
fn pages_groups_and_banners_are_listed() {
    let crm = Crm::start();
    assert_eq!(crm.get("/landing-pages")["landing_pages"][0]["url"], "https://broker.example/landing/1?wtreferrer=0BaHeZI1Je");
    assert_eq!(crm.get("/target-groups"), json!({ "targetGroups": [{ "id": "1", "name": "Newcomers" }] }));
    let banner = crm.get("/banners/active")["banner"].clone();
    let token = banner["token"].as_str().unwrap();
    let file = crm.with_token(&crm.token, "GET", &format!("/banners/file/{token}"), None);
    assert_eq!((file.status, file.header("content-type")), (200, Some("image/svg+xml")));
    assert!(file.text().contains(banner["name"].as_str().unwrap()));
    refused(&crm.with_token(&crm.token, "GET", "/banners/file/none", None), 404, "Banner not found");

    let past = json!({ "id": "2", "name": "Past", "startDate": "2020-01-01T00:00:00Z", "endDate": "2020-02-01T00:00:00Z", "token": "t" });
    crm.seed(&json!({ "banners": [past] }));
    assert_eq!(crm.get("/banners/active"), json!({ "banner": null }));
}

#[test]
fn logos_are_the_grey_labels() {
    let crm = Crm::start();
    assert_eq!(crm.get("/affiliates/grey-label"), json!({ "enabled": true }));
    let logos = crm.get("/affiliates/grey-label/logos")["logos"].clone();
    let path = logos["squareLogo"].as_str().unwrap().strip_prefix(&format!("http://{}", crm.server.address)).unwrap().to_owned();
    assert_eq!(crm.server.get(&path).header("content-type"), Some("image/svg+xml"));

    let others = crm.log_in("other@example.com", "other-password");
    let get = |token: &str, path: &str| crm.with_token(token, "GET", path, None).json();
    assert_eq!(get(&others, "/affiliates/grey-label"), json!({ "enabled": false }));
    assert_eq!(get(&others, "/affiliates/grey-label/logos"), json!({ "logos": {} }));
    // The other's referrer is the first; the first has none.
    assert_eq!(get(&others, "/referrers/logos")["logos"], logos);
    assert_eq!(get(&crm.token, "/referrers/logos"), json!({ "logos": {} }));
    assert_eq!(get(&others, "/referrers/logos?wtreferrer=OTHER-REF"), json!({ "logos": {} }));
    refused(&crm.with_token(&others, "GET", "/referrers/logos?wtreferrer=x", None), 404, "Unknown referrer");
    let refresh_token = crm.create(&john())["refreshToken"].as_str().unwrap().to_owned();
    let customer = crm.grant(&refresh_token).json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(get(&customer, "/referrers/logos")["logos"], logos);
}
