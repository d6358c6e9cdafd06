//! What an affiliate sees while there is no answer.

use std::time::{Duration, Instant};

use serde_json::json;

use super::stage::{desk, setup, twelve};
use crate::{
    browser::{Engine, not_in},
    partner::desk::Desk,
};

/// A CRM that did not answer is left alone for 15 seconds.
const LEFT_ALONE: Duration = Duration::from_secs(60);

/// Presses it until that is so.
async fn press_until(desk: &Desk, label: &str, what: &str, script: &str) {
    let started = Instant::now();
    while desk.ask(script).await != true {
        assert!(started.elapsed() < LEFT_ALONE, "waited for: {what}; the element shows: {}", desk.text().await);
        let press =
            "[...root.querySelectorAll('button')].find(button => button.textContent === LABEL && button.checkVisibility())?.click()";
        desk.ask(&press.replace("LABEL", &json!(label).to_string())).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test]
async fn while_the_crm_is_down_the_last_figures_stay_with_their_age() {
    let desk = desk(setup().set("partner", "fresh_seconds", "1").set("partner", "cache_seconds", "0")).await;
    desk.seed_trading(twelve()).await;
    desk.see("t-1").await;
    desk.figure("signups", &["12"]).await;
    desk.reads("Rows: 12").await;
    let crm = desk.world.sandbox.of("trading");
    crm.fault_for_good(json!({ "kind": "status", "status": 503 })).await;
    let stale =
        "return [...root.querySelectorAll('[part=note]')].some(note => note.checkVisibility() && note.innerText.includes('As of '))";
    press_until(&desk, "Refresh", "how old the figures are", stale).await;
    desk.figure("signups", &["12"]).await;
    desk.reads("Rows: 12").await;
    desk.tab("Payouts").await;
    desk.reads("The broker’s system does not answer right now.").await;
    crm.no_faults().await;
    let fresh = "return ![...root.querySelectorAll('[part=note], [part=trouble]')].some(note => note.checkVisibility())";
    press_until(&desk, "Refresh", "nothing more is said", fresh).await;
    desk.reads("Ask for payout").await;
    desk.browser.quit().await;
}

#[tokio::test]
async fn a_crm_that_was_never_reached_is_said_and_tried_again() {
    let desk = desk(setup().set("partner", "cache_seconds", "0")).await;
    desk.seed_trading(twelve()).await;
    let crm = desk.world.sandbox.of("trading");
    crm.fault_for_good(json!({ "kind": "status", "status": 503 })).await;
    desk.see("t-1").await;
    desk.until(
        "it is said of the figures",
        "return root.querySelector('[part=overview] [part=trouble]')?.innerText.includes('The broker’s system does not answer right now.')",
    )
    .await;
    assert_eq!(desk.ask("return root.querySelector('[part=cards]').checkVisibility()").await, false, "no zeros that nobody counted");
    desk.until(
        "and of the table",
        "return root.querySelector('[role=tabpanel] [part=trouble]')?.innerText.includes('The broker’s system does not answer right now.')",
    )
    .await;
    crm.no_faults().await;
    press_until(&desk, "Try again", "the figures", "return root.querySelector('[data-metric=signups] [part=amount]')?.textContent === '12' && root.querySelector('[part=cards]').checkVisibility()").await;
    desk.reads("Rows: 12").await;
    desk.browser.quit().await;
}

#[tokio::test]
async fn offline_what_is_there_stays_and_is_asked_for_anew_once_there_is_a_network() {
    if not_in(&[Engine::Webkit], "its network cannot be taken away") {
        return;
    }
    let desk = desk(setup().set("partner", "fresh_seconds", "0")).await;
    desk.seed_trading(twelve()).await;
    desk.see("t-1").await;
    desk.figure("signups", &["12"]).await;
    desk.reads("Rows: 12").await;
    desk.browser.offline(true).await;
    desk.click("Refresh").await;
    desk.reads("You are offline.").await;
    desk.figure("signups", &["12"]).await;
    desk.seed_trading(json!({ "customers": [super::stage::customer("new", super::stage::ago(1), &json!({}))] })).await;
    // It looks every five seconds whether there is a network.
    tokio::time::sleep(Duration::from_secs(6)).await;
    desk.browser.offline(false).await;
    desk.figure("signups", &["13"]).await;
    desk.reads("Rows: 13").await;
    desk.until("nothing more is said", "return !root.querySelector('[part=root]').innerText.includes('You are offline.')").await;
    desk.browser.quit().await;
}
