//! What an affiliate sees where there is no answer.

use serde_json::json;

use super::desk::{Desk, emails, setup};
use crate::browser::{DESKTOP, Engine, not_in};

#[tokio::test]
async fn a_crm_that_is_down_fails_and_is_tried_again() {
    let desk = Desk::set(setup(), 3, DESKTOP).await;
    desk.open().await;
    desk.paste(&emails(0..2_500)).await;
    desk.reads("To look up: 2,500").await;
    desk.world.sandbox.of("wi").fault_for_good(json!({ "kind": "status", "status": 503 })).await;
    desk.click("Look up").await;
    desk.reads("The broker’s system does not answer right now.").await;
    desk.reads("Not looked up: 2,500.").await;
    desk.world.sandbox.of("wi").no_faults().await;
    desk.click("Try again").await;
    desk.reads("Done. Found: 3. Not found: 2,497.").await;
    desk.browser.quit().await;
}

#[tokio::test]
async fn a_bucket_that_the_crm_does_not_open_is_told_in_words() {
    let desk = Desk::set(setup(), 3, DESKTOP).await;
    desk.world.sandbox.of("wi").seed(json!({ "buckets": [{ "id": "bucket-1", "affiliateID": "W9" }] })).await;
    desk.open().await;
    desk.paste(&emails(0..3)).await;
    desk.reads("To look up: 3").await;
    desk.click("Look up").await;
    desk.reads("The broker’s system does not open this bucket to you. Ask your partner manager.").await;
    desk.browser.quit().await;
}

#[tokio::test]
async fn whoever_has_no_buckets_is_told_so() {
    let desk = Desk::set(setup(), 0, DESKTOP).await;
    desk.log_in("w-2").await;
    desk.reads("No bucket is set up for you yet.").await;
    desk.end().await;
}

#[tokio::test]
async fn without_a_network_what_was_looked_up_stays() {
    if not_in(&[Engine::Webkit], "its network cannot be taken away") {
        return;
    }
    let desk = Desk::set(setup(), 3, DESKTOP).await;
    desk.open().await;
    desk.paste(&emails(0..3)).await;
    desk.reads("To look up: 3").await;
    desk.browser.offline(true).await;
    desk.click("Look up").await;
    desk.reads("You are offline. What was looked up is still here.").await;
    desk.browser.offline(false).await;
    desk.click("Try again").await;
    desk.reads("Done. Found: 3. Not found: 0.").await;
    desk.browser.quit().await;
}
