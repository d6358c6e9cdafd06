//! The demo's own funnels, one a CRM: from the landing page to where the CRM's document says that a visitor ends.

use harness::{Setup, until};
use serde_json::Value;
use thirtyfour::prelude::*;

use crate::{
    browser::{DESKTOP, PHONE, Window},
    form::Form,
    stage::Stage,
};

const FUNNELS: [(&str, &str); 3] = [
    ("trading", include_str!("../../examples/demo/funnels/trading.toml")),
    ("impact", include_str!("../../examples/demo/funnels/impact.toml")),
    ("broctagon", include_str!("../../examples/demo/funnels/broctagon.toml")),
];

pub(crate) async fn stage(kind: &str, window: Window) -> Stage {
    let (_, funnel) = FUNNELS.iter().find(|(known, _)| *known == kind).expect("a funnel of the demo");
    // A driver fills in faster than a person.
    let funnel = format!("{funnel}\n[bots]\nleast_fill_ms = 0\n");
    Stage::set(Setup::new().connect(kind).funnel(kind, &funnel), window).await
}

pub(crate) async fn form<'a>(stage: &'a Stage, kind: &str, query: &str) -> Form<'a> {
    // A funnel that its CRM completes is there once the CRM has answered.
    until("the funnel is there", async || (stage.world.get(&format!("/embed/{kind}.js")).await.status == 200).then_some(())).await;
    Form::open(&stage.browser, &stage.landing(&format!("{kind}{query}"))).await
}

/// Presses the button of the step that is shown, and waits for the one that it leads to.
pub(crate) async fn next(form: &Form<'_>, step: &str) {
    form.send().await;
    form.until_step(step).await;
}

/// What the page at the end says of an element.
async fn says(stage: &Stage, id: &str) -> String {
    until(&format!("a page with #{id}"), async || stage.browser.driver.find(By::Id(id)).await.ok()?.text().await.ok()).await
}

async fn address(stage: &Stage) -> String {
    stage.browser.driver.current_url().await.unwrap().to_string()
}

#[tokio::test]
async fn a_visitor_of_the_trading_crm_ends_on_the_deposit_page() {
    let stage = stage("trading", DESKTOP).await;
    let form = form(&stage, "trading", "?sourceId=FB").await;
    stage.browser.screenshot("trading-1280").await;
    form.fill("firstname", "John").await;
    form.fill("lastname", "Doe").await;
    form.fill("email", "john.doe@mail.example").await;
    form.fill("mobilenumber", "+385 1 234 5678").await;
    form.choose("country", "HR").await;
    form.send().await;
    assert_eq!(says(&stage, "who").await, "john.doe@mail.example");
    assert!(address(&stage).await.ends_with("/trading/member/deposit"), "{}", address(&stage).await);
    let crm = stage.world.sandbox.of("trading");
    let users = crm.users().await;
    assert_eq!(users.len(), 1, "{users:?}");
    let sent = requests(&crm.requests().await, "POST").last().cloned().expect("a sign-up");
    let body = &sent["body"];
    assert_eq!(body["skipOnboardingSteps"], serde_json::json!(["PhoneConfirmation"]), "{body}");
    assert_eq!((&body["country"], &body["source"], &body["mobilenumber"]), (&"HR".into(), &"FB".into(), &"+38512345678".into()), "{body}");
    assert_eq!(body["externalId"], stage.world.signups().await[0]["id"]);
    stage.end().await;
}

#[tokio::test]
async fn a_visitor_of_impact_goes_through_two_steps_to_the_deposit_page() {
    let stage = stage("impact", PHONE).await;
    let form = form(&stage, "impact", "").await;
    form.fill("firstName", "Jane").await;
    // Nothing of the first step may be missing, and the visitor stays there.
    form.send().await;
    form.until("the first step's error", "return root.querySelector(\"[name='lastName']\").getAttribute('aria-invalid') === 'true'").await;
    assert_eq!(form.step().await, "about");
    assert!(!form.find("[data-back]").await.is_displayed().await.unwrap(), "there is nothing to go back to");
    form.fill("lastName", "Doe").await;
    form.choose("natonalityCountryCode", "CY").await;
    stage.browser.screenshot("impact-first-step-360").await;
    next(&form, "contact").await;
    stage.browser.screenshot("impact-second-step-360").await;
    form.find("[data-back]").await.click().await.unwrap();
    form.until_step("about").await;
    assert_eq!(form.value("lastName").await, "Doe", "nothing that was typed is lost");
    next(&form, "contact").await;
    form.fill("email", "jane.impact@mail.example").await;
    form.fill("phone", "+357 25 123456").await;
    form.input("agreement-1").await.click().await.unwrap();
    form.send().await;
    assert_eq!(says(&stage, "who").await, "jane.impact@mail.example");
    assert_eq!(says(&stage, "status-popup").await, "closed");
    assert!(address(&stage).await.contains("/impact/member/wallet/deposit"), "{}", address(&stage).await);
    let sent = requests(&stage.world.sandbox.of("impact").requests().await, "POST").last().cloned().expect("a customer");
    assert_eq!((&sent["body"]["natonalityCountryCode"], &sent["body"]["phoneCountryCode"]), (&"CY".into(), &"CY".into()), "{sent}");
    stage.end().await;
}

/// The first step of Broctagon's funnel.
pub(crate) async fn fill_in_broctagon(form: &Form<'_>, email: &str) {
    form.fill("name", "Jane Doe").await;
    form.fill("email", email).await;
    form.fill_date("custom_fields.date_of_birth", "1990-01-02").await;
    form.until("the countries", "return root.querySelectorAll(\"[name='custom_fields.country'] option\").length > 3").await;
    form.choose("custom_fields.country", "DE").await;
    form.until("the states", "return root.querySelectorAll(\"[name='custom_fields.state'] option\").length > 1").await;
    form.choose("custom_fields.state", "DE-BE").await;
    form.until("the cities", "return root.querySelectorAll(\"[name='custom_fields.city'] option\").length > 1").await;
    form.choose("custom_fields.city", "berlin").await;
    // Documents to read, and whatever else the form demands, are boxes to tick.
    for name in required_boxes(form).await {
        form.input(&name).await.click().await.unwrap();
    }
}

/// Its second.
pub(crate) async fn fill_in_identity(form: &Form<'_>) {
    form.until("the countries", "return root.querySelectorAll(\"[name='kyc.custom_fields.nationality'] option\").length > 3").await;
    form.choose("kyc.custom_fields.nationality", "GB").await;
    form.fill("kyc.custom_fields.address", "1 Made-up Street").await;
}

#[tokio::test]
async fn a_visitor_of_broctagon_registers_with_a_code_from_the_e_mail() {
    let stage = stage("broctagon", DESKTOP).await;
    let form = form(&stage, "broctagon", "?locale=en").await;
    fill_in_broctagon(&form, "jane.code@mail.example").await;
    stage.browser.screenshot("broctagon-1280").await;
    next(&form, "identity").await;
    fill_in_identity(&form).await;
    next(&form, "code").await;
    let crm = stage.world.sandbox.of("broctagon");
    let code = until("the code", async || crm.outbox().await.last()?["code"].as_str().map(str::to_owned)).await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    form.fill("email_code", wrong).await;
    stage.browser.screenshot("broctagon-code-1280").await;
    form.send().await;
    form.until("the wrong code's error", "return root.querySelector(\"[name='email_code']\").getAttribute('aria-invalid') === 'true'")
        .await;
    assert_eq!(form.step().await, "code");
    assert!(crm.users().await.is_empty());
    form.fill("email_code", &code).await;
    form.send().await;
    form.until_text("Your registration is being looked at").await;
    let users = crm.users().await;
    assert_eq!(users.len(), 1, "{users:?}");
    assert_eq!(users[0]["email"], "jane.code@mail.example");
    assert_eq!(crm.outbox().await.len(), 1, "one code was enough");
    stage.browser.screenshot("broctagon-end-1280").await;
    // The wrong code was refused with 422, and browsers log that.
    stage.browser.console().await.iter().for_each(|line| assert!(line.contains("422"), "{line}"));
    stage.browser.quit().await;
}

fn requests(all: &[Value], method: &str) -> Vec<Value> {
    all.iter().filter(|request| request["method"] == method).cloned().collect()
}

async fn required_boxes(form: &Form<'_>) -> Vec<String> {
    let boxes = form.ask("return [...root.querySelectorAll('input[type=checkbox][required], input[type=checkbox][aria-required=true]')].map(box => box.name)");
    boxes.await.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}
