//! After a 202: the visitor sees that it is under way, and what became of it.

use harness::{Setup, until};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::{
    browser::{DESKTOP, PHONE, Window},
    form::Form,
    stage::Stage,
};

const UNDER_WAY: &str = "This takes a little longer.";
const THANKS: &str = "Thank you. We have your details";

/// Sends the form, which the CRM does not answer in time, and waits until that has been said. It may have been for a moment only.
async fn send(form: &Form<'_>, email: &str) {
    form.fill_in(email).await;
    let listen = "window.said = ''; new MutationObserver(() => window.said += root.querySelector('[part=root]')?.innerText ?? '')
        .observe(root, { attributes: true, characterData: true, childList: true, subtree: true })";
    form.ask(listen).await;
    form.send().await;
    form.until(UNDER_WAY, &format!("return window.said.includes('{UNDER_WAY}')")).await;
}

/// A stage whose visitors are thanked long before the CRM answers.
async fn slow(window: Window, delay_ms: u32) -> Stage {
    let stage = Stage::set(Setup::new().patience(300), window).await;
    stage.world.sandbox.fault(json!({"kind": "delay", "ms": delay_ms})).await;
    stage
}

/// The same, with a CRM that says nothing as long as the test lasts: not even when it is asked once more, or looked into.
async fn silent() -> Stage {
    let stage = Stage::set(Setup::new().patience(300), DESKTOP).await;
    stage.world.sandbox.fault_for_good(json!({"kind": "delay", "ms": 60_000})).await;
    stage
}

#[tokio::test]
async fn a_ticket_that_comes_later_is_followed() {
    let stage = slow(DESKTOP, 8_000).await;
    let form = stage.form().await;
    let listen = "host.addEventListener('latchkey:accepted', event => sessionStorage.accepted = JSON.stringify(event.detail))";
    form.ask(listen).await;
    send(&form, "jane.later@mail.example").await;
    assert!(form.text().await.contains(THANKS), "{}", form.text().await);
    let said = form.ask("return root.activeElement.closest('[role=status]').innerText").await;
    assert!(said.as_str().is_some_and(|said| said.contains(UNDER_WAY)), "the focus is on it, and screen readers hear it: {said}");
    assert_eq!(form.ask("return root.querySelector('form').offsetParent").await, json!(null), "the form is out of the way");
    form.ask("root.querySelector('form').requestSubmit()").await;
    stage.browser.screenshots("under-way").await;
    let who = until("the member area", async || stage.browser.driver.find(By::Id("who")).await.ok()?.text().await.ok()).await;
    assert!(who.contains("jane.later@mail.example"), "{who}");
    assert_eq!((stage.world.sandbox.users().await.len(), stage.world.signups().await.len()), (1, 1));
    // The landing page's own storage is what is left of it.
    let form = stage.form().await;
    let accepted = form.ask("return sessionStorage.accepted").await;
    assert_eq!(accepted, json!(json!({"id": stage.world.signups().await[0]["id"]}).to_string()));
    stage.end().await;
}

#[tokio::test]
async fn a_page_that_wants_to_stay_shows_the_link_when_it_comes() {
    let stage = slow(PHONE, 6_000).await;
    let form = stage.form().await;
    form.ask("host.addEventListener('latchkey:registered', event => event.preventDefault())").await;
    send(&form, "jane.stays@mail.example").await;
    assert_eq!(form.value("email").await, "jane.stays@mail.example", "kept until the CRM has said yes");
    stage.browser.screenshots("under-way").await;
    form.until_text("Your account is open.").await;
    assert!(!form.text().await.contains(UNDER_WAY), "{}", form.text().await);
    assert!(form.find("a[href*='/go/']").await.is_displayed().await.unwrap());
    form.until("nothing stays in the page", "return root.querySelector('[name=email]').value === ''").await;
    stage.end().await;
}

#[tokio::test]
async fn a_later_refusal_brings_the_form_back() {
    let stage = Stage::set(Setup::new().patience(0), DESKTOP).await;
    stage.world.sandbox.fault(json!({"kind": "refuse", "message": "Phone is not valid"})).await;
    let form = stage.form().await;
    form.ask("window.rejected = []; host.addEventListener('latchkey:rejected', event => window.rejected.push(event.detail))").await;
    send(&form, "jane.refused.later@mail.example").await;
    form.until_text("Phone was not accepted. Please check it.").await;
    assert!(!form.text().await.contains(UNDER_WAY), "{}", form.text().await);
    assert_eq!(form.ask("return window.rejected").await, json!([{"fields": ["phone"], "codes": ["refused"]}]));
    form.until("the focus is on what is wrong", "return root.activeElement?.name === 'phone'").await;
    assert_eq!(form.value("email").await, "jane.refused.later@mail.example", "nothing that was typed is lost");
    stage.browser.screenshot("refused-later-1280").await;
    // Mended and sent again, it is another signup, and goes through.
    form.fill("phone", "+49 30 901820").await;
    form.send().await;
    until("the user", async || Some(stage.world.sandbox.users().await).filter(|users| users.len() == 1)).await;
    until("the member area", async || stage.browser.driver.find(By::Id("who")).await.ok()).await;
    assert_eq!(stage.world.signups().await.len(), 2);
    stage.end().await;
}

#[tokio::test]
async fn an_email_that_turns_out_to_be_known_is_offered_the_log_in() {
    let stage = Stage::set(Setup::new().patience(300), DESKTOP).await;
    let first = stage.world.form().await;
    stage.world.signup(&first).await;
    until("the user", async || Some(stage.world.sandbox.users().await).filter(|users| users.len() == 1)).await;
    stage.world.sandbox.fault(json!({"kind": "delay", "ms": 1_500})).await;
    let form = stage.form().await;
    send(&form, first["fields"]["email"].as_str().unwrap()).await;
    form.until_text("There is already an account with this e-mail address.").await;
    assert!(form.find("a[href='https://broker.example/login']").await.is_displayed().await.unwrap());
    stage.end().await;
}

#[tokio::test]
async fn a_refusal_of_no_field_in_particular_leads_back_to_the_button() {
    let stage = Stage::set(Setup::new().patience(0), DESKTOP).await;
    stage.world.sandbox.fault(json!({"kind": "refuse", "message": "No, thank you"})).await;
    let form = stage.form().await;
    send(&form, "jane.unwanted@mail.example").await;
    form.until_text("Your details were not accepted. Please check them.").await;
    form.until("the focus is on the button", "return root.activeElement?.matches('button[part=button]') === true").await;
    stage.end().await;
}

/// Whoever comes second with the same e-mail learns nothing, and has nothing to ask with.
#[tokio::test]
async fn the_second_of_two_is_thanked_and_asks_nothing() {
    let stage = silent().await;
    let first = stage.world.form().await;
    stage.world.signup(&first).await.json_of(202);
    let form = stage.form().await;
    form.count_requests("/api/v1/signups/").await;
    form.fill_in(first["fields"]["email"].as_str().unwrap()).await;
    form.hurry(50).await;
    form.send().await;
    form.until_text(THANKS).await;
    assert!(!form.text().await.contains(UNDER_WAY), "{}", form.text().await);
    assert_eq!(form.value("email").await, "");
    form.let_pass(20).await;
    assert_eq!(form.requests().await, 0);
    stage.end().await;
}

#[tokio::test]
async fn after_the_longest_wait_the_thanks_are_what_stays() {
    let stage = silent().await;
    let form = stage.form().await;
    form.count_requests("/api/v1/signups/").await;
    send(&form, "jane.longest@mail.example").await;
    form.hurry(100).await;
    form.until("it is no longer waited for", &format!("return !root.querySelector('[part=message]').innerText.includes('{UNDER_WAY}')"))
        .await;
    assert!(form.text().await.contains(THANKS), "{}", form.text().await);
    assert_eq!(form.value("email").await, "");
    let asked = form.requests().await;
    assert!((31..=80).contains(&asked), "politely: {asked} requests in ten minutes");
    form.let_pass(60).await;
    assert_eq!(form.requests().await, asked, "that was the last one");
    stage.browser.screenshot("accepted-for-good-1280").await;
    stage.end().await;
}

#[tokio::test]
async fn nobody_asks_for_an_element_that_is_gone() {
    let stage = silent().await;
    let form = stage.form().await;
    form.count_requests("/api/v1/signups/").await;
    send(&form, "jane.gone@mail.example").await;
    form.until("the first look", "return window.requests >= 1").await;
    form.hurry(50).await;
    form.ask("window.place = host.parentElement; window.element = host; host.remove()").await;
    // What was under way when it was removed may still come to its end.
    form.let_pass(2).await;
    let asked = form.requests().await;
    form.let_pass(60).await;
    assert_eq!(form.requests().await, asked, "nobody is there to be told");
    form.ask("window.place.append(window.element)").await;
    form.until("the form anew", "return !!root?.querySelector('input[name]')").await;
    form.let_pass(60).await;
    assert_eq!(form.requests().await, asked, "what is put back is a new form");
    stage.end().await;
}

#[tokio::test]
async fn a_page_that_nobody_looks_at_asks_nothing() {
    let stage = silent().await;
    let form = stage.form().await;
    form.count_requests("/api/v1/signups/").await;
    form.ask("window.away = false; Object.defineProperty(document, 'hidden', { get: () => window.away })").await;
    send(&form, "jane.away@mail.example").await;
    form.ask("window.away = true").await;
    form.hurry(50).await;
    form.let_pass(2).await;
    let asked = form.requests().await;
    form.let_pass(60).await;
    assert_eq!(form.requests().await, asked);
    form.ask("window.away = false").await;
    form.until("it goes on", &format!("return window.requests > {asked}")).await;
    stage.end().await;
}
