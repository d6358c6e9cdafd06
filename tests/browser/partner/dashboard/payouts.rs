//! Wallets, and asking for a payout.

use serde_json::json;
use thirtyfour::Key;

use super::stage::{PANEL, ago, desk, setup};
use crate::partner::desk::Desk;

/// An affiliate who has something to be paid out, at its wallets.
async fn at_the_wallets(setup: harness::Setup) -> Desk {
    let desk = desk(setup).await;
    desk.seed_trading(
        json!({ "transactions": [{ "affiliate": "t-1", "type": "COMMISSION_PAYOUT", "amount": "1250.50", "createdAt": ago(3) }] }),
    )
    .await;
    desk.see("t-1").await;
    desk.tab("Payouts").await;
    desk.reads("$1,250.50").await;
    desk
}

/// How many payouts the CRM was asked for.
async fn asked(desk: &Desk) -> usize {
    let requests = desk.world.sandbox.of("trading").requests().await;
    requests.iter().filter(|request| request["method"] == "POST" && request["path"] == "/commissions/payout-requests").count()
}

#[tokio::test]
async fn it_is_asked_for_once_it_is_confirmed_and_is_pending_then() {
    let desk = at_the_wallets(setup().set("partner", "fresh_seconds", "0")).await;
    desk.ask(
        "[...root.querySelectorAll('button')].find(button => button.textContent === 'Ask for payout' && button.checkVisibility()).focus()",
    )
    .await;
    desk.press(Key::Enter + "").await;
    desk.reads("Ask for the payout of $1,250.50 from 101? The broker pays out all of it.").await;
    assert_eq!(desk.ask("return root.activeElement?.textContent").await, "Cancel", "a key that is held asks for nothing");
    desk.press(Key::Escape + "").await;
    desk.until("it is closed", "return !root.querySelector('dialog[open]')").await;
    assert_eq!(desk.ask("return root.activeElement?.textContent").await, "Ask for payout", "the focus is where it was");
    desk.click("Ask for payout").await;
    desk.click("Cancel").await;
    desk.until("it is closed", "return !root.querySelector('dialog[open]')").await;
    assert_eq!(asked(&desk).await, 0, "nothing is asked for until it is confirmed");

    desk.click("Ask for payout").await;
    // Pressed twice, as by somebody in a hurry.
    desk.ask("const yes = [...root.querySelectorAll('dialog[open] button')].find(button => button.textContent === 'Ask for it'); yes.click(); yes.click()").await;
    desk.reads("The payout has been asked for.").await;
    desk.reads("A payout is pending. You can ask for the next one once the broker has answered it.").await;
    assert_eq!(asked(&desk).await, 1);
    let buttons = format!(
        "[...{PANEL}.querySelectorAll('button')].filter(button => button.textContent === 'Ask for payout' && button.checkVisibility()).length"
    );
    desk.is("it cannot be asked for again", &buttons, &json!(0)).await;
    desk.until("it is in the list", &format!("return {PANEL}.querySelector('tbody tr[aria-rowindex]')?.innerText.includes('pending')"))
        .await;
    desk.end().await;
}

#[tokio::test]
async fn while_one_is_pending_another_is_refused() {
    let desk = at_the_wallets(setup()).await;
    // Asked for elsewhere meanwhile: the page does not know.
    desk.seed_trading(json!({ "payouts": [{ "affiliate": "t-1" }] })).await;
    desk.click("Ask for payout").await;
    desk.click("Ask for it").await;
    desk.reads("A payout is pending.").await;
    assert_eq!(asked(&desk).await, 0);
    // The browser tells of the refusal.
    desk.browser.quit().await;
}

#[tokio::test]
async fn where_there_was_no_answer_nobody_says_that_it_failed() {
    let desk = at_the_wallets(setup()).await;
    desk.click("Ask for payout").await;
    desk.world.sandbox.of("trading").fault_for_good(json!({ "kind": "status", "status": 503 })).await;
    desk.click("Ask for it").await;
    desk.reads("There was no answer, so it is not known whether the request has arrived. Check your payouts before you ask again.").await;
    desk.browser.quit().await;
}
