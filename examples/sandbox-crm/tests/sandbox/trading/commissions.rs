//! The ledger and payout requests.

use serde_json::{Value, json};

use super::{Crm, john, refused};

#[test]
fn the_ledger_is_filtered_ordered_and_paged() {
    let crm = Crm::start();
    let id = crm.create(&john())["id"].clone();
    let mut commissions: Vec<_> = (1..=12)
        .map(|day| {
            let paid = (day % 2 == 0).then_some("2026-03-01T00:00:00Z");
            json!({ "commissionAmount": day, "actionTimestamp": format!("2026-02-{day:02}T00:00:00Z"), "payoutAt": paid, "referralId": id })
        })
        .collect();
    commissions.push(json!({ "affiliate": "other", "commissionAmount": 1000 }));
    crm.seed(&json!({ "commissions": commissions }));
    let amounts = |query: &str| -> Vec<Value> {
        let ledger = crm.get(&format!("/commissions/ledger{query}"));
        ledger["commissionLedger"].as_array().unwrap().iter().map(|record| record["commissionAmount"].clone()).collect()
    };
    assert_eq!(amounts("").len(), 10);
    assert_eq!(amounts("?limit=100").len(), 12);
    assert_eq!(amounts("?limit=2&offset=1&order=DESC"), [11, 10]);
    assert_eq!(amounts("?statuses=PAIDOUT&limit=2"), [2, 4]);
    assert_eq!(amounts("?statuses=PAIDOUT&statuses=PENDING&limit=2"), [1, 2]);
    let record = &crm.get("/commissions/ledger?limit=1")["commissionLedger"][0];
    assert_eq!(record.as_object().unwrap().len(), 18);
    assert_eq!(
        (&record["referral"]["name"], &record["introducerId"], &record["commissionType"]),
        (&json!("John Doe"), &json!("broker"), &json!("CPA"))
    );

    let refuse =
        |query: &str, error: &str| refused(&crm.with_token(&crm.token, "GET", &format!("/commissions/ledger?{query}"), None), 400, error);
    refuse("order=asc", "Parameter \"order\" must be one of ASC, DESC");
    refuse("statuses=PAID", "Parameter \"statuses\" must be one of PENDING, PAIDOUT");
    refuse("limit=x", "Parameter \"limit\" must be a whole number, at least 0");
    refuse("orderBy=id|ASC", "Parameter \"orderBy\" is unknown");
}

#[test]
fn a_payout_is_requested_once_at_a_time() {
    let crm = Crm::start();
    let path = "/commissions/payout-requests";
    let request = |body: &Value| crm.with_token(&crm.token, "POST", path, Some(body));
    assert_eq!(crm.get("/commissions/payout-requests/has-pending"), json!({ "hasPendingPayoutRequest": false }));
    refused(&request(&json!({})), 400, "Field \"payoutWalletId\" is required");
    refused(&request(&json!({ "payoutWalletId": "1" })), 400, "Field \"payoutWalletId\" must be a whole number, at least 0");
    refused(&request(&json!({ "payoutWalletId": 1, "amount": 5 })), 400, "Field \"amount\" is unknown");
    let others = crm.log_in("other@example.com", "other-password");
    let theirs = crm.with_token(&others, "GET", "/wallets", None).json()["wallets"][0]["id"].clone();
    refused(&request(&json!({ "payoutWalletId": theirs })), 400, "Field \"payoutWalletId\" is not a wallet of yours");

    assert_eq!(request(&json!({ "payoutWalletId": 1 })).json(), json!({ "success": true }));
    refused(&request(&json!({ "payoutWalletId": 1 })), 400, "A payout request is already pending");
    assert_eq!(crm.get("/commissions/payout-requests/has-pending"), json!({ "hasPendingPayoutRequest": true }));
    let list = crm.get(path);
    assert_eq!((&list["count"], &list["payoutRequests"][0]["payoutWalletId"]), (&json!(1), &json!(1)));

    let one = format!("{path}/{}", list["payoutRequests"][0]["id"]);
    let request = crm.get(&format!("{one}?limit=1&offset=0"))["payoutRequest"].clone();
    assert_eq!((request.as_object().unwrap().len(), &request["payoutWallet"]["id"], &request["approvedAt"]), (15, &json!(1), &Value::Null));
    refused(&crm.with_token(&others, "GET", &one, None), 404, "Payout request not found");
    refused(&crm.with_token(&crm.token, "GET", &format!("{path}/x"), None), 400, "Parameter \"id\" must be a number");
    assert_eq!(crm.with_token(&others, "GET", path, None).json(), json!({ "payoutRequests": [], "count": 0 }));
}

#[test]
fn payout_requests_are_filtered_and_counted() {
    let crm = Crm::start();
    let requests: Vec<_> = (1..=12)
        .map(|day| json!({ "requestedAt": format!("2026-02-{day:02}T00:00:00Z"), "approvedAt": (day < 11).then_some("2026-03-01T00:00:00Z") }))
        .collect();
    crm.seed(&json!({ "payouts": requests }));
    let page = crm.get("/commissions/payout-requests?limit=3&offset=1&order=DESC");
    assert_eq!((&page["count"], page["payoutRequests"].as_array().unwrap().len()), (&json!(12), 3));
    assert_eq!(page["payoutRequests"][0]["requestedAt"], "2026-02-11T00:00:00Z");
    assert_eq!(crm.get("/commissions/payout-requests")["payoutRequests"].as_array().unwrap().len(), 10);
    assert_eq!(crm.get("/commissions/payout-requests?statuses=PENDING&statuses=REJECTED")["count"], 2);
}
