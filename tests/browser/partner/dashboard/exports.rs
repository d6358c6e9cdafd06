//! Exports: what the file holds, and one that is stopped.

use super::stage::{desk, setup, twelve};
use crate::partner::desk::Desk;

async fn twelve_leads() -> Desk {
    let desk = desk(setup()).await;
    desk.seed_trading(twelve()).await;
    desk.see("t-1").await;
    desk.reads("Rows: 12").await;
    desk.keep_files().await;
    desk
}

fn rows(file: &str) -> Vec<Vec<&str>> {
    file.lines().map(|line| line.split(',').collect()).collect()
}

#[tokio::test]
async fn a_table_is_exported_as_it_is_shown() {
    let desk = twelve_leads().await;
    desk.click("Export CSV").await;
    desk.reads("Exported. Rows: 12").await;
    let file = desk.file().await;
    let all = rows(&file);
    assert_eq!(all.len(), 13);
    assert_eq!(all[0], ["id", "created", "status", "country", "source", "total"]);
    // The third: what a spreadsheet would run is a text, and an amount is a number.
    assert_eq!((all[3][0], &all[3][2..]), ("p-03", &["new", "CY", "'=SUM(A1)", "74.5"][..]));

    // Other columns, of those that are left.
    desk.click("Columns").await;
    for column in ["created", "status", "country", "source", "total", "email"] {
        desk.click_on(&format!("#leads-columns input[name={column}]")).await;
    }
    desk.fill("leads-search", "p-1").await;
    desk.rows(&["p-10", "p-11", "p-12"]).await;
    desk.click("Export CSV").await;
    desk.reads("Exported. Rows: 3").await;
    assert_eq!(desk.file().await, "id,email\np-10,p-10@mail.example\np-11,p-11@mail.example\np-12,p-12@mail.example\n");
    desk.end().await;
}

#[tokio::test]
async fn one_that_is_stopped_keeps_nothing() {
    let desk = twelve_leads().await;
    // Of the file comes the beginning, and then nothing until somebody stops it.
    desk.ask(
        "window.real = window.fetch;
         window.fetch = async (request, options) => {
           const answer = await window.real(request, options);
           if (!String(request.url ?? request).includes('/partner/exports/')) return answer;
           const { value } = await answer.body.getReader().read();
           const signal = options?.signal ?? request.signal;
           return new Response(new ReadableStream({
             start(body) {
               body.enqueue(value.slice(0, 200));
               signal.addEventListener('abort', () => { window.stopped = true; body.error(signal.reason) });
             },
           }));
         }",
    )
    .await;
    desk.click("Export CSV").await;
    desk.until(
        "some of it is read",
        "return Number(root.querySelector('progress')?.value) > 0 && root.querySelector('progress').checkVisibility()",
    )
    .await;
    desk.reads("of 12 rows").await;
    desk.click("Stop the export").await;
    desk.reads("The export was stopped. Nothing was kept.").await;
    desk.until("it is no longer read", "return window.stopped === true").await;
    assert_eq!(desk.ask("return window.kept ?? null").await, serde_json::Value::Null);
    desk.ask("window.fetch = window.real").await;
    desk.click("Export CSV").await;
    desk.reads("Exported. Rows: 12").await;
    assert_eq!(rows(&desk.file().await).len(), 13);
    desk.end().await;
}

#[tokio::test]
async fn one_that_breaks_off_keeps_nothing() {
    let desk = twelve_leads().await;
    desk.ask(
        "window.real = window.fetch;
         window.fetch = async (request, options) => {
           const answer = await window.real(request, options);
           if (!String(request.url ?? request).includes('/partner/exports/')) return answer;
           return new Response(new ReadableStream({ start(body) { body.enqueue(new Uint8Array([105, 100, 10])); setTimeout(() => body.error(new TypeError('lost')), 100) } }));
         }",
    )
    .await;
    desk.click("Export CSV").await;
    desk.reads("The export did not finish. Nothing was kept.").await;
    assert_eq!(desk.ask("return window.kept ?? null").await, serde_json::Value::Null);
    desk.end().await;
}
