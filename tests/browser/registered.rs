//! The whole way: from the landing page to the member area, logged in.

use harness::Setup;
use thirtyfour::prelude::*;

use crate::{
    browser::{Browser, DESKTOP, NARROWEST, PHONE, Window},
    stage::Stage,
};

async fn sign_up(window: Window) {
    let stage = Stage::set(Setup::new(), window).await;
    let form = stage.form().await;
    stage.browser.screenshot(&format!("form-{}-light", window.name)).await;
    form.fill_in("jane.doe@mail.example").await;
    form.fill_date("dateOfBirth", "1990-01-02").await;
    stage.browser.screenshot(&format!("filled-{}-light", window.name)).await;
    form.send().await;
    let who = member(&stage.browser).await;
    assert!(who.contains("jane.doe@mail.example"), "{who}");
    stage.browser.screenshot(&format!("member-{}", window.name)).await;
    let address = stage.browser.driver.current_url().await.unwrap();
    assert!(address.as_str().starts_with(&stage.world.sandbox.base_url()), "{address}");

    let users = stage.world.sandbox.users().await;
    assert_eq!(users.len(), 1, "{users:?}");
    assert_eq!(users[0]["email"], "jane.doe@mail.example");
    assert_eq!(users[0]["loggedIn"], true);
    let sent = &stage.world.sandbox.bodies().await[0];
    assert_eq!(sent["phone"], "+442079460958");
    assert_eq!(sent["dateOfBirth"], "1990-01-02");
    assert_eq!(sent["billing"]["country"], "GB");
    assert_eq!(sent["agreements"][0]["label"], "Terms and Conditions");
    assert_eq!(sent["agreements"].as_array().map(Vec::len), Some(1), "the newsletter was not asked for");
    let stored = &stage.world.signups().await[0];
    assert_eq!(stored["state"], "registered");
    assert_eq!(sent["externalId"], stored["id"]);
    stage.end().await;
}

/// Who the member area says is logged in.
async fn member(browser: &Browser) -> String {
    harness::until("the member area", async || {
        let who = browser.driver.find(By::Id("who")).await.ok()?;
        who.text().await.ok()
    })
    .await
}

#[tokio::test]
async fn a_visitor_signs_up_on_a_phone_and_is_logged_in() {
    sign_up(PHONE).await;
}

#[tokio::test]
async fn a_visitor_signs_up_at_a_desk_and_is_logged_in() {
    sign_up(DESKTOP).await;
}

#[tokio::test]
async fn a_double_click_makes_one_user() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    // Slow enough that the second click comes while the first is under way.
    stage.world.sandbox.fault(serde_json::json!({"kind": "delay", "ms": 4000})).await;
    let form = stage.form().await;
    form.fill_in("jane.double@mail.example").await;
    let button = form.find("button[part=button]").await;
    button.scroll_into_view().await.unwrap();
    stage.browser.driver.action_chain().double_click_element(&button).perform().await.unwrap();
    form.until(
        "the form says that it is sending",
        "return root.querySelector('button[part=button]').getAttribute('aria-disabled') === 'true'",
    )
    .await;
    stage.browser.screenshot("sending-1280").await;
    form.ask("root.querySelector('form').requestSubmit()").await;
    member(&stage.browser).await;
    assert_eq!(stage.world.sandbox.users().await.len(), 1);
    assert_eq!(stage.world.sandbox.requests().await.len(), 1, "the CRM was asked once");
    assert_eq!(stage.world.signups().await.len(), 1);
    stage.end().await;
}

#[tokio::test]
async fn without_an_autologin_link_the_visitor_is_told() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    for fault in ["no-link", "foreign-link", "script-link"] {
        stage.world.sandbox.fault(serde_json::json!({"kind": fault})).await;
        let form = stage.form().await;
        form.fill_in(&format!("jane.{fault}@mail.example")).await;
        form.send().await;
        form.until_text("Your account is open.").await;
        let address = stage.browser.driver.current_url().await.unwrap();
        assert_eq!(address.as_str(), stage.landing(""), "{fault}: the visitor stays");
    }
    stage.browser.screenshot("registered-message-1280").await;
    assert_eq!(stage.world.sandbox.users().await.len(), 3);
    stage.end().await;
}

#[tokio::test]
async fn a_host_that_prevents_it_is_not_left() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    let listen = "window.seen = [];
        for (const name of ['ready', 'step', 'submit', 'registered', 'accepted', 'rejected', 'error'])
          host.addEventListener('latchkey:' + name, event => { window.seen.push([name, event.detail]); if (name === 'registered') event.preventDefault(); });";
    form.ask(listen).await;
    form.fill_in("jane.events@mail.example").await;
    form.send().await;
    form.until_text("Your account is open.").await;
    let seen = form.ask("return JSON.stringify(window.seen)").await;
    let seen = seen.as_str().unwrap();
    assert!(seen.contains(r#"["submit",{"funnel":"demo"}]"#), "{seen}");
    assert!(seen.contains("registered") && seen.contains("/go/"), "{seen}");
    for personal in ["jane", "7946"] {
        assert!(!seen.contains(personal), "no event holds personal data: {seen}");
    }
    let link = form.find("a[href*='/go/']").await;
    assert_eq!(link.attr("target").await.unwrap().as_deref(), Some("_top"));
    link.click().await.unwrap();
    assert!(member(&stage.browser).await.contains("jane.events@mail.example"));
    stage.end().await;
}

#[tokio::test]
async fn in_german_and_dark_on_a_phone() {
    let stage = Stage::set(Setup::new(), PHONE).await;
    stage.browser.prefer_dark(true).await;
    let form = stage.form().await;
    stage.browser.screenshot("form-360-dark").await;
    form.ask("host.setAttribute('locale', 'de')").await;
    form.until_text("Konto eröffnen").await;
    form.send().await;
    form.until_text("E-Mail wird benötigt.").await;
    stage.browser.screenshot("errors-360-dark-de").await;
    assert_eq!(form.ask("return root.querySelector('[lang]').lang").await, "de");
    stage.end().await;
}

#[tokio::test]
async fn the_form_fits_a_screen_of_320_pixels() {
    let stage = Stage::set(Setup::new(), NARROWEST).await;
    let form = stage.form().await;
    form.send().await;
    form.until_text("E-mail is needed.").await;
    let overflow = form.ask("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
    assert_eq!(overflow, 0, "nothing has to be scrolled sideways");
    let small = form
        .ask(
            "return [...root.querySelectorAll('input, select, button')].filter(input => input.offsetParent && !input.closest('[aria-hidden=true]'))
                .filter(input => (input.closest('label') ?? input).getBoundingClientRect().height < 24).map(input => input.name)",
        )
        .await;
    assert_eq!(small, serde_json::json!([]), "every target has at least 24 CSS pixels (WCAG 2.2, 2.5.8)");
    stage.browser.screenshot("errors-320-light").await;
    stage.end().await;
}
