//! For everybody: axe finds nothing in any state, and each is kept for people to look at.

use serde_json::{Value, json};

use super::stage::{PANEL, ago, customer, desk, setup};
use crate::{
    browser::{DESKTOP, Engine, not_in},
    partner::{desk::Desk, looks::look},
};

const CANNOT: &str = "their drivers cannot choose colours, and what axe reads is the same";

/// A month as it is: some of everything.
async fn a_month(setup: harness::Setup) -> Desk {
    let desk = desk(setup).await;
    let of = |number: i32, words: &[&'static str]| words[usize::try_from(number).unwrap() % words.len()];
    let one = |number: i32| {
        let more = json!({
            "firstname": of(number, &["Jane", "Mehmet", "ليلى", "Zoë"]), "lastname": of(number, &["Doe", "Öztürk", "حداد", "Müller"]),
            "mobilenumber": format!("+4420794600{number:02}"), "country": of(number, &["CY", "DE", "FR", "GB", "AE"]),
            "status": of(number, &["ACTIVE", "NEW", "KYC PENDING"]), "source": of(number, &["google", "newsletter", "facebook_ads"]),
            "hasFTD": number % 3 == 0, "depositTotal": f64::from(number * 37 % 100) * 25.5,
        });
        customer(&format!("{:08x}", number * 7_919), ago(number * number % 58), &more)
    };
    let commission = |number: i32| {
        json!({ "affiliate": "t-1", "commissionType": of(number, &["CPA", "REVSHARE"]), "currency": of(number, &["USD", "EUR"]),
                "commissionAmount": format!("{}.50", number * 13 % 400),
                "correctedCommissionAmount": (number % 5 == 0).then(|| format!("{}.25", number * 11 % 300)),
                "actionTimestamp": ago(number * number % 58), "payoutAt": (number % 3 == 0).then(|| ago(number % 55)) })
    };
    desk.seed_trading(json!({
        "customers": (0..90).map(one).collect::<Vec<_>>(),
        "commissions": (0..60).map(commission).collect::<Vec<_>>(),
        "transactions": [{ "affiliate": "t-1", "type": "COMMISSION_PAYOUT", "amount": "1250.50", "createdAt": ago(4) }],
        "payouts": [{ "affiliate": "t-1", "requestedAt": ago(20), "rejectedAt": ago(18), "rejectReason": "The bank details are missing" }],
    }))
    .await;
    desk
}

/// Logs in and chooses the language.
async fn open(desk: &Desk, locale: &str) {
    desk.browser.show_in(DESKTOP).await;
    desk.log_in("t-1").await;
    desk.ask(&format!("host.setAttribute('locale', '{locale}')")).await;
    desk.until(
        locale,
        &format!("return root.querySelector('[part=content]')?.lang === '{locale}' && !!root.querySelector('[part=dashboard]')"),
    )
    .await;
}

const SETTLED: &str = "return !!root.querySelector('[data-metric=signups] [part=amount]') && !root.querySelector('[aria-busy]')\
    && ![...root.querySelectorAll('[part~=skeleton]')].some(skeleton => skeleton.checkVisibility())";

#[tokio::test]
async fn the_figures_and_every_panel_are_for_everybody() {
    if not_in(&[Engine::Firefox, Engine::Webkit], CANNOT) {
        return;
    }
    let desk = a_month(setup()).await;
    for locale in ["en", "ar"] {
        open(&desk, locale).await;
        let count = desk.ask("return root.querySelectorAll('[role=tab]').length").await.as_u64().unwrap();
        for at in 0..count {
            desk.ask(&format!("root.querySelectorAll('[role=tab]')[{at}].click()")).await;
            desk.until("it is there", SETTLED).await;
            look(&desk, &format!("dashboard-panel-{at}-{locale}")).await;
        }
        // Money in bars, with its table open.
        desk.ask("root.querySelector('[data-metric=earnings]').closest('button').click()").await;
        desk.choose("shape", "bars").await;
        desk.click_on("[part=as-table] summary").await;
        desk.until("bars", "return root.querySelectorAll('[part=bar]').length === 30").await;
        look(&desk, &format!("dashboard-chart-{locale}")).await;
    }
    desk.browser.quit().await;
}

#[tokio::test]
async fn what_is_unfolded_and_opened_is_for_everybody() {
    if not_in(&[Engine::Firefox, Engine::Webkit], CANNOT) {
        return;
    }
    let desk = a_month(setup()).await;
    for locale in ["en", "ar"] {
        open(&desk, locale).await;
        desk.until("it is there", SETTLED).await;
        desk.click_on("[aria-controls=leads-filters]").await;
        desk.click_on("#leads-filters input[name=country][value=DE]").await;
        desk.until("it is there", SETTLED).await;
        look(&desk, &format!("dashboard-filters-{locale}")).await;
        desk.click_on("[aria-controls=leads-columns]").await;
        look(&desk, &format!("dashboard-columns-{locale}")).await;
        desk.click_on("[part=open]").await;
        desk.until("a person", "return !!root.querySelector('dialog[open] dd')").await;
        look(&desk, &format!("dashboard-person-{locale}")).await;
        desk.ask("root.querySelector('dialog[open]').close()").await;
        desk.fill("leads-search", "nobody").await;
        desk.until("nobody", &format!("return {PANEL}.querySelector('[part=empty]')?.checkVisibility()")).await;
        look(&desk, &format!("dashboard-nobody-{locale}")).await;
        desk.ask("root.querySelectorAll('[role=tab]')[4].click()").await;
        desk.click_on("[role=tabpanel]:not([hidden]) [part=wallets] button").await;
        desk.until("whether it is meant", "return !!root.querySelector('dialog[open]')").await;
        look(&desk, &format!("dashboard-payout-{locale}")).await;
        desk.ask("root.querySelector('dialog[open]').close()").await;
        // Days that are none.
        desk.days("2026-04-01", "2026-03-01").await;
        look(&desk, &format!("dashboard-days-{locale}")).await;
    }
    desk.browser.quit().await;
}

#[tokio::test]
async fn trouble_is_for_everybody() {
    if not_in(&[Engine::Firefox, Engine::Webkit], CANNOT) {
        return;
    }
    let desk = a_month(setup().set("partner", "fresh_seconds", "1").set("partner", "cache_seconds", "0")).await;
    let crm = desk.world.sandbox.of("trading");
    for locale in ["en", "ar"] {
        // Waiting for the first answer of all.
        if locale == "en" {
            crm.fault_for_good(json!({ "kind": "delay", "ms": 6000 })).await;
            open(&desk, locale).await;
            desk.until("it waits", "return !!root.querySelector('[part~=of-cards]')?.checkVisibility()").await;
            look(&desk, "dashboard-waiting").await;
            crm.no_faults().await;
        }
        open(&desk, locale).await;
        desk.until("it is there", SETTLED).await;
        crm.fault_for_good(json!({ "kind": "status", "status": 503 })).await;
        let stale = "[...root.querySelectorAll('[part=choice-of-days] > button')].at(-1).click();
            return [...root.querySelectorAll('[part=note]')].some(note => note.checkVisibility())";
        while desk.ask(stale).await != Value::Bool(true) {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
        look(&desk, &format!("dashboard-stale-{locale}")).await;
        crm.no_faults().await;
        // No token at all.
        desk.ask("host.fetchToken = async () => { throw new Error('none') }; const place = host.parentNode, next = host.nextSibling; host.remove(); setTimeout(() => place.insertBefore(host, next))").await;
        desk.until("refused", "return !!root.querySelector('[part=trouble]')").await;
        look(&desk, &format!("dashboard-refused-{locale}")).await;
    }
    desk.log_in("b-1").await;
    desk.until("nothing is open", "return !!root.querySelector('[part=empty]')").await;
    look(&desk, "dashboard-nothing").await;
    desk.browser.quit().await;
}
