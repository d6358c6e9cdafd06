//! The chart of a figure: seen, pointed at, read by keys, and as a table.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::stage::{customer, desk, setup};
use crate::partner::desk::Desk;

/// What a screen reader has of the point that is read.
const POINT: &str = "root.querySelector('[part=plot]').getAttribute('aria-valuetext')";
/// The cells of its table.
const TABLE: &str = "[...root.querySelectorAll('[part=as-table] tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))";

/// Three on March 2, two on the 9th, one on the 20th; four on February 10; and what was earned in two currencies.
async fn seed(desk: &Desk) {
    let days = [("2026-03-02", 3), ("2026-03-09", 2), ("2026-03-20", 1), ("2026-02-10", 4)];
    let of_day = |(day, count): (&str, u32)| -> Vec<Value> {
        let at = format!("{day}T03:00:00Z").parse().unwrap();
        (0..count).map(|number| customer(&format!("{day}-{number}"), at, &json!({}))).collect()
    };
    let commission = |amount: &str, currency: &str| json!({ "affiliate": "t-1", "commissionAmount": amount, "currency": currency, "actionTimestamp": "2026-03-02T03:00:00Z" });
    desk.seed_trading(json!({
        "customers": days.into_iter().flat_map(of_day).collect::<Vec<_>>(),
        "commissions": [commission("1234.50", "USD"), commission("77.25", "EUR")],
    }))
    .await;
    desk.see("t-1").await;
    desk.days("2026-03-01", "2026-03-31").await;
    desk.figure("signups", &["6"]).await;
    desk.is("a point for each day", "root.querySelector('[part=plot]').getAttribute('aria-valuemax')", &json!("30")).await;
}

#[tokio::test]
async fn it_is_read_by_keys_and_as_a_table() {
    let desk = desk(setup()).await;
    seed(&desk).await;
    desk.is("its name", "root.querySelector('[part=chart] h3').innerText", &json!("Sign-ups")).await;
    desk.ask("root.querySelector('[part=plot]').focus()").await;
    for (key, point) in [
        (Key::End, "Mar 31, 2026: 0"),
        (Key::Home, "Mar 1, 2026: 0; before: 0"),
        (Key::Right, "Mar 2, 2026: 3; before: 0"),
        (Key::Left, "Mar 1, 2026: 0; before: 0"),
        (Key::PageUp, "Mar 8, 2026: 0; before: 0"),
        (Key::Up, "Mar 9, 2026: 2; before: 0"),
    ] {
        desk.press(key + "").await;
        desk.until(point, &format!("return {POINT}.startsWith({})", json!(point))).await;
    }
    assert_eq!(desk.ask("return root.querySelector('[part=mark]').checkVisibility()").await, true);
    desk.press(Key::Escape + "").await;
    desk.until("nothing is read", "return !root.querySelector('[part=mark]').checkVisibility()").await;

    desk.click_on("[part=as-table] summary").await;
    desk.is("31 days", &format!("{TABLE}.length"), &json!(31)).await;
    let days = [1, 8, 12, 19].map(|at| format!("{TABLE}[{at}]")).join(", ");
    let expected = json!([["Mar 2, 2026", "3", "0"], ["Mar 9, 2026", "2", "0"], ["Mar 13, 2026", "0", "4"], ["Mar 20, 2026", "1", "0"]]);
    desk.is("the same numbers", &format!("[{days}]"), &expected).await;
    desk.end().await;
}

#[tokio::test]
async fn by_week_and_month_and_as_bars() {
    let desk = desk(setup()).await;
    seed(&desk).await;
    desk.click_on("[part=as-table] summary").await;
    desk.choose("by", "week").await;
    let weeks = json!([
        ["Week of Mar 1, 2026", "0", "0"],
        ["Week of Mar 2, 2026", "3", "0"],
        ["Week of Mar 9, 2026", "2", "4"],
        ["Week of Mar 16, 2026", "1", "0"],
        ["Week of Mar 23, 2026", "0", "0"],
        ["Week of Mar 30, 2026", "0", ""],
    ]);
    desk.is("weeks begin on Mondays", TABLE, &weeks).await;
    desk.choose("by", "month").await;
    desk.is("one month", TABLE, &json!([["Mar 26", "6", "0"]])).await;
    desk.choose("by", "day").await;
    assert_eq!(desk.ask("return root.querySelectorAll('[part=bar]').length").await, 0);
    desk.choose("shape", "bars").await;
    desk.is("a bar for each day", "root.querySelectorAll('[part=bar]').length", &json!(31)).await;
    // The highest is that of March 2.
    let heights = "const heights = [...root.querySelectorAll('[part=bar]')].map(bar => Number(bar.getAttribute('height')));";
    assert_eq!(desk.ask(&format!("{heights} return heights.indexOf(Math.max(...heights))")).await, 1);
    // A year is by month at first.
    desk.days("2025-01-01", "2026-03-31").await;
    desk.is("by month", "root.querySelector('#by').value", &json!("month")).await;
    desk.is("15 months", &format!("{TABLE}.length"), &json!(15)).await;
    desk.end().await;
}

#[tokio::test]
async fn a_card_chooses_its_figure() {
    let desk = desk(setup()).await;
    seed(&desk).await;
    let pressed = "[...root.querySelectorAll('button[part=card]')].filter(card => card.getAttribute('aria-pressed') === 'true')\
        .map(card => card.querySelector('[data-metric]').dataset.metric)";
    desk.is("the first one", pressed, &json!(["signups"])).await;
    assert_eq!(desk.ask("return root.querySelector('#currency').checkVisibility()").await, false);
    desk.ask("root.querySelector('[data-metric=earnings]').closest('button').click()").await;
    desk.is("that one", pressed, &json!(["earnings"])).await;
    desk.is("its name", "root.querySelector('[part=chart] h3').innerText", &json!("Earnings, EUR")).await;
    desk.until("its currencies", "return root.querySelector('#currency').checkVisibility()").await;
    desk.ask("root.querySelector('[part=plot]').focus()").await;
    desk.press(Key::Home + "").await;
    desk.press(Key::Right + "").await;
    desk.until("euros", &format!("return {POINT}.startsWith('Mar 2, 2026: €77.25')")).await;
    desk.choose("currency", "USD").await;
    desk.is("its name", "root.querySelector('[part=chart] h3').innerText", &json!("Earnings, USD")).await;
    desk.ask("root.querySelector('[part=plot]').focus()").await;
    desk.press(Key::Home + "").await;
    desk.press(Key::Right + "").await;
    desk.until("dollars", &format!("return {POINT}.startsWith('Mar 2, 2026: $1,234.50')")).await;
    // What there is now has no days to draw.
    assert_eq!(desk.ask("return !root.querySelector('[data-metric=balance]').closest('button')").await, true);
    desk.end().await;
}

#[tokio::test]
async fn under_the_pointer_stands_the_figure() {
    let desk = desk(setup()).await;
    seed(&desk).await;
    let driver = &desk.browser.driver;
    let find = async |part: &str| {
        let script = format!(
            "const it = document.querySelector('latchkey-dashboard').shadowRoot.querySelector('[part={part}]'); it.scrollIntoView({{ block: 'center' }}); return it"
        );
        driver.execute(script, Vec::new()).await.unwrap().element().unwrap()
    };
    let canvas = find("canvas").await;
    driver.action_chain().move_to_element_center(&canvas).perform().await.unwrap();
    desk.until("the middle of the month", "return root.querySelector('[part=tip]').checkVisibility() && root.querySelector('[part=tip]').innerText.startsWith('Mar 16, 2026')").await;
    let stated = find("stated").await;
    driver.action_chain().move_to_element_center(&stated).perform().await.unwrap();
    desk.until("it is gone", "return !root.querySelector('[part=mark]').checkVisibility()").await;
    desk.end().await;
}
