//! The tables: in any order, searched, filtered, by columns, and all of them to the end.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::stage::{PANEL, ago, customer, desk, setup, twelve};
use crate::partner::desk::Desk;

const NEWEST_FIRST: [&str; 12] = ["p-01", "p-02", "p-03", "p-04", "p-05", "p-06", "p-07", "p-08", "p-09", "p-10", "p-11", "p-12"];

async fn twelve_leads() -> Desk {
    let desk = desk(setup()).await;
    desk.seed_trading(twelve()).await;
    desk.see("t-1").await;
    desk.rows(&NEWEST_FIRST).await;
    desk
}

/// Clicks the head of a column.
async fn sort_by(desk: &Desk, column: &str) {
    let script = format!(
        "const head = [...{PANEL}.querySelectorAll('thead button')].find(head => head.textContent === {});
         head?.click();
         return !!head",
        json!(column)
    );
    desk.until(column, &script).await;
}

/// Each column's order, as it is said.
const SORTED: &str = "[...root.querySelectorAll('[role=tabpanel]:not([hidden]) thead [aria-sort]')].map(head => [head.innerText.trim(), head.getAttribute('aria-sort')])";

#[tokio::test]
async fn in_order_by_a_column_both_ways() {
    let desk = twelve_leads().await;
    desk.is("as it is", SORTED, &json!([["Created", "descending"]])).await;
    let mut by_total: Vec<usize> = (1..=12).collect();
    by_total.sort_by_key(|number| number * 7 % 12);
    let mut ids: Vec<&str> = by_total.iter().map(|number| NEWEST_FIRST[number - 1]).collect();
    sort_by(&desk, "Total deposits").await;
    desk.rows(&ids).await;
    desk.is("ascending", SORTED, &json!([["Total deposits", "ascending"]])).await;
    desk.reads("Sorted by Total deposits, ascending.").await;
    sort_by(&desk, "Total deposits").await;
    ids.reverse();
    desk.rows(&ids).await;
    desk.is("descending", SORTED, &json!([["Total deposits", "descending"]])).await;
    sort_by(&desk, "Created").await;
    ids = NEWEST_FIRST.into_iter().rev().collect();
    desk.rows(&ids).await;
    desk.end().await;
}

#[tokio::test]
async fn what_a_cell_says() {
    let desk = twelve_leads().await;
    let row = format!("[...{PANEL}.querySelector('tr[aria-rowindex=\"4\"]').cells].slice(2).map(cell => cell.innerText.trim())");
    // The third: 3 * 7 % 12 is 9.
    desk.is("in the visitor's words", &row, &json!(["new", "Cyprus", "=SUM(A1)", "74.5"])).await;
    let day = ago(3).strftime("%b %-d, %Y").to_string();
    let created = format!("{PANEL}.querySelector('tr[aria-rowindex=\"4\"]').cells[1].innerText.replace(/\\s/g, ' ')");
    desk.is("noon, where the visitor is", &created, &json!(format!("{day}, 12:00 PM"))).await;
    desk.end().await;
}

#[tokio::test]
async fn searched() {
    let desk = twelve_leads().await;
    desk.fill("leads-search", "p-0").await;
    desk.rows(&NEWEST_FIRST[..9]).await;
    desk.fill("leads-search", "p-07@mail.example").await;
    desk.rows(&["p-07"]).await;
    desk.reads("Rows: 1").await;
    desk.fill("leads-search", "nobody").await;
    desk.reads("Nothing matches these filters.").await;
    desk.click("Clear all").await;
    desk.rows(&NEWEST_FIRST).await;
    // As somebody types it, with answers coming in between.
    let input = desk
        .browser
        .driver
        .execute("return document.querySelector('latchkey-dashboard').shadowRoot.querySelector('#leads-search')", Vec::new());
    input.await.unwrap().element().unwrap().focus().await.unwrap();
    for letter in ["p", "-", "1", "2"] {
        desk.press(letter).await;
        tokio::time::sleep(std::time::Duration::from_millis(350)).await;
    }
    desk.rows(&["p-12"]).await;
    desk.is("nothing of it was lost", "root.querySelector('#leads-search').value", &json!("p-12")).await;
    desk.end().await;
}

#[tokio::test]
async fn filtered_by_several_values_that_are_taken_back() {
    let desk = twelve_leads().await;
    desk.click("Filters").await;
    desk.click_on("#leads-filters input[name=country][value=DE]").await;
    desk.rows(&["p-01", "p-04", "p-07", "p-10"]).await;
    desk.click_on("#leads-filters input[name=country][value=FR]").await;
    desk.rows(&["p-01", "p-02", "p-04", "p-05", "p-07", "p-08", "p-10", "p-11"]).await;
    desk.is(
        "both are named",
        &format!("[...{PANEL}.querySelectorAll('[part=chip] bdi')].map(chip => chip.textContent)"),
        &json!(["Country: Germany", "Country: France"]),
    )
    .await;
    desk.click_on("#leads-filters input[name=status][value=active]").await;
    desk.rows(&["p-02", "p-04", "p-08", "p-10"]).await;
    desk.reads("Filters: 3").await;
    desk.choose("leads-filter-deposited", "true").await;
    desk.rows(&["p-04", "p-08"]).await;
    desk.click_on("[part=chip][aria-label='Remove the filter Country: Germany']").await;
    desk.rows(&["p-08"]).await;
    assert_eq!(desk.ask("return root.activeElement?.textContent").await, "Filters: 3", "what had the focus is gone");
    desk.click("Clear all").await;
    desk.rows(&NEWEST_FIRST).await;
    assert_eq!(desk.ask("return root.activeElement?.textContent").await, "Filters");
    assert_eq!(desk.ask("return root.querySelector('#leads-filters input[name=country][value=FR]').checked").await, false);
    desk.end().await;
}

#[tokio::test]
async fn columns_are_chosen_and_remembered() {
    let desk = twelve_leads().await;
    let heads = format!("[...{PANEL}.querySelectorAll('thead th')].map(head => head.innerText.trim())");
    let usual = ["ID", "Created", "Status", "Country", "Source", "Total deposits"];
    desk.is("the usual ones", &heads, &json!(usual)).await;
    desk.click("Columns").await;
    desk.click_on("#leads-columns input[name=country]").await;
    desk.click_on("#leads-columns input[name=email]").await;
    let chosen = json!(["ID", "Created", "Status", "Source", "E-mail", "Total deposits"]);
    desk.is("those that are chosen", &heads, &chosen).await;
    desk.rows(&NEWEST_FIRST).await;
    desk.column(4, &NEWEST_FIRST.map(|id| format!("{id}@mail.example")).each_ref().map(String::as_str)).await;
    let origin = &desk.world.portal.as_ref().unwrap().origin;
    desk.browser.goto(origin).await;
    desk.until("the table is there again", &format!("return !!{PANEL}?.querySelector('thead th')")).await;
    desk.is("after a reload", &heads, &chosen).await;
    // One stays.
    for column in ["created", "status", "source", "email", "total"] {
        desk.click_on(&format!("#leads-columns input[name={column}]")).await;
    }
    desk.is("one", &heads, &json!(["ID"])).await;
    assert_eq!(desk.ask("return root.querySelector('#leads-columns input[name=id]').disabled").await, true);
    desk.end().await;
}

#[tokio::test]
async fn twelve_hundred_are_there_to_the_last() {
    let desk = desk(setup()).await;
    let all: Vec<Value> = (0..1_200).map(|number| customer(&format!("c-{number:04}"), ago(number % 28 + 1), &json!({}))).collect();
    desk.seed_trading(json!({ "customers": all })).await;
    desk.see("t-1").await;
    desk.reads("Rows: 1,200").await;
    desk.is("as many are told", &format!("{PANEL}.querySelector('table').getAttribute('aria-rowcount')"), &json!("1201")).await;
    let there = desk.ask(&format!("return {PANEL}.querySelectorAll('tbody tr[aria-rowindex]').length")).await;
    assert!(there.as_u64().unwrap() < 60, "{there} rows are made");
    sort_by(&desk, "ID").await;
    desk.until("in order", &format!("return {PANEL}.querySelector('tr[aria-rowindex=\"2\"]')?.cells[0].innerText.trim() === 'c-0000'"))
        .await;
    // Read as one who scrolls: each row is the next one.
    for first in (0..1_200).step_by(20) {
        desk.ask(&format!("{PANEL}.querySelector('[part=region]').scrollTop = {first} * 44")).await;
        let ids: Vec<String> = (first..first + 20).map(|number| format!("c-{number:04}")).collect();
        let shown = format!(
            "Array.from({{ length: 20 }}, (_, at) => {PANEL}.querySelector(`tr[aria-rowindex=\"${{at + {first} + 2}}\"]`)?.cells[0].innerText.trim())"
        );
        desk.is(&format!("rows from {first} on"), &shown, &json!(ids)).await;
    }
    // From the end, another order begins at its beginning.
    sort_by(&desk, "ID").await;
    desk.until(
        "the other way around",
        &format!("return {PANEL}.querySelector('tr[aria-rowindex=\"2\"]')?.cells[0].innerText.trim() === 'c-1199'"),
    )
    .await;
    desk.is("at its beginning", &format!("{PANEL}.querySelector('[part=region]').scrollTop"), &json!(0)).await;
    desk.end().await;
}

#[tokio::test]
async fn an_empty_period_has_a_way_to_all_days() {
    let desk = twelve_leads().await;
    desk.days("2020-01-01", "2020-01-31").await;
    desk.reads("There is nothing in this period.").await;
    desk.click("Show all days").await;
    desk.rows(&NEWEST_FIRST).await;
    assert_eq!(desk.ask("return root.querySelector('#leads-days').value").await, "all");
    desk.figure("signups", &["0"]).await;
    desk.end().await;
}

#[tokio::test]
async fn asked_anew_it_stays_where_it_is_scrolled_to() {
    let desk = desk(setup().set("partner", "fresh_seconds", "0")).await;
    let all: Vec<Value> = (0..300).map(|number| customer(&format!("c-{number:03}"), ago(number % 28 + 1), &json!({}))).collect();
    desk.seed_trading(json!({ "customers": all })).await;
    desk.see("t-1").await;
    desk.reads("Rows: 300").await;
    sort_by(&desk, "ID").await;
    desk.until("in order", &format!("return {PANEL}.querySelector('tr[aria-rowindex=\"2\"]')?.cells[0].innerText.trim() === 'c-000'"))
        .await;
    // As far down as there are rows; the next ones come then.
    let far = desk
        .ask(&format!("const region = {PANEL}.querySelector('[part=region]'); region.scrollTop = 200 * 44; return region.scrollTop"))
        .await;
    desk.until("c-200", &format!("return {PANEL}.querySelector('tr[aria-rowindex=\"202\"]')?.cells[0].innerText.trim() === 'c-200'")).await;
    desk.seed_trading(json!({ "customers": [customer("d-new", ago(1), &json!({}))] })).await;
    desk.click("Refresh").await;
    desk.reads("Rows: 301").await;
    assert_eq!(desk.ask(&format!("return {PANEL}.querySelector('[part=region]').scrollTop")).await, far);
    desk.is(
        "what is read stays",
        &format!("{PANEL}.querySelector('tr[aria-rowindex=\"202\"]')?.cells[0].innerText.trim()"),
        &json!("c-200"),
    )
    .await;
    desk.end().await;
}

#[tokio::test]
async fn commissions_have_their_state_and_correction() {
    let desk = desk(setup()).await;
    let records = json!([
        { "affiliate": "t-1", "commissionType": "CPA", "commissionAmount": "200.25", "correctedCommissionAmount": "150.05", "currency": "EUR", "actionTimestamp": ago(2) },
        { "affiliate": "t-1", "commissionType": "REVSHARE", "commissionAmount": "-3.50", "actionTimestamp": ago(3), "payoutAt": ago(1) },
    ]);
    desk.seed_trading(json!({ "commissions": records })).await;
    desk.see("t-1").await;
    desk.tab("Commissions").await;
    desk.column(2, &["CPA", "REVSHARE"]).await;
    desk.column(3, &["pending", "paid"]).await;
    desk.column(4, &["€200.25", "-$3.50"]).await;
    desk.column(5, &["€150.05", "–"]).await;
    desk.end().await;
}

#[tokio::test]
async fn positions_and_transactions_of_accounts() {
    let desk = desk(setup()).await;
    let utm = json!({ "affiliate_id": "I1", "utm_source": "google", "sub_id": "s-1" });
    let transaction = |id: &str, amount: &str, fake: bool| json!({ "transactionId": id, "transactionDate": ago(2), "type": "Deposit", "amount": amount, "currency": "USD", "loginId": "11", "platformServer": "mt4-1", "isFake": fake });
    let records = json!({
        "leads": [{ "id": "l-1", "email": "jane@mail.example", "firstName": "Jane", "lastName": "Doe", "registrationDate": ago(5), "utmDetails": utm }],
        "registrations": [{ "id": "r-1", "email": "jane@mail.example", "registrationDate": ago(4), "accounts": [{ "loginId": "11", "platformServer": "mt4-1", "type": "live" }] }],
        "transactions": [transaction("d-1", "100.25", false), transaction("d-2", "999.00", true)],
        "positions": [{ "positionId": "x-1", "loginId": "11", "serverTag": "mt4-1", "symbol": "EURUSD", "closeDate": ago(1), "volume": "1.50012345", "profit": "-12.75" }],
    });
    desk.world.sandbox.of("impact").seed(records).await;
    desk.see("i-1").await;
    desk.figure("deposits", &["$100.25"]).await;
    // To its last digit.
    desk.figure("volume", &["1.50012345"]).await;
    desk.tab("Positions").await;
    desk.reads("EURUSD").await;
    desk.reads("-$12.75").await;
    desk.tab("Transactions").await;
    desk.reads("Rows: 2").await;
    desk.click("Filters").await;
    desk.choose("transactions-filter-fake", "true").await;
    desk.rows(&["d-2"]).await;
    desk.choose("transactions-filter-fake", "false").await;
    desk.rows(&["d-1"]).await;
    desk.tab("Trading servers").await;
    desk.reads("mt5-1").await;

    // The person, with what they deposited.
    desk.tab("Leads").await;
    desk.rows(&["l-1"]).await;
    desk.click_on("[part=open][data-id=l-1]").await;
    desk.until("their transactions", "return root.querySelectorAll('dialog[open] tbody tr').length === 2").await;
    desk.reads("jane@mail.example").await;
    desk.end().await;
}

#[tokio::test]
async fn a_person_is_opened_and_closed_by_keyboard() {
    let desk = twelve_leads().await;
    desk.ask("root.querySelector('[part=open][data-id=p-02]').focus()").await;
    desk.press(Key::Enter + "").await;
    desk.until("it is open", "return root.querySelector('dialog[open]')?.innerText.includes('p-02@mail.example')").await;
    desk.reads("Person p-02").await;
    desk.reads("Jane Doe2").await;
    assert_eq!(desk.ask("return root.querySelector('dialog[open]').contains(root.activeElement)").await, true, "the focus is in it");
    desk.press(Key::Escape + "").await;
    desk.until("it is closed", "return !root.querySelector('dialog[open]')").await;
    assert_eq!(desk.ask("return root.activeElement?.dataset.id").await, "p-02", "the focus is where it was");
    desk.press(Key::Enter + "").await;
    desk.until("it is open again", "return root.querySelector('dialog[open]')?.innerText.includes('p-02@mail.example')").await;
    desk.click_on("dialog[open] [aria-label=Close]").await;
    desk.until("it is closed", "return !root.querySelector('dialog[open]')").await;
    // Somebody who is gone meanwhile.
    desk.world.store.change("DELETE FROM records WHERE id = 'p-03'").await;
    desk.click_on("[part=open][data-id=p-03]").await;
    desk.reads("This person is no longer in your list.").await;
    desk.browser.quit().await;
}
