//! Looking up a list: from the paste to the file.

use serde_json::json;

use super::desk::{Desk, emails, setup};
use crate::browser::DESKTOP;

#[tokio::test]
async fn five_thousand_are_looked_up_filtered_and_read_back() {
    let desk = Desk::set(setup(), 4_000, DESKTOP).await;
    desk.open().await;
    desk.paste(&emails(0..5_000)).await;
    desk.reads("To look up: 5,000").await;
    desk.click("Look up").await;
    desk.reads("Done. Found: 4,000. Not found: 1,000.").await;
    desk.reads("Rows: 5,000").await;

    // A real table, of which only a window is there.
    assert_eq!(desk.ask("return root.querySelector('table').getAttribute('aria-rowcount')").await, "5001");
    assert!(desk.ask("return root.querySelectorAll('tbody tr').length").await.as_u64().unwrap() < 40);
    desk.ask("const region = root.querySelector('[part=region]'); region.scrollTop = region.scrollHeight").await;
    desk.until("the last row", "return !!root.querySelector('tr[aria-rowindex=\"5001\"] th')?.textContent.includes('lead4999@')").await;
    let row = "root.querySelector('tr[aria-rowindex=\"2\"]')";
    desk.ask("root.querySelector('[part=region]').scrollTop = 0").await;
    desk.until("the first row", &format!("return {row}?.textContent === 'lead0@mail.exampleFoundactiveMar 1, 2026Apr 2, 2026'")).await;

    desk.choose("deposited", "yes").await;
    desk.reads("Rows: 1,000").await;
    desk.choose("status", "new").await;
    desk.reads("Nothing matches these filters.").await;
    desk.choose("deposited", "").await;
    desk.choose("status", "").await;
    desk.choose("was", "missing").await;
    desk.reads("Rows: 1,000").await;

    desk.keep_files().await;
    desk.click("Download CSV").await;
    let file = desk.file().await;
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 1_001);
    assert_eq!(lines[0], "\u{feff}In your list,Result,Status,Created,First deposit,ID,E-mail");
    assert_eq!(lines[1], "lead4000@mail.example,Not found,,,,,");

    // A thousand at a time.
    let asked = "return performance.getEntriesByType('resource').filter(({ name }) => name.includes('/buckets/bucket-1/leads')).length";
    assert_eq!(desk.ask(asked).await, 5);
    desk.end().await;
}

#[tokio::test]
async fn ids_of_a_source_and_of_some_days() {
    let desk = Desk::set(setup(), 60, DESKTOP).await;
    desk.open().await;
    desk.ask("root.querySelectorAll('[name=kind]')[1].click()").await;
    desk.paste(&["Name;Lead ID".to_owned(), "Jane;l-1".to_owned(), "Joe;l-2".to_owned(), "Jim;l-900".to_owned()]).await;
    desk.reads("To look up: 3").await;
    let day = |id: &str, day: &str| {
        format!("const day = root.querySelector('#{id}'); day.value = '{day}'; day.dispatchEvent(new Event('change', {{ bubbles: true }}))")
    };
    desk.ask(&day("from", "2026-03-05")).await;
    desk.ask(&day("to", "2026-03-03")).await;
    desk.click("Look up").await;
    desk.reads("The first day is after the last one.").await;
    desk.ask(&day("from", "2026-03-03")).await;
    desk.click("Look up").await;
    desk.reads("Done. Found: 1. Not found: 2.").await;
    desk.choose("source", "facebook_ads").await;
    desk.click("Look up").await;
    desk.reads("Done. Found: 0. Not found: 3.").await;
    desk.choose("bucket", "bucket-2").await;
    desk.until("a bucket without sources", "return !root.querySelector('#source').checkVisibility()").await;
    desk.end().await;
}

#[tokio::test]
async fn a_look_up_is_stopped_and_goes_on() {
    let desk = Desk::set(setup(), 10, DESKTOP).await;
    desk.open().await;
    desk.paste(&emails(0..3_000)).await;
    desk.reads("To look up: 3,000").await;
    desk.world.sandbox.of("wi").fault_for_good(json!({ "kind": "delay", "ms": 1500 })).await;
    desk.click("Look up").await;
    desk.reads("1,000 of 3,000 looked up").await;
    desk.click("Stop").await;
    desk.reads("Stopped. 1,000 of 3,000 looked up").await;
    desk.world.sandbox.of("wi").no_faults().await;
    desk.click("Go on").await;
    desk.reads("Done. Found: 10. Not found: 2,990.").await;
    desk.end().await;
}
