//! The dashboard's token: one for all of it, renewed before it expires and once it is refused.

use serde_json::json;

use super::stage::{desk, setup, twelve};
use crate::partner::{
    desk::Desk,
    tokens::{counted, revoke},
};

/// The dashboard, anew, with tokens that are counted and live so long.
async fn with_tokens_of(ms: u32) -> Desk {
    let desk = desk(setup()).await;
    desk.seed_trading(twelve()).await;
    desk.see("t-1").await;
    desk.ask(&counted(ms)).await;
    desk.until("the dashboard is there again", "return window.asked >= 1 && !!root.querySelector('[part=dashboard]')").await;
    desk.figure("signups", &["12"]).await;
    desk.reads("Rows: 12").await;
    desk
}

#[tokio::test]
async fn one_is_for_all_of_it_until_it_expires() {
    let desk = with_tokens_of(600_000).await;
    desk.tab("Payouts").await;
    desk.reads("Ask for payout").await;
    assert_eq!(desk.ask("return window.asked").await, 1);

    desk.ask(&counted(2_000)).await;
    desk.until("the dashboard is there again", "return window.asked >= 1 && !!root.querySelector('[part=dashboard]')").await;
    desk.reads("Rows: 12").await;
    let before = desk.ask("return window.asked").await;
    // More than half of its time is over.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    desk.click("Refresh").await;
    desk.until("another is asked for", &format!("return window.asked > {before}")).await;
    desk.figure("signups", &["12"]).await;
    assert_eq!(desk.ask("return root.querySelectorAll('[part=note], [part=trouble]').length").await, 0);
    desk.end().await;
}

#[tokio::test]
async fn one_that_was_revoked_is_renewed_and_what_is_refused_is_said_quietly() {
    let desk = with_tokens_of(600_000).await;
    revoke(&desk).await;
    desk.click("Refresh").await;
    desk.until("another is asked for", "return window.asked === 2").await;
    desk.is("nothing is said", "root.querySelectorAll('[part=note], [part=trouble]').length", &json!(0)).await;
    desk.figure("signups", &["12"]).await;

    revoke(&desk).await;
    desk.ask("window.refuses = true").await;
    desk.click("Refresh").await;
    desk.reads("Your access has expired. Try again, or log in to this portal anew.").await;
    // What was there stays.
    desk.figure("signups", &["12"]).await;
    desk.reads("Rows: 12").await;
    let asked = desk.ask("return window.asked").await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(desk.ask("return window.asked").await, asked, "the page is left alone");
    desk.ask("window.refuses = false").await;
    desk.click("Try again").await;
    desk.is("nothing is said", "root.querySelectorAll('[part=note], [part=trouble]').length", &json!(0)).await;
    desk.figure("signups", &["12"]).await;
    desk.browser.quit().await;
}

#[tokio::test]
async fn without_any_it_says_so_and_goes_on_once_there_is_one() {
    let desk = with_tokens_of(600_000).await;
    desk.ask("window.refuses = true").await;
    desk.ask("const place = host.parentNode, next = host.nextSibling; host.remove(); setTimeout(() => place.insertBefore(host, next))")
        .await;
    desk.reads("Your access has expired. Try again, or log in to this portal anew.").await;
    desk.ask("window.refuses = false").await;
    desk.click("Try again").await;
    desk.figure("signups", &["12"]).await;
    desk.browser.quit().await;
}
