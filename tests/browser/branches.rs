//! Steps and fields that come and go with what is filled in, and the inputs that have all their options in sight.

use harness::{Setup, until};
use serde_json::json;

use crate::{browser::DESKTOP, form::Form, stage::Stage};

pub(crate) const FUNNEL: &str = include_str!("funnels/branches.toml");

async fn stage() -> Stage {
    Stage::set(Setup::new().funnel("demo", FUNNEL), DESKTOP).await
}

async fn pick(form: &Form<'_>, name: &str, value: &str) {
    form.find(&format!("[name='{name}'][value='{value}']")).await.click().await.unwrap();
}

async fn first_step(form: &Form<'_>) {
    form.until("the components are there", "return !!root.querySelector('[part=slip]')").await;
    form.fill("email", "jane.branch@mail.example").await;
    form.fill("phone", "+44 20 7946 0958").await;
    form.fill("firstName", "Jane").await;
    pick(form, "gender", "f").await;
}

async fn progress(form: &Form<'_>) -> String {
    form.ask("return root.querySelector('[part=progress] p').innerText").await.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_step_that_is_not_for_this_visitor_is_passed_over() {
    let stage = stage().await;
    let form = stage.form().await;
    assert_eq!(progress(&form).await, "Step 1 of 2");
    first_step(&form).await;
    pick(&form, "middleName", "oil").await;
    form.send().await;
    form.until_step("end").await;
    form.find("[data-back]").await.click().await.unwrap();
    form.until_step("who").await;
    stage.browser.screenshots("choices").await;
    pick(&form, "middleName", "gold").await;
    form.until("the step is counted", "return root.querySelector('[part=progress] p').innerText === 'Step 1 of 3'").await;
    form.send().await;
    form.until_step("metals").await;
    assert_eq!(form.ask("return root.querySelector('[part=button]').innerText").await, "Next");
    form.fill("nationality", "CH").await;
    // Back, and it is not for them after all: what was typed there is not sent.
    form.find("[data-back]").await.click().await.unwrap();
    form.until_step("who").await;
    pick(&form, "middleName", "gold").await;
    pick(&form, "middleName", "gas").await;
    form.send().await;
    form.until_step("end").await;
    form.choose("billing.country", "DE").await;
    form.input("agreement-1").await.click().await.unwrap();
    form.send().await;
    form.until_text("Done.").await;
    let sent = until("the user", async || stage.world.sandbox.users().await.first().cloned()).await["fields"].clone();
    assert_eq!(
        (&sent["gender"], &sent["middleName"], &sent["passport"]),
        (&json!("f"), &json!("oil,gas"), &json!("made-up-campaign")),
        "{sent}"
    );
    assert!(sent.get("nationality").is_none(), "what is not shown is not sent: {sent}");
    stage.end().await;
}

#[tokio::test]
async fn a_field_comes_with_its_reason_and_goes_with_it() {
    let stage = stage().await;
    let form = stage.form().await;
    first_step(&form).await;
    form.send().await;
    form.until_step("end").await;
    let state = "return root.querySelector(\"[name='billing.region']\").checkVisibility()";
    assert_eq!(form.ask(state).await, false);
    form.choose("billing.country", "US").await;
    form.until("the state is asked for", state).await;
    form.until(
        "it is said that it came",
        "return [...root.querySelectorAll('form > [role=status]')].some(said => said.textContent === 'State')",
    )
    .await;
    form.input("agreement-1").await.click().await.unwrap();
    form.send().await;
    assert!(form.error("billing.region").await.contains("State is needed."));
    form.choose("billing.country", "DE").await;
    form.until("the state is not asked for", "return !root.querySelector(\"[name='billing.region']\").checkVisibility()").await;
    form.send().await;
    form.until_text("Done.").await;
    stage.end().await;
}

#[tokio::test]
async fn choices_are_a_group_with_a_name_and_say_what_is_wrong() {
    let stage = stage().await;
    let form = stage.form().await;
    form.until("the components are there", "return !!root.querySelector('[part=slip]')").await;
    form.fill("email", "jane@mail.example").await;
    form.fill("phone", "+44 20 7946 0958").await;
    form.fill("firstName", "Jane").await;
    form.send().await;
    let group = "const group = root.querySelector(\"[name='gender']\").closest('fieldset');
        return [group.getAttribute('role'), group.querySelector('legend').innerText.trim(), group.getAttribute('aria-invalid'),
            group.getAttribute('aria-describedby').split(' ').map(id => root.getElementById(id)?.innerText.trim()).join('')]";
    assert_eq!(form.ask(group).await, json!(["radiogroup", "Gender", "true", "Gender is needed."]));
    assert_eq!(form.focused().await, "gender");
    pick(&form, "gender", "m").await;
    form.until("it is right", "return !root.querySelector('fieldset[role=radiogroup]').hasAttribute('aria-invalid')").await;
    stage.end().await;
}
