//! What is pasted, dropped and chosen.

use serde_json::json;

use super::desk::{Desk, setup};
use crate::browser::DESKTOP;

/// Drops a file of that name and content.
fn drop(name: &str, content: &str) -> String {
    format!(
        "const transfer = new DataTransfer();
         transfer.items.add(new File([{}], '{name}', {{ type: 'text/csv' }}));
         root.querySelector('[part=drop]').dispatchEvent(new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: transfer }}))",
        json!(content)
    )
}

#[tokio::test]
async fn lines_that_repeat_or_cannot_be_used_are_named() {
    let desk = Desk::set(setup(), 3, DESKTOP).await;
    desk.open().await;
    desk.click("Look up").await;
    desk.reads("Paste a list, or choose a file.").await;
    let lines = ["lead1@mail.example", "nobody", "LEAD1@mail.example", "x@@y"].map(str::to_owned);
    desk.paste(&lines).await;
    desk.reads("To look up: 1").await;
    desk.reads("Lines that cannot be used: 2").await;
    desk.reads("Line 2: nobody").await;
    desk.reads("Line 4: x@@y").await;
    desk.reads("Repeated lines, left out: 1").await;
    desk.reads("Line 3: LEAD1@mail.example (as in line 1)").await;
    desk.end().await;
}

#[tokio::test]
async fn a_file_is_dropped() {
    let desk = Desk::set(setup(), 3, DESKTOP).await;
    desk.open().await;
    desk.ask(&drop("leads.csv", "Name,E-mail\r\n\"Doe, Jane\",lead1@mail.example\r\nJoe,joe@mail.example\r\n")).await;
    desk.reads("leads.csv").await;
    desk.reads("To look up: 2").await;
    desk.click("Look up").await;
    desk.reads("Done. Found: 1. Not found: 1.").await;
    desk.click("Remove").await;
    desk.until("the area is back", "return !!root.querySelector('#list') && !root.textContent.includes('To look up')").await;
    desk.ask(&drop("leads.xlsx", "PK\u{3}\u{4}")).await;
    desk.reads("leads.xlsx is a workbook. Save its sheet as CSV and choose that file.").await;
    desk.end().await;
}

#[tokio::test]
async fn more_than_a_hundred_thousand_are_too_many() {
    let desk = Desk::set(setup(), 0, DESKTOP).await;
    desk.open().await;
    desk.ask(
        "const area = root.querySelector('#list');
         area.value = Array.from({ length: 100001 }, (_, number) => `lead${number}@mail.example`).join('\\n');
         area.dispatchEvent(new InputEvent('input', { bubbles: true }))",
    )
    .await;
    desk.reads("To look up: 100,001").await;
    desk.click("Look up").await;
    desk.reads("100,001 are too many: at most 100,000 are looked up in one go.").await;
    desk.end().await;
}
