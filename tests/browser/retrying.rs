//! What cannot be sent now stays in the form, and is sent again by itself.

use harness::{Setup, until};
use serde_json::json;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use thirtyfour::prelude::*;

use crate::{
    browser::{DESKTOP, NO_ANSWER, PHONE, Window},
    form::Form,
    stage::Stage,
};

const RETRYING: &str = "This could not be sent yet.";
const BUSY: &str = "We cannot take your details right now.";

/// Answers signups with a status that the proxy gives when it cannot take them, as long as `window.busy` is true; notes the keys
/// that came, and what the element tells the page.
async fn busy(form: &Form<'_>, status: u16, retry_after: &str) {
    let script = format!(
        "const real = window.fetch; window.busy = true; window.keys = []; window.waits = []; window.errors = [];
         host.addEventListener('latchkey:error', event => window.errors.push(event.detail));
         window.fetch = async (resource, options) => {{
           if (!String(resource).endsWith('/signups')) return real(resource, options);
           window.keys.push(options.headers['idempotency-key']);
           window.waits.push(window.waited);
           return window.busy ? new Response('{{}}', {{ status: {status}, headers: {retry_after} }}) : real(resource, options);
         }};"
    );
    form.ask(&script).await;
}

async fn keys(form: &Form<'_>) -> Vec<String> {
    serde_json::from_value(form.ask("return window.keys").await).unwrap()
}

async fn user(stage: &Stage) {
    until("the user", async || Some(stage.world.sandbox.users().await).filter(|users| users.len() == 1)).await;
}

/// Browsers log every request that fails.
async fn end(stage: Stage, expected: &[&str]) {
    let console = stage.browser.console().await;
    let foreign: Vec<_> = console.iter().filter(|line| !expected.iter().any(|expected| line.contains(expected))).collect();
    assert!(foreign.is_empty(), "{foreign:#?}");
    stage.browser.quit().await;
}

async fn proxy_is_away(window: Window) {
    let mut stage = Stage::set(Setup::new(), window).await;
    let address = stage.landing("");
    let form = Form::open(&stage.browser, &address).await;
    form.until_visit().await;
    form.fill_in("jane.away@mail.example").await;
    stage.world.kill();
    form.send().await;
    form.until_text(RETRYING).await;
    assert_eq!(form.value("email").await, "jane.away@mail.example");
    assert_eq!(form.ask("return root.querySelector('[role=alert]').innerText.trim()").await, "", "nothing to be alarmed about");
    stage.browser.screenshots("retrying").await;
    stage.world.restart().await;
    let who = until("the member area", async || stage.browser.driver.find(By::Id("who")).await.ok()?.text().await.ok()).await;
    assert!(who.contains("jane.away@mail.example"), "{who}");
    assert_eq!((stage.world.sandbox.users().await.len(), stage.world.signups().await.len()), (1, 1));
    end(stage, &[&NO_ANSWER[..], &["latchkey: no answer"]].concat()).await;
}

#[tokio::test]
async fn a_proxy_that_comes_back_is_sent_to_at_a_desk() {
    proxy_is_away(DESKTOP).await;
}

#[tokio::test]
async fn a_proxy_that_comes_back_is_sent_to_on_a_phone() {
    proxy_is_away(PHONE).await;
}

#[tokio::test]
async fn a_store_that_cannot_be_written_is_sent_to_when_it_can() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    form.fill_in("jane.locked@mail.example").await;
    let mut other = SqliteConnectOptions::new().filename(stage.world.folder().join("latchkey.db")).connect().await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    form.send().await;
    form.until_text(RETRYING).await;
    assert!(stage.world.sandbox.requests().await.is_empty());
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    user(&stage).await;
    assert_eq!(stage.world.signups().await.len(), 1);
    end(stage, &["503"]).await;
}

#[tokio::test]
async fn it_is_tried_ten_times_with_the_same_key_and_then_left_to_the_visitor() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    busy(&form, 503, "{ 'retry-after': '5' }").await;
    form.fill_in("jane.patient@mail.example").await;
    form.send().await;
    form.until_text(RETRYING).await;
    let said = "let said = 0; new MutationObserver(() => said++).observe(root.querySelector('[part=retrying]'), { characterData: true, childList: true, subtree: true }); window.said = () => said";
    form.ask(said).await;
    form.hurry(100).await;
    form.until("half of the tries", "return window.keys.length >= 6").await;
    form.until_text(BUSY).await;
    let keys = keys(&form).await;
    assert_eq!(keys.len(), 10);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert!(!form.text().await.contains(RETRYING));
    assert_eq!(form.ask("return window.said()").await, 1, "said once, and taken back once");
    let told = json!([{"kind": "busy", "status": 503, "retrying": true}, {"kind": "busy", "status": 503, "retrying": false}]);
    assert_eq!(form.ask("return window.errors").await, told);
    form.let_pass(120).await;
    assert_eq!(self::keys(&form).await.len(), 10);
    // The visitor's own word is taken.
    form.ask("window.busy = false").await;
    form.send().await;
    user(&stage).await;
    end(stage, &[]).await;
}

#[tokio::test]
async fn the_wait_is_as_long_as_the_proxy_asks_for_and_at_most_a_minute() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    for (status, header, least) in [
        (503, "{ 'retry-after': '5' }", 5.0),
        (503, "{ 'retry-after': '600' }", 60.0),
        (502, "{}", 2.0),
        (429, "{ 'retry-after': '7' }", 7.0),
    ] {
        let form = stage.form().await;
        form.hurry(20).await;
        busy(&form, status, header).await;
        form.fill_in("jane.waits@mail.example").await;
        form.send().await;
        form.until("the second try", "return window.keys.length >= 2").await;
        let waited = form.ask("return (window.waits[1] - window.waits[0]) / 1000").await.as_f64().unwrap();
        assert!((least..=least * 1.5 + 0.5).contains(&waited), "{status} {header}: {waited} s");
    }
    end(stage, &[]).await;
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_said_at_once() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    for (status, header) in [(429, "{ 'retry-after': '120' }"), (429, "{}"), (500, "{}")] {
        let form = stage.form().await;
        busy(&form, status, header).await;
        form.fill_in("jane.toomany@mail.example").await;
        form.hurry(50).await;
        form.send().await;
        form.until_text(BUSY).await;
        form.let_pass(120).await;
        assert_eq!(keys(&form).await.len(), 1, "{status} {header}");
    }
    end(stage, &[]).await;
}

#[tokio::test]
async fn who_changes_something_sends_it_themselves() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    busy(&form, 503, "{ 'retry-after': '20' }").await;
    form.fill_in("jane.typo@mail.example").await;
    form.send().await;
    form.until_text(RETRYING).await;
    form.input("email").await.send_keys("s").await.unwrap();
    form.until_text(BUSY).await;
    assert!(!form.text().await.contains(RETRYING));
    form.ask("window.busy = false").await;
    form.hurry(50).await;
    form.let_pass(90).await;
    assert_eq!(keys(&form).await.len(), 1);
    form.send().await;
    user(&stage).await;
    assert_eq!(stage.world.sandbox.users().await[0]["email"], "jane.typo@mail.examples");
    end(stage, &[]).await;
}

#[tokio::test]
async fn who_does_not_want_to_wait_presses_the_button() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    form.ask("host.addEventListener('latchkey:registered', event => event.preventDefault())").await;
    busy(&form, 503, "{ 'retry-after': '60' }").await;
    form.fill_in("jane.hasty@mail.example").await;
    form.send().await;
    form.until_text(RETRYING).await;
    form.ask("window.busy = false").await;
    form.send().await;
    form.until_text("Your account is open.").await;
    form.hurry(50).await;
    form.let_pass(120).await;
    let keys = keys(&form).await;
    assert_eq!(keys.len(), 2, "nothing is sent beside it");
    assert_eq!(keys[0], keys[1]);
    end(stage, &[]).await;
}

#[tokio::test]
async fn an_element_that_is_gone_sends_nothing_more() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    busy(&form, 503, "{ 'retry-after': '5' }").await;
    form.fill_in("jane.left@mail.example").await;
    form.send().await;
    form.until_text(RETRYING).await;
    form.hurry(50).await;
    form.ask("host.remove()").await;
    form.let_pass(120).await;
    assert_eq!(keys(&form).await.len(), 1);
    end(stage, &[]).await;
}
