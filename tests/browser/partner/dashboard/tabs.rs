//! The tabs, by keyboard.

use serde_json::json;
use thirtyfour::Key;

use super::stage::{desk, setup};
use crate::partner::desk::Desk;

const ALL: [&str; 8] = ["Leads", "Registrations", "Transactions", "Commissions", "Payouts", "Sources", "Downline", "Links"];

/// That tab is chosen and has the focus, it alone is on the way through the page, and its panel alone is shown.
async fn is_at(desk: &Desk, at: usize) {
    let now = "(() => {
        const tabs = [...root.querySelectorAll('[role=tab]')], panels = [...root.querySelectorAll('[role=tabpanel]')];
        const all = (test, list) => list.map((it, at) => test(it) ? at : -1).filter(at => at >= 0);
        return [all(tab => tab.ariaSelected === 'true' || tab.getAttribute('aria-selected') === 'true', tabs), all(tab => tab === root.activeElement, tabs),
          all(tab => tab.tabIndex === 0, tabs), all(panel => panel.checkVisibility(), panels),
          panels[all(panel => panel.checkVisibility(), panels)[0]]?.getAttribute('aria-labelledby') === tabs.find(tab => tab.tabIndex === 0)?.id];
      })()";
    desk.is(&format!("tab {at}"), now, &json!([[at], [at], [at], [at], true])).await;
}

#[tokio::test]
async fn arrows_go_around_them() {
    let desk = desk(setup()).await;
    desk.see("t-1").await;
    desk.is("all of them", "[...root.querySelectorAll('[role=tab]')].map(tab => tab.textContent)", &json!(ALL)).await;
    desk.ask("root.querySelector('[role=tab]').focus()").await;
    is_at(&desk, 0).await;
    for (key, at) in [(Key::Right, 1), (Key::Right, 2), (Key::Left, 1), (Key::End, 7), (Key::Right, 0), (Key::Left, 7), (Key::Home, 0)] {
        desk.press(key + "").await;
        is_at(&desk, at).await;
    }
    desk.end().await;
}

#[tokio::test]
async fn from_right_to_left_the_arrows_go_the_other_way() {
    let desk = desk(setup()).await;
    desk.see("t-1").await;
    desk.ask("host.setAttribute('locale', 'ar')").await;
    desk.until("Arabic", "return root.querySelector('[part=content]')?.dir === 'rtl' && !!root.querySelector('[role=tab]')").await;
    desk.ask("root.querySelector('[role=tab]').focus()").await;
    for (key, at) in [(Key::Left, 1), (Key::Left, 2), (Key::Right, 1), (Key::Home, 0), (Key::Right, 7), (Key::Left, 0)] {
        desk.press(key + "").await;
        is_at(&desk, at).await;
    }
    desk.end().await;
}
