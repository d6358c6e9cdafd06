//! What the CRM tells of the affiliate itself: wallets, payouts, sources, downline, links.

use harness::World;
use serde_json::{Value, json};

use crate::stage::{column, fresh, get, minted, post, token, world};

async fn payout(world: &World, token: &str, wallet: &str, confirmed: bool) -> harness::Answer {
    post(world, "/payouts", token, &json!({ "wallet": wallet, "confirmed": confirmed })).await
}

#[tokio::test]
async fn a_payout_is_asked_for_once_and_only_when_it_is_confirmed() {
    let world = world().await;
    let crm = world.sandbox.of("trading");
    crm.seed(json!({ "transactions": [{ "affiliate": "t-1", "type": "COMMISSION_PAYOUT", "amount": "250.50", "createdAt": "2026-03-01T00:00:00Z" }] })).await;
    let token = token(&world, "t-1").await;
    let wallet = get(&world, "/wallet", &token).await.json_of(200);
    assert_eq!((&wallet["wallets"][0]["id"], &wallet["payoutPending"]), (&json!("101"), &json!(false)));
    let created = async || {
        crm.requests()
            .await
            .iter()
            .filter(|request| request["method"] == "POST" && request["path"] == "/commissions/payout-requests")
            .count()
    };
    payout(&world, &token, "101", false).await.problem(409, "unconfirmed");
    assert_eq!(payout(&world, &token, "102", true).await.errors()[0].0, "wallet", "another affiliate's");
    assert_eq!(payout(&world, &token, "nonsense", true).await.errors()[0].0, "wallet");
    assert_eq!(created().await, 0);
    let (one, two) = tokio::join!(payout(&world, &token, "101", true), payout(&world, &token, "101", true));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!((statuses, created().await), ([201, 409], 1), "of two at once one is asked for: {} {}", one.text(), two.text());
    assert_eq!(get(&world, "/wallet", &token).await.json_of(200)["payoutPending"], true);
    let page = fresh(&world, "/payouts", &token).await;
    assert_eq!((column(&page, "state"), column(&page, "currency")), (vec!["pending".to_owned()], vec!["USD".to_owned()]));
    let reader = minted(&world, json!({ "affiliate": "t-1", "scopes": ["money"] })).await;
    payout(&world, &reader, "101", true).await.problem(403, "scope");
    assert!(get(&world, "/wallet", &reader).await.json_of(200).get("payoutPending").is_none());
}

#[tokio::test]
async fn sources_are_counted_and_links_and_creatives_are_shown() {
    let world = world().await;
    let customer = |id: &str, affiliate: &str, source: &str, has_ftd: bool| json!({ "affiliate": affiliate, "id": id, "email": format!("{id}@mail.example"), "source": source, "hasFTD": has_ftd, "createdAt": "2026-03-01T00:00:00Z" });
    let customers = json!([
        customer("a", "t-1", "google", true),
        customer("b", "t-1", "google", false),
        customer("c", "t-1", "mail", false),
        customer("d", "t-2", "hidden", true)
    ]);
    world.sandbox.of("trading").seed(json!({ "customers": customers })).await;
    let token = token(&world, "t-1").await;
    fresh(&world, "/leads", &token).await;
    let sources = get(&world, "/sources", &token).await.json_of(200)["sources"].clone();
    let row = |source: &str, signups: u32, deposited: u32| json!({ "source": source, "signups": signups, "registrations": signups, "deposited": deposited });
    assert_eq!(sources, json!([row("google", 2, 1), row("mail", 1, 0)]));
    let links = get(&world, "/links", &token).await.json_of(200);
    assert_eq!(links["landingPages"], json!([{ "name": "Page of t-1", "url": "https://broker.example/t-1" }]));
    let creatives: Value = get(&world, "/creatives", &token).await.json_of(200);
    assert!(creatives["creatives"].is_array(), "{creatives}");
    assert!(get(&world, "/downline", &token).await.json_of(200)["rows"].is_array());
}
