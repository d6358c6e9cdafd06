//! Whoever is shown less than others, or has nothing to be shown; what people came from, and who is below.

use serde_json::{Value, json};

use super::stage::{PANEL, ago, customer, desk, setup, twelve};
use crate::partner::desk::Desk;

/// What is seen of a person in their detail.
async fn detail(desk: &Desk) -> Value {
    desk.click_on("[part=open]").await;
    desk.until("it is open", "return !!root.querySelector('dialog[open] dd')").await;
    let script = "return Object.fromEntries([...root.querySelectorAll('dialog[open] dl > div')].map(item => [...item.children].map(part => part.innerText.trim())))";
    desk.ask(script).await
}

#[tokio::test]
async fn what_is_personal_is_whole_with_its_scope_and_masked_without() {
    let desk = desk(setup()).await;
    let person = |email: &str| json!({ "firstname": "Jane", "lastname": "Doe", "email": email, "mobilenumber": "+442079460958" });
    let mut others = customer("o-1", ago(1), &person("jane.doe@mail.example"));
    others["affiliate"] = json!("t-2");
    desk.seed_trading(json!({ "customers": [customer("p-1", ago(1), &person("jane.doe@gmail.example")), others] })).await;
    desk.see("t-1").await;
    desk.rows(&["p-1"]).await;
    let whole = detail(&desk).await;
    assert_eq!(
        (&whole["Name"], &whole["E-mail"], &whole["Phone"]),
        (&json!("Jane Doe"), &json!("jane.doe@gmail.example"), &json!("+442079460958"))
    );
    desk.reads("or a whole e-mail or phone number").await;

    desk.see("t-2").await;
    desk.rows(&["o-1"]).await;
    let masked = detail(&desk).await;
    assert_eq!((&masked["Name"], &masked["E-mail"], &masked["Phone"]), (&json!("J*** D***"), &json!("j***@m***.example"), &json!("***58")));
    assert!(!desk.text().await.contains("whole e-mail"), "nor is it searched by");
    desk.end().await;
}

#[tokio::test]
async fn an_affiliate_with_nothing_sees_zeros_and_is_told_so() {
    let desk = desk(setup()).await;
    desk.see("t-2").await;
    for metric in ["signups", "registrations", "earnings", "cpa", "balance"] {
        desk.figure(metric, &["0"]).await;
    }
    // A share of nobody is none.
    desk.figure("conversion", &["–none"]).await;
    desk.reads("Nothing in these days.").await;
    for tab in ["Leads", "Registrations", "Transactions", "Commissions", "Payouts"] {
        desk.tab(tab).await;
        desk.until(tab, &format!("return {PANEL}.innerText.includes('There is nothing in this period.')")).await;
        let way_on = format!(
            "[...{PANEL}.querySelectorAll('button')].find(button => button.textContent === 'Show all days' && button.checkVisibility()).click()"
        );
        desk.ask(&way_on).await;
        desk.until(tab, &format!("return {PANEL}.innerText.includes('There is nothing here yet.')")).await;
    }
    desk.tab("Sources").await;
    desk.reads("No sources yet.").await;
    desk.tab("Downline").await;
    desk.reads("You have no affiliates below you yet.").await;
    desk.tab("Links").await;
    desk.until("its link", "return root.querySelector('#link')?.value === 'https://broker.example/t-2'").await;
    assert_eq!(desk.ask("return root.querySelectorAll('[role=alert]').length").await, 0);
    desk.end().await;
}

#[tokio::test]
async fn with_figures_alone_there_are_no_tabs() {
    let desk = desk(setup()).await;
    desk.see("w-2").await;
    desk.figure("signups", &["0"]).await;
    assert_eq!(desk.ask("return root.querySelectorAll('[role=tab], [role=tabpanel]').length").await, 0);
    desk.end().await;
}

#[tokio::test]
async fn whoever_has_nothing_to_be_shown_is_told_so() {
    let desk = desk(setup()).await;
    desk.log_in("b-1").await;
    desk.reads("Nothing is open to you here yet.").await;
    assert_eq!(desk.ask("return root.querySelectorAll('select, button, table').length").await, 0);
    desk.end().await;
}

#[tokio::test]
async fn sources_are_counted_and_added_up_and_the_downline_is_named() {
    let desk = desk(setup()).await;
    desk.seed_trading(twelve()).await;
    desk.see("t-1").await;
    desk.reads("Rows: 12").await;
    desk.tab("Sources").await;
    let rows = format!("[...{PANEL}.querySelectorAll('tbody tr, tfoot tr')].map(row => [...row.cells].map(cell => cell.textContent))");
    let expected = json!([["=SUM(A1)", "6", "6", "0", "0%"], ["google", "6", "6", "3", "50%"], ["Total", "12", "12", "3", "25%"]]);
    desk.is("each, and all of them", &rows, &expected).await;
    desk.tab("Downline").await;
    desk.until("who is below", &format!("return {PANEL}.querySelector('tbody tr')?.innerText.includes('Affiliate below')")).await;
    desk.end().await;
}
