//! Impact: the reports on transactions, servers and positions.

use serde_json::{Value, json};

use super::{refused, report, seed, token};
use crate::server::Server;

const JANUARY: &str = "transactionDateFrom=2026-01-01&transactionDateTo=2026-01-31";
const CLOSED_IN_JANUARY: &str = "positionCloseDateFrom=2026-01-01&positionCloseDateTo=2026-01-31";

fn ids(answer: &Value, name: &str, id: &str) -> Vec<String> {
    answer[name].as_array().unwrap().iter().map(|row| row[id].as_str().unwrap().to_owned()).collect()
}

#[test]
fn transactions_are_successful_and_not_fake_unless_asked_for() {
    let server = Server::start();
    let transaction = |id: &str, date: &str| json!({ "transactionId": id, "transactionDate": date, "amount": "10.50" });
    let mut fake = transaction("fake", "2026-01-02");
    fake["isFake"] = json!(true);
    let mut failed = transaction("failed", "2026-01-02");
    failed["successful"] = json!(false);
    let full = json!({
        "transactionId": "full", "transactionDate": "2026-01-31T23:59:59.999Z", "type": "Withdrawal", "amount": "-100000000000000000.01",
        "currency": "EUR", "productId": "T-1", "loginId": "12345", "platformServer": "mt4", "isFake": false,
        "tags": [{ "category": "Method", "tags": ["card"] }]
    });
    let late = transaction("late", "2026-02-01");
    seed(&server, json!({ "transactions": [transaction("plain", "2026-01-01"), fake, failed, full, late] }));
    let token = token(&server);
    let get = |more: &str| report(&server, &token, &format!("transactions?{JANUARY}{more}")).json();
    for more in ["", "&includeFake=false"] {
        let answer = get(more);
        assert_eq!((&answer["total"], ids(&answer, "transactions", "transactionId")), (&json!(2), vec!["plain".into(), "full".into()]));
        assert_eq!(answer["transactions"][1], full);
        assert_eq!(
            answer["transactions"][0],
            json!({
                "transactionId": "plain", "transactionDate": "2026-01-01T00:00:00.000Z", "type": "Deposit", "amount": "10.50",
                "currency": "USD", "productId": "N/A", "loginId": "", "platformServer": "", "isFake": false, "tags": []
            })
        );
    }
    let all = get("&includeFake=true");
    assert_eq!(
        (&all["total"], ids(&all, "transactions", "transactionId")),
        (&json!(3), vec!["plain".into(), "fake".into(), "full".into()])
    );
    assert_eq!(all["transactions"][1]["isFake"], true);
}

#[test]
fn transactions_need_their_date() {
    let server = Server::start();
    let token = token(&server);
    for (query, message) in [
        ("", "Transaction date is required"),
        ("?includeFake=true", "Transaction date is required"),
        ("?registrationDateFrom=2026-01-01&registrationDateTo=2026-01-02", "Parameter \"registrationDateFrom\" is unknown"),
        ("?transactionDateFrom=2026-01-01", "Parameter \"transactionDateTo\" is required with \"transactionDateFrom\""),
        ("?transactionDateFrom=2026-1-1&transactionDateTo=2026-01-02", "Parameter \"transactionDateFrom\" must be a date, YYYY-MM-DD"),
        (&format!("?{JANUARY}&includeFake=1"), "Parameter \"includeFake\" must be true or false"),
        (&format!("?{JANUARY}&pageSize=2000"), "Parameter \"pageSize\" must be between 1 and 1000"),
        (&format!("?{JANUARY}&page=0"), "Parameter \"page\" must be a whole number, at least 1"),
    ] {
        refused(&report(&server, &token, &format!("transactions{query}")), 400, message);
    }
}

#[test]
fn servers_are_grouped_by_platform() {
    let server = Server::start();
    let token = token(&server);
    assert_eq!(report(&server, &token, "servers").json(), json!({}));
    seed(&server, json!({ "servers": { "mt5": ["mt5-1", "mt5-2"], "mt4": ["mt4"] } }));
    assert_eq!(report(&server, &token, "servers").json(), json!({ "mt4": ["mt4"], "mt5": ["mt5-1", "mt5-2"] }));
    refused(&report(&server, &token, "servers?page=1"), 400, "Parameter \"page\" is unknown");
}

#[test]
fn positions_are_closed_ones_of_one_server() {
    let server = Server::start();
    let position = |id: &str, tag: &str, closed: Value| json!({ "positionId": id, "serverTag": tag, "closeDate": closed });
    let full = json!({
        "positionId": "full", "loginId": "12345", "serverTag": "mt4", "symbol": "EURUSD", "openDate": "2026-01-04T08:00:00.000Z",
        "closeDate": "2026-01-31T23:00:00.000Z", "volume": "1.00", "profit": "-12.50", "currency": "USD", "commission": "0.10"
    });
    let mut seeded = full.clone();
    seeded["more"] = json!({ "commission": "0.10" });
    seeded.as_object_mut().unwrap().remove("commission");
    seed(
        &server,
        json!({ "servers": { "mt4": ["mt4"], "mt5": ["mt5-1"] }, "positions": [
            position("early", "mt4", json!("2025-12-31")), position("first", "mt4", json!("2026-01-01")),
            position("open", "mt4", Value::Null), position("other", "mt5-1", json!("2026-01-01")), seeded
        ] }),
    );
    let token = token(&server);
    let get = |tag: &str| report(&server, &token, &format!("positions?{CLOSED_IN_JANUARY}&serverTag={tag}")).json();
    let answer = get("mt4");
    assert_eq!((&answer["total"], ids(&answer, "positions", "positionId")), (&json!(2), vec!["first".into(), "full".into()]));
    assert_eq!(answer["positions"][1], full);
    assert_eq!(ids(&get("mt5-1"), "positions", "positionId"), ["other"]);
    for (query, message) in [
        (String::new(), "Position close date is required"),
        ("?serverTag=mt4".to_owned(), "Position close date is required"),
        (format!("?{CLOSED_IN_JANUARY}"), "Server tag is required"),
        (format!("?{CLOSED_IN_JANUARY}&serverTag="), "Server tag is required"),
        (format!("?{CLOSED_IN_JANUARY}&serverTag=mt9"), "There is no server \"mt9\""),
        (format!("?{CLOSED_IN_JANUARY}&serverTag=mt4&serverTag=mt5-1"), "Parameter \"serverTag\" must be given once"),
        (format!("?{CLOSED_IN_JANUARY}&serverTag=mt4&includeFake=true"), "Parameter \"includeFake\" is unknown"),
        (format!("?{CLOSED_IN_JANUARY}&serverTag=mt4&pageSize=0"), "Parameter \"pageSize\" must be a whole number, at least 1"),
    ] {
        refused(&report(&server, &token, &format!("positions{query}")), 400, message);
    }
}

#[test]
fn both_are_paged_to_the_end() {
    let server = Server::start();
    let transactions: Vec<_> = (0..7).map(|_| json!({ "transactionDate": "2026-01-02", "amount": "1" })).collect();
    let positions: Vec<_> = (0..7).map(|_| json!({ "serverTag": "mt4", "closeDate": "2026-01-02" })).collect();
    seed(&server, json!({ "servers": { "mt4": ["mt4"] }, "transactions": transactions, "positions": positions }));
    let token = token(&server);
    for (name, id, filters) in
        [("transactions", "transactionId", JANUARY.to_owned()), ("positions", "positionId", format!("{CLOSED_IN_JANUARY}&serverTag=mt4"))]
    {
        let mut all = Vec::new();
        for (page, size) in [(1, 3), (2, 3), (3, 1), (4, 0)] {
            let answer = report(&server, &token, &format!("{name}?{filters}&page={page}&pageSize=3")).json();
            assert_eq!((&answer["total"], answer[name].as_array().unwrap().len()), (&json!(7), size));
            all.extend(ids(&answer, name, id));
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 7);
    }
}

#[test]
fn records_that_make_no_sense_are_refused_as_a_whole() {
    let server = Server::start();
    for (records, words) in [
        (json!({ "lead": [] }), "unknown field `lead`"),
        (json!({ "leads": [{ "firstName": "Jane" }] }), "missing field `email`"),
        (json!({ "leads": [{ "email": "a@example.com", "accounts": [] }] }), "which only a registration can have"),
        (json!({ "transactions": [{ "transactionDate": "2026-01-01", "amount": 10.5 }] }), "expected a string"),
        (json!({ "transactions": [{ "transactionDate": "2026-01-01", "amount": "1e3" }] }), "is not a decimal number"),
        (json!({ "transactions": [{ "amount": "1" }] }), "missing field `transactionDate`"),
        (json!({ "servers": { "mt4": ["mt4"] }, "positions": [{ "serverTag": "mt9" }] }), "there is no server \"mt9\""),
    ] {
        let answer = server.control("POST", "/impact/records", &records);
        assert_eq!(answer.status, 400, "{records}");
        assert!(answer.json()["message"].as_str().unwrap().contains(words), "{}", answer.text());
    }
    assert_eq!(report(&server, &token(&server), "servers").json(), json!({}));
}
