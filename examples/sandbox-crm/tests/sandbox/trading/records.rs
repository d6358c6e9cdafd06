//! Records that a test enters, and forgetting them.

use serde_json::{Value, json};

use super::{Crm, KEY, john};
use crate::server::command;

#[test]
fn records_are_entered_whole_or_not_at_all() {
    let crm = Crm::start();
    let post = |records: Value| crm.server.control("POST", "/trading/records", &records);
    for (records, words) in [
        (json!({ "customer": [] }), "unknown field `customer`"),
        (json!({ "customers": [{ "email": "a@e.org", "phone": "1" }] }), "a customer has no \"phone\""),
        (json!({ "customers": [{ "email": "a@e.org" }, { "email": "A@e.org" }] }), "a customer's email is taken"),
        (json!({ "customers": [{ "email": "a@e.org", "affiliate": "nobody" }] }), "there is no affiliate \"nobody\""),
        (json!({ "transactions": [{ "type": "GIFT", "amount": 1 }] }), "type \"GIFT\" is none of CORRECTION"),
        (json!({ "transactions": [{ "type": "BONUS", "amount": 1.234 }] }), "not an amount"),
        (json!({ "forms": { "Form": [] } }), "step \"Form\" is none of"),
        (json!({ "payouts": [{ "payoutWalletId": 9 }] }), "the affiliate has no wallet 9"),
        (json!({ "affiliates": [{ "id": "x", "username": "x", "password": "x", "apiKey": KEY }] }), "is taken"),
    ] {
        let answer = post(records);
        assert_eq!(answer.status, 400);
        assert!(answer.text().replace('\\', "").contains(words), "{}", answer.text());
    }
    assert!(crm.control("users").is_empty());
}

#[test]
fn a_customer_who_is_there_is_changed() {
    let crm = Crm::start();
    let id = crm.create(&john())["id"].as_str().unwrap().to_owned();
    crm.seed(&json!({ "customers": [{ "id": id, "hasFTD": true, "depositTotal": 250.5, "updatedAt": "2020-01-01T00:00:00Z" }] }));
    let customer = crm.get(&format!("/affiliates/customers/{id}"))["customer"].clone();
    assert_eq!((&customer["hasFTD"], &customer["depositTotal"], &customer["name"]), (&json!(true), &json!(250.5), &json!("John Doe")));
    assert_eq!(crm.get("/affiliates/customers?limit=1&offset=0&orderBy=name|ASC&updatedTo=2020-01-02")["pages"], 1);
    assert_eq!(crm.control("users").len(), 1);
}

#[test]
fn reset_forgets_all_but_the_command_line() {
    let crm = Crm::start();
    crm.create(&john());
    crm.with_token(&crm.token, "POST", "/affiliate-keys", None);
    crm.seed(&json!({ "affiliates": [{ "id": "x", "username": "x", "password": "x", "apiKey": "x" }] }));
    assert_eq!(crm.server.control("POST", "/reset", &Value::Null).status, 204);
    assert!(crm.control("users").is_empty() && crm.control("requests").is_empty() && crm.control("outbox").is_empty());
    assert_eq!(crm.with_token(&crm.token, "GET", "/wallets", None).status, 401);
    assert_eq!(crm.with_key("x", "GET", "/affiliates/wallet", None).status, 401);
    assert_eq!(crm.with_key(KEY, "GET", "/affiliates/wallet", None).status, 200);
    assert_eq!(crm.with_key("other-key", "GET", "/affiliates/wallet", None).status, 200);
}

#[test]
fn the_command_line_is_checked() {
    for (options, status) in [
        (["--trading-affiliate", "{}"], 2),
        (["--trading-api-key", ""], 2),
        (["--trading-affiliate", r#"{"id":"broker","username":"x","password":"x","apiKey":"x"}"#], 1),
    ] {
        let output = command().args(["--listen", "127.0.0.1:0", "--wi-key", "k"]).args(options).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{options:?}");
    }
}
