//! What a funnel asks of a browser before it takes a signup, done in a frame of the proxy's.

use harness::{Captcha, Setup, until};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::{
    browser::{Browser, DESKTOP, PHONE},
    form::Form,
    site::{Page, Site},
    stage::Stage,
};

fn work() -> Setup {
    Setup::new().set("work", "bits", "12").edit("least_fill_ms = 0", "least_fill_ms = 0\nchallenge = \"work\"")
}

async fn member(browser: &Browser) -> String {
    until("the member area", async || browser.driver.find(By::Id("who")).await.ok()?.text().await.ok()).await
}

#[tokio::test]
async fn work_is_done_while_the_form_is_filled_in_and_nobody_sees_it() {
    let stage = Stage::set(work(), DESKTOP).await;
    let form = stage.form().await;
    form.until("the frame is there", "return root.querySelector('iframe')?.checkVisibility() === false").await;
    form.fill_in("jane.work@mail.example").await;
    form.send().await;
    assert!(member(&stage.browser).await.contains("jane.work@mail.example"));
    // On the hosted page as well, whose policy is another.
    let form = Form::open(&stage.browser, &stage.world.url("/f/demo")).await;
    form.fill_in("jane.hosted@mail.example").await;
    form.send().await;
    assert!(member(&stage.browser).await.contains("jane.hosted@mail.example"));
    stage.end().await;
}

#[tokio::test]
async fn an_attack_that_begins_while_a_form_is_filled_in_costs_its_visitor_nothing() {
    let setup = Setup::new().set("work", "attack_per_minute", "3").set("work", "bits", "2").set("work", "bits_under_attack", "12");
    let stage = Stage::set(setup, DESKTOP).await;
    let form = stage.form().await;
    form.until_visit().await;
    for _ in 0..2 {
        stage.world.signup(&stage.world.form().await).await.json_of(201);
    }
    assert_eq!(form.ask("return !!root.querySelector('iframe')").await, false, "nothing was asked for");
    form.fill_in("jane.calm@mail.example").await;
    form.send().await;
    assert!(member(&stage.browser).await.contains("jane.calm@mail.example"));
    stage.browser.quit().await;
}

#[tokio::test]
async fn a_captcha_stands_above_the_button_and_the_form_is_sent_when_it_is_solved() {
    let captcha = Captcha::start().await;
    let stage = Stage::set(captcha.setup(), PHONE).await;
    let form = stage.form().await;
    let height = "return +root.querySelector('iframe')?.getAttribute('height') >= 70";
    form.until("the captcha is there, as high as it is", height).await;
    assert_eq!(form.ask("return root.querySelector('iframe').title").await, "Security check");
    form.fill_in("jane.solve@mail.example").await;
    form.send().await;
    form.until_text("Checking…").await;
    stage.browser.screenshot("captcha-360").await;
    assert!(captcha.asked().is_empty());
    let frame = form.find("iframe").await;
    // Firefox's driver does not scroll the page around a frame for what it clicks within.
    frame.scroll_into_view().await.unwrap();
    frame.enter_frame().await.unwrap();
    stage.browser.driver.find(By::Css("button")).await.unwrap().click().await.unwrap();
    stage.browser.driver.enter_default_frame().await.unwrap();
    assert!(member(&stage.browser).await.contains("jane.solve@mail.example"));
    assert_eq!(captcha.asked().len(), 1);
    stage.end().await;
}

#[tokio::test]
async fn a_page_that_lets_no_frame_in_loses_nobody() {
    let page = Page::new(
        "<!doctype html><html lang=en><title>A page</title><script type=module src={proxy}/embed/demo.js></script><latchkey-signup funnel=demo></latchkey-signup>",
    );
    let site = Site::open_with(work(), page.with_policy("frame-src 'none'")).await;
    let form = site.form().await;
    form.hurry(20).await;
    form.fill_in("jane.frameless@mail.example").await;
    form.send().await;
    form.until_text("Thank you").await;
    let stored = site.world.signups().await;
    assert_eq!((stored.len(), &stored[0]["reason"]), (1, &json!("no-proof")), "{stored:?}");
    // The browser has complained about the frame.
    site.browser.quit().await;
}
