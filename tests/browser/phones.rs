//! The country of a phone number: told by a button with a list, by what the form asks for, or by the number itself.

use harness::{Setup, until};
use serde_json::{Value, json};
use thirtyfour::{Key, TypingData};

use crate::{
    browser::{DESKTOP, NARROWEST},
    form::Form,
    stage::Stage,
};

async fn opened(stage: &Stage) -> Form<'_> {
    let form = Form::painted(&stage.browser, &stage.landing("")).await;
    // In the narrowest window it stands below what is in sight, and nothing is loaded before it is needed.
    form.ask("host.scrollIntoView()").await;
    form.until("the country of the number can be chosen", "return !!root.querySelector('[data-dial=phone]')").await;
    form
}

/// What the button shows, and the input holds.
async fn number(form: &Form<'_>) -> Value {
    form.ask("return [root.querySelector('[data-dial=phone]').innerText.trim(), root.querySelector('[name=phone]').value]").await
}

async fn until_number(form: &Form<'_>, dial: &str, value: &str) {
    let script = format!(
        "return root.querySelector('[data-dial=phone]').innerText.trim() === '{dial}' && root.querySelector('[name=phone]').value === '{value}'"
    );
    form.until(&format!("{dial} {value}, not {}", number(form).await), &script).await;
}

async fn press(stage: &Stage, keys: impl Into<TypingData>) {
    stage.browser.driver.action_chain().send_keys(keys).perform().await.unwrap();
}

/// Leaves the number for another input.
async fn leave(form: &Form<'_>) {
    form.click("[name=firstName]").await;
}

#[tokio::test]
async fn a_number_that_cannot_be_is_pointed_out_when_it_is_left() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = opened(&stage).await;
    form.fill("phone", "+44 20 7946").await;
    assert_eq!(form.error("phone").await, "", "not while it is typed");
    leave(&form).await;
    form.until_text("This is not a valid phone number (United Kingdom).").await;
    assert_eq!(form.error("phone").await, "This is not a valid phone number (United Kingdom).");
    form.fill("phone", "+44 20 7946 0958").await;
    form.until("nothing is wrong any more", "return !root.querySelector('[name=phone]').hasAttribute('aria-invalid')").await;
    stage.end().await;
}

#[tokio::test]
async fn a_number_is_written_as_its_country_does_and_sent_as_the_world_does() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = opened(&stage).await;
    assert_eq!(number(&form).await, json!(["🌐 +", ""]), "nothing is known of this visitor");
    form.choose("billing.country", "DE").await;
    until_number(&form, "🇩🇪 +49", "").await;
    // Pasted in any form.
    for pasted in ["030901820", "(030) 90 18 20", "+49 (0)30 901820", "004930901820", "+49-30-901820"] {
        form.fill("phone", pasted).await;
        leave(&form).await;
        until_number(&form, "🇩🇪 +49", "030 901820").await;
    }
    // A number says its country itself.
    form.fill("phone", "+44").await;
    until_number(&form, "🇬🇧 +44", "+44").await;
    form.fill("phone", "+44 20 7946 0958").await;
    leave(&form).await;
    until_number(&form, "🇬🇧 +44", "020 7946 0958").await;
    form.fill("firstName", "Jane").await;
    form.fill("email", "jane.phone@mail.example").await;
    form.input("agreement-1").await.click().await.unwrap();
    form.send().await;
    let user = until("the user", async || stage.world.sandbox.users().await.first().cloned()).await;
    assert_eq!(user["fields"]["phone"], "+442079460958");
    stage.end().await;
}

#[tokio::test]
async fn the_country_of_a_number_is_chosen_by_keys_alone() {
    let stage = Stage::set(Setup::new(), NARROWEST).await;
    let form = opened(&stage).await;
    form.fill("phone", "0664 1234567").await;
    let button = form.find("[data-dial=phone]").await;
    button.send_keys(Key::Enter).await.unwrap();
    form.until("the search has the focus", "return root.activeElement?.dataset.countryOf === 'phone'").await;
    let names = "const button = root.querySelector('[data-dial=phone]'), search = root.querySelector('[data-country-of=phone]');
        return [button.getAttribute('aria-haspopup'), button.getAttribute('aria-expanded'),
            root.getElementById(button.getAttribute('aria-controls')).getAttribute('role'), search.role, search.getAttribute('aria-expanded')]";
    assert_eq!(form.ask(names).await, json!(["dialog", "true", "dialog", "combobox", "true"]));
    press(&stage, "+43").await;
    form.until(
        "the one is left",
        "return [...root.querySelectorAll('[role=option]')].filter(option => option.checkVisibility()).length === 1",
    )
    .await;
    stage.browser.screenshot("dial-320").await;
    press(&stage, Key::Enter).await;
    assert_eq!(form.focused().await, "phone", "on to the number");
    assert_eq!(number(&form).await, json!(["🇦🇹 +43", "0664 1234567"]));
    assert!(
        form.ask("return root.querySelector('[data-dial=phone]').getAttribute('aria-label')")
            .await
            .as_str()
            .unwrap()
            .contains("Austria +43")
    );
    assert_eq!(form.error("phone").await, "");
    // The escape key leaves it, and goes back to the button.
    form.find("[data-dial=phone]").await.click().await.unwrap();
    press(&stage, Key::Escape).await;
    form.until("the button has the focus", "return root.activeElement?.dataset.dial === 'phone'").await;
    assert_eq!(
        form.ask("return [root.querySelectorAll('[part=countries]').length, root.activeElement.getAttribute('aria-expanded')]").await,
        json!([0, "false"])
    );
    assert_eq!(number(&form).await[0], "🇦🇹 +43");
    // A number that said its country itself says no other's any more.
    form.fill("phone", "+436641234567").await;
    form.find("[data-dial=phone]").await.click().await.unwrap();
    press(&stage, "switz" + Key::Enter).await;
    form.until(
        "the number is Swiss",
        "return root.querySelector('[data-dial=phone]').innerText.trim() === '🇨🇭 +41' && !root.querySelector('[name=phone]').value.includes('+')",
    )
    .await;
    stage.end().await;
}
