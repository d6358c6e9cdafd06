//! The embed token: asked for once, again before it expires, and once more when it is refused.

use harness::{PORTAL_SECRET, send};
use reqwest::Method;
use serde_json::json;

use super::desk::{Desk, emails, setup};
use crate::browser::DESKTOP;

/// Counts how often the page is asked; the tokens live so many milliseconds, as far as the element is told.
pub(super) fn counted(ms: u32) -> String {
    format!(
        "const real = (window.real ??= host.fetchToken);
         window.asked = 0;
         host.fetchToken = async () => {{
           window.asked += 1;
           if (window.refuses) throw new Error('no token');
           const {{ token }} = await real();
           return {{ token, expiresAt: new Date(Date.now() + {ms}).toISOString() }};
         }};
         // Anew, so that it has no token yet.
         const next = host.nextSibling; const parent = host.parentNode;
         host.remove();
         setTimeout(() => parent.insertBefore(host, next))"
    )
}

async fn look_up(desk: &Desk) {
    desk.paste(&emails(0..5)).await;
    desk.reads("To look up: 5").await;
    desk.click("Look up").await;
    desk.reads("Done. Found: 3. Not found: 2.").await;
}

pub(super) async fn revoke(desk: &Desk) {
    let request = desk.world.request(Method::DELETE, "/api/v1/embed-tokens").header("authorization", format!("Bearer {PORTAL_SECRET}"));
    send(request.json(&json!({}))).await.json_of(200);
}

#[tokio::test]
async fn a_token_is_kept_and_renewed_before_it_expires() {
    let desk = Desk::set(setup(), 3, DESKTOP).await;
    desk.open().await;
    desk.ask(&counted(600_000)).await;
    desk.until("the form is there", "return window.asked === 1 && !!root.querySelector('[part=form]')").await;
    look_up(&desk).await;
    assert_eq!(desk.ask("return window.asked").await, 1, "one token for all of it");

    desk.ask(&counted(2_000)).await;
    desk.until("the form is there", "return window.asked >= 1 && !!root.querySelector('[part=form]')").await;
    // Half of its time is over.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    look_up(&desk).await;
    assert_eq!(desk.ask("return window.asked").await, 2);
    desk.end().await;
}

#[tokio::test]
async fn a_token_that_was_revoked_is_renewed_once() {
    let desk = Desk::set(setup(), 3, DESKTOP).await;
    desk.open().await;
    desk.ask(&counted(600_000)).await;
    desk.until("the form is there", "return window.asked === 1 && !!root.querySelector('[part=form]')").await;
    revoke(&desk).await;
    look_up(&desk).await;
    assert_eq!(desk.ask("return window.asked").await, 2);

    // The page has none to give: said quietly, with a way on.
    revoke(&desk).await;
    desk.ask("window.refuses = true").await;
    desk.click("Look up").await;
    desk.reads("Your access has expired. Try again, or log in to this portal anew.").await;
    assert_eq!(desk.ask("return window.asked").await, 3, "asked once");
    desk.ask("window.refuses = false").await;
    desk.click("Try again").await;
    desk.reads("Done. Found: 3. Not found: 2.").await;
    desk.browser.quit().await;
}

#[tokio::test]
async fn fetch_token_may_be_set_before_and_after() {
    let desk = Desk::set(setup(), 3, DESKTOP).await;
    desk.open().await;
    desk.ask(
        "const ask = host.fetchToken;
         const late = document.createElement('latchkey-buckets');
         host.replaceWith(late);
         setTimeout(() => (late.fetchToken = () => ask().then(({ token }) => token)), 300)",
    )
    .await;
    desk.until("it works once it is set", "return !!root.querySelector('[part=form]')").await;
    look_up(&desk).await;
    desk.end().await;
}
