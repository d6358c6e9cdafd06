//! For everybody: axe finds nothing in any state, and each is kept for people to look at.

use serde_json::json;

use super::desk::{Desk, emails, setup};
use crate::{
    axe,
    browser::{DESKTOP, Engine, NARROWEST, PHONE, not_in},
};

/// Also for the other elements: it begins with the element's name.
pub(super) async fn look(desk: &Desk, name: &str) {
    for window in [NARROWEST, DESKTOP] {
        desk.browser.show_in(window).await;
        for dark in [true, false] {
            desk.browser.prefer_dark(dark).await;
            axe::nothing_is_wrong_in(&desk.browser, desk.element, &format!("{name}, {}, dark: {dark}", window.name)).await;
        }
    }
    for window in [PHONE, DESKTOP] {
        desk.browser.show_in(window).await;
        desk.browser.screenshots(name).await;
    }
}

#[tokio::test]
async fn every_state_is_for_everybody() {
    if not_in(&[Engine::Firefox, Engine::Webkit], "their drivers cannot choose colours, and what axe reads is the same") {
        return;
    }
    let desk = Desk::set(setup(), 1_200, DESKTOP).await;
    for locale in ["en", "ar"] {
        desk.open().await;
        desk.ask(&format!("host.setAttribute('locale', '{locale}')")).await;
        desk.until(
            locale,
            &format!("return root.querySelector('[part=content]')?.lang === '{locale}' && !!root.querySelector('[part=form]')"),
        )
        .await;
        look(&desk, &format!("buckets-empty-{locale}")).await;
        let lines: Vec<String> = emails(0..1_500).into_iter().chain(["nobody".to_owned(), "lead1@mail.example".to_owned()]).collect();
        desk.paste(&lines).await;
        desk.until("the list is read", "return root.querySelectorAll('[part=left]').length === 2").await;
        desk.world.sandbox.of("wi").fault_for_good(json!({ "kind": "status", "status": 503 })).await;
        desk.ask("root.querySelector('[part=form]').requestSubmit()").await;
        desk.until("it has failed", "return !!root.querySelector('[part=progress] [role=alert]')").await;
        look(&desk, &format!("buckets-failed-{locale}")).await;
        desk.world.sandbox.of("wi").no_faults().await;
        desk.ask("root.querySelector('[part=progress] button').click()").await;
        desk.until("it is done", "return root.querySelector('table')?.getAttribute('aria-rowcount') === '1501' && !root.querySelector('[part=progress] [role=alert]')").await;
        look(&desk, &format!("buckets-done-{locale}")).await;
    }
    desk.browser.quit().await;
}
