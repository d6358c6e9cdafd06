//! The figures, as the portal's page shows them.

use serde_json::json;

use super::stage::{ago, customer, desk, setup};

#[tokio::test]
async fn figures_are_those_of_the_crm_beside_the_period_before() {
    let desk = desk(setup()).await;
    // Twice as many as in the thirty days before; each fourth has deposited.
    let now = (1..=24).map(|number| customer(&format!("now-{number}"), ago(number), &json!({ "hasFTD": number % 4 == 0 })));
    let before = (1..=12).map(|number| customer(&format!("before-{number}"), ago(31 + number), &json!({ "hasFTD": number % 4 == 0 })));
    let commission = |days: i32, kind: &str, currency: &str, amount: &str, corrected: Option<&str>| json!({ "affiliate": "t-1", "commissionType": kind, "currency": currency, "commissionAmount": amount, "correctedCommissionAmount": corrected, "actionTimestamp": ago(days) });
    desk.seed_trading(json!({
        "customers": now.chain(before).collect::<Vec<_>>(),
        "commissions": [
            commission(2, "CPA", "USD", "100.10", None),
            commission(3, "CPA", "USD", "200.25", Some("150.05")),
            commission(4, "REVSHARE", "USD", "1049.86", None),
            commission(5, "CPA", "EUR", "75.50", None),
            commission(40, "CPA", "EUR", "50.00", None),
        ],
        "transactions": [{ "affiliate": "t-1", "type": "COMMISSION_PAYOUT", "amount": "250.50", "createdAt": ago(1) }],
    }))
    .await;
    desk.see("t-1").await;
    desk.figure("signups", &["24"]).await;
    desk.figure("registrations", &["24"]).await;
    desk.figure("conversion", &["25%"]).await;
    desk.figure("earnings", &["€75.50", "$1,300.01"]).await;
    desk.figure("cpa", &["€75.50", "$250.15"]).await;
    desk.figure("balance", &["250.5"]).await;
    let compared = |metric: &str| {
        format!("[...root.querySelectorAll('[data-metric={metric}] [part=compared] > *')].map(part => part.textContent).join(' ')")
    };
    desk.is("twice as many", &compared("signups"), &json!("+100% before: 12")).await;
    desk.is("as many of them", &compared("conversion"), &json!("0% before: 25%")).await;
    // Another currency is no more and no less.
    desk.is("what was earned before", &compared("earnings"), &json!("before: €50.00")).await;
    desk.is("what there is now is of no period", "root.querySelector('[data-metric=balance] [part=compared]')", &json!(null)).await;
    desk.end().await;
}

#[tokio::test]
async fn the_page_is_told_that_it_is_ready() {
    let desk = desk(setup()).await;
    desk.see("t-1").await;
    desk.ask(
        "window.told = [];
         document.addEventListener('latchkey:ready', ({ target, detail }) => window.told.push([target.localName, detail]));
         const place = host.parentNode, next = host.nextSibling;
         host.remove();
         setTimeout(() => place.insertBefore(host, next))",
    )
    .await;
    desk.is("it was told once", "window.told", &json!([["latchkey-dashboard", { "affiliate": "t-1" }]])).await;
    desk.end().await;
}

/// A lead of a bucket, and one of a source of it.
#[tokio::test]
async fn leads_of_buckets_are_counted_and_shown_with_their_sources() {
    let desk = desk(setup()).await;
    let lead = |number: i32, source: Option<&str>| {
        json!({ "id": format!("l-{number}"), "email": format!("l{number}@mail.example"), "affiliateID": "W1", "sourceId": source, "createdDate": ago(number),
                "ftd": (number == 1).then(|| ago(0)) })
    };
    desk.world.sandbox.of("wi").seed(json!({ "leads": [lead(1, Some("facebook_ads")), lead(2, None)] })).await;
    desk.see("w-1").await;
    desk.figure("signups", &["2"]).await;
    desk.figure("firstDeposits", &["1"]).await;
    desk.figure("conversion", &["50%"]).await;
    desk.rows(&["l-1", "l-2"]).await;
    desk.reads("facebook_ads").await;
    desk.end().await;
}
