//! The days that all of it is about.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::stage::{ZONE, ago, customer, desk, setup, today};

fn stated(from: Date, to: Date, zone: &str) -> String {
    let day = |day: Date| day.strftime("%b %-d, %Y").to_string();
    format!("{} to {}, days in {zone}", day(from), day(to))
}

#[tokio::test]
async fn presets_are_days_of_the_visitors() {
    let desk = desk(setup()).await;
    let all: Vec<i32> = (0..60).step_by(3).collect();
    let customers: Vec<Value> = all.iter().map(|days| customer(&format!("c-{days}"), ago(*days), &json!({}))).collect();
    desk.seed_trading(json!({ "customers": customers })).await;
    desk.see("t-1").await;
    let today = today();
    let back = |days: i32| today.checked_sub(days.days()).unwrap();
    let last = today.first_of_month().yesterday().unwrap();
    for (preset, from, to) in [
        ("days30", back(29), today),
        ("today", today, today),
        ("yesterday", back(1), back(1)),
        ("days7", back(6), today),
        ("month", today.first_of_month(), today),
        ("month.last", last.first_of_month(), last),
        ("year", today.first_of_year(), today),
    ] {
        desk.choose("period", preset).await;
        desk.is(preset, "root.querySelector('[part=stated]').innerText", &json!(stated(from, to, ZONE))).await;
        let count = all.iter().filter(|days| (from..=to).contains(&back(**days))).count();
        desk.figure("signups", &[&count.to_string()]).await;
    }
    desk.end().await;
}

#[tokio::test]
async fn own_days_end_where_the_visitors_month_or_that_of_utc_does() {
    let desk = desk(setup()).await;
    // In Tokyo: the last second of February, the first of March, the last of March, the first of April, and five hours later.
    let moments = ["2026-02-28T14:59:59Z", "2026-02-28T15:00:00Z", "2026-03-31T14:59:59Z", "2026-03-31T15:00:00Z", "2026-03-31T20:00:00Z"];
    let customers = moments.iter().zip(["a", "b", "c", "d", "e"]).map(|(at, id)| customer(id, at.parse().unwrap(), &json!({})));
    desk.seed_trading(json!({ "customers": customers.collect::<Vec<_>>() })).await;
    desk.see("t-1").await;
    desk.days("2026-03-01", "2026-03-31").await;
    desk.reads("Mar 1, 2026 to Mar 31, 2026, days in Asia/Tokyo").await;
    desk.figure("signups", &["2"]).await;
    desk.reads("before: 1").await;
    desk.rows(&["c", "b"]).await;
    // The chart is of these days too.
    desk.is("a point for each day", "root.querySelector('[part=plot]').getAttribute('aria-valuemax')", &json!("30")).await;
    desk.reads("Mar 1, 2026 – Mar 31, 2026").await;
    desk.click_on("[part=as-table] summary").await;
    let last = "[...([...root.querySelectorAll('[part=as-table] tbody tr')].at(-1)?.cells ?? [])].map(cell => cell.textContent)";
    desk.is("the last day", last, &json!(["Mar 31, 2026", "1", "1"])).await;

    desk.choose("zone", "UTC").await;
    desk.reads("Mar 1, 2026 to Mar 31, 2026, days in UTC").await;
    desk.figure("signups", &["3"]).await;
    desk.reads("before: 2").await;
    desk.rows(&["e", "d", "c"]).await;
    desk.is("the last day", last, &json!(["Mar 31, 2026", "3", "2"])).await;
    desk.end().await;
}

#[tokio::test]
async fn days_that_are_none_are_told_at_their_fields() {
    let desk = desk(setup()).await;
    desk.seed_trading(json!({ "customers": [customer("a", "2026-03-15T03:00:00Z".parse().unwrap(), &json!({}))] })).await;
    desk.see("t-1").await;
    desk.days("2026-03-01", "2026-03-31").await;
    desk.figure("signups", &["1"]).await;
    desk.fill("from", "2026-04-01").await;
    desk.reads("Choose the first and the last day.").await;
    desk.is(
        "both are wrong",
        "['from', 'to'].map(id => root.querySelector('#' + id).getAttribute('aria-invalid'))",
        &json!(["true", "true"]),
    )
    .await;
    // What was there stays until there are other days.
    desk.figure("signups", &["1"]).await;
    desk.fill("to", "2026-04-30").await;
    desk.figure("signups", &["0"]).await;
    desk.is("neither is wrong", "root.querySelectorAll('[aria-invalid]').length", &json!(0)).await;
    // More days than are answered: those of other days are no answer to that.
    desk.fill("from", "2001-01-01").await;
    desk.reads("This did not work.").await;
    desk.until("no figure of other days", "return !root.querySelector('[part=figure]').checkVisibility()").await;
    desk.fill("from", "2026-03-01").await;
    desk.figure("signups", &["1"]).await;
    // The browser has complained of what was refused.
    desk.browser.quit().await;
}
