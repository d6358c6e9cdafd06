//! An affiliate's figures.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde_json::json;

use super::{Crm, KEY, OTHER_KEY};

/// In the middle of last month, and of the one before.
fn months_ago(months: i64) -> Timestamp {
    let first = Timestamp::now().to_zoned(TimeZone::UTC).first_of_month().unwrap();
    first.checked_sub(months.months()).unwrap().checked_add(14.days()).unwrap().timestamp()
}

#[test]
fn a_wallet_adds_up_exactly() {
    let crm = Crm::start();
    crm.seed(&json!({
        "wallets": [{ "id": 2 }],
        "transactions": [
            { "type": "COMMISSION_PAYOUT", "amount": 0.1, "id": "t-1" }, { "type": "COMMISSION_PAYOUT", "amount": "0.20", "method": "CPA" },
            { "type": "WITHDRAWAL", "amount": "-0.05" }, { "walletId": 2, "type": "BONUS", "amount": 10 },
            { "affiliate": "other", "type": "BONUS", "amount": 99 }
        ]
    }));
    let answer = crm.with_key(KEY, "GET", "/affiliates/wallet", None).json();
    assert_eq!(
        (&answer["wallet"]["id"], &answer["wallet"]["balance"], &answer["wallet"]["currency"]),
        (&json!(1), &json!("0.25"), &json!("USD"))
    );
    let transactions = answer["transactions"].as_array().unwrap();
    assert_eq!((transactions.len(), &transactions[0]["amount"], &transactions[2]["amount"]), (4, &json!(0.1), &json!(-0.05)));
    assert_eq!((&transactions[0]["id"], &transactions[0]["type"]), (&json!("t-1"), &json!("COMMISSION_PAYOUT")));
    assert_eq!(crm.get("/affiliates/balance"), json!({ "balance": 10.25 }));
    let wallets = crm.get("/wallets");
    assert_eq!(
        (&wallets["pages"], &wallets["wallets"][0]["id"], &wallets["wallets"][1]["balance"]),
        (&json!(1), &json!(1), &json!("10.00"))
    );
    assert_eq!(crm.with_key(OTHER_KEY, "GET", "/affiliates/wallet", None).json()["wallet"]["balance"], "99.00");
}

#[test]
fn the_dashboard_tells_this_month_and_the_last() {
    let crm = Crm::start();
    let (last, before, now) = (months_ago(1), months_ago(2), Timestamp::now());
    let customer = |id: usize, created: Timestamp, logins: &[Timestamp]| json!({ "id": id.to_string(), "email": format!("{id}@e.org"), "firstname": id.to_string(), "createdAt": created, "logins": logins });
    crm.seed(&json!({
        "customers": [
            customer(1, now, &[now]), customer(2, last, &[last, now]), customer(3, last, &[]), customer(4, before, &[before]),
            customer(5, before, &[last]), customer(6, before, &[last]), customer(7, before, &[last]), customer(8, before, &[last]),
        ],
        "commissions": [
            { "commissionAmount": 100, "actionTimestamp": now }, { "commissionAmount": 50.5, "actionTimestamp": last, "payoutAt": now },
            { "commissionAmount": 80, "correctedCommissionAmount": "70.25", "actionTimestamp": last, "commissionType": "VOLUME" },
            { "commissionAmount": 9, "actionTimestamp": before }, { "affiliate": "other", "commissionAmount": 1000 }
        ],
        "volumes": [{ "volume": 5 }, { "volume": "2.5", "at": last }, { "volume": 1, "at": before }],
        "transactions": [{ "type": "COMMISSION_PAYOUT", "amount": 50.5 }]
    }));
    let mut dashboard = crm.get("/dashboard/affiliate");
    let sign_ins = dashboard.as_object_mut().unwrap().remove("last5SignIns").unwrap();
    assert_eq!(
        dashboard,
        json!({
            "signUpsLastMonth": 2, "signupsThisMonth": 1, "earningsLastMonth": 120.75, "earningsThisMonth": 100, "cpasLastMonth": 1,
            "cpasThisMonth": 1, "volumesLastMonth": 2.5, "volumesThisMonth": 5, "totalBalance": 50.5, "unpaidBalance": 179.25,
            "totalLoginsLastMonth": 5, "totalLoginsThisMonth": 2
        })
    );
    assert_eq!((sign_ins.as_array().unwrap().len(), &sign_ins[0]["lastLoginDate"]), (5, &json!(now)));
    assert_eq!(crm.get("/affiliates/earnings"), json!({ "earnings": 229.75 }));
}

#[test]
fn a_downline_has_levels() {
    let crm = Crm::start();
    crm.seed(&json!({
        "affiliates": [{ "id": "third", "username": "t@example.com", "password": "p", "apiKey": "third-key", "parent": "other" }],
        "customers": [{ "email": "a@e.org", "affiliate": "other", "hasFTD": true }, { "email": "b@e.org", "affiliate": "other" }],
        "commissions": [{ "affiliate": "other", "commissionAmount": 5 }], "volumes": [{ "affiliate": "third", "volume": 7 }]
    }));
    assert_eq!(
        crm.get("/analytics/downline"),
        json!({ "stats": [
            { "id": "other", "name": "other", "level": 1, "registrations": 2, "ftds": 1, "volume": 0, "earnings": 5 },
            { "id": "third", "name": "third", "level": 2, "registrations": 0, "ftds": 0, "volume": 7, "earnings": 0 },
        ]})
    );
    let token = crm.log_in("t@example.com", "p");
    assert_eq!(crm.with_token(&token, "GET", "/analytics/downline", None).json(), json!({ "stats": [] }));
}
