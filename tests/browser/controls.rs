//! Inputs that are richer in a browser: lists that can be searched, the country of a phone number, slips in an e-mail.

use harness::Setup;
use thirtyfour::{Key, TypingData};

use crate::{
    browser::{DESKTOP, NARROWEST},
    form::Form,
    stage::Stage,
};

/// What has the focus is an input of a list: its label, whether the list is open, what is active, and what is in sight.
async fn list(form: &Form<'_>, css: &str) -> (String, bool, String, Vec<String>) {
    let script = format!(
        "const input = root.querySelector(\"{css}\"), list = root.getElementById(input.getAttribute('aria-controls'));
         return [input.value, input.getAttribute('aria-expanded') === 'true',
             root.getElementById(input.getAttribute('aria-activedescendant'))?.innerText.trim() ?? '',
             [...list?.children ?? []].filter(option => option.checkVisibility()).map(option => option.innerText.trim())]"
    );
    serde_json::from_value(form.ask(&script).await).unwrap()
}

/// Keys for whatever has the focus. Not `send_keys` of an element, for which drivers take the focus off and put it back.
async fn press(stage: &Stage, keys: impl Into<TypingData>) {
    stage.browser.driver.action_chain().send_keys(keys).perform().await.unwrap();
}

/// What is typed next takes the place of all that is there.
async fn select_all(form: &Form<'_>) {
    form.ask(&format!("root.querySelector(\"{COUNTRY}\").select()")).await;
}

const COUNTRY: &str = "[data-of='billing.country']";

#[tokio::test]
async fn a_country_is_found_by_its_name_with_the_keyboard_alone() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    form.until("the list can be searched", "return !!root.querySelector(\"[data-of='billing.country']\")").await;
    let names = "const input = root.querySelector(\"[data-of='billing.country']\");
        return [input.role, input.labels[0].innerText.trim().startsWith('Country'), input.autocomplete,
            input.getAttribute('aria-autocomplete'), input.getAttribute('aria-describedby')]";
    assert_eq!(
        form.ask(names).await,
        serde_json::json!(["combobox", true, "country-name", "list", "lk-billing.country-help lk-billing.country-error"])
    );

    form.click(COUNTRY).await;
    press(&stage, "curac").await;
    let (_, open, active, options) = list(&form, COUNTRY).await;
    assert!(open && active.is_empty(), "nothing is chosen by typing");
    assert_eq!(options.len(), 1, "accents do not matter: {options:?}");
    assert!(options[0].contains("Curaçao"), "{options:?}");
    form.until("the number of results is said", "return root.querySelector('[part=picker] [part=count]').textContent.startsWith('1 ')")
        .await;
    press(&stage, Key::Enter).await;
    assert_eq!((form.value("billing.country").await, list(&form, COUNTRY).await.0), ("CW".into(), "Curaçao".into()));
    assert!(stage.world.signups().await.is_empty(), "the enter key chose, and sent nothing");

    // By the arrows, round and round; the escape key leaves it as it was.
    select_all(&form).await;
    press(&stage, "united k").await;
    press(&stage, Key::Down).await;
    assert!(list(&form, COUNTRY).await.2.contains("United Kingdom"));
    press(&stage, Key::Escape).await;
    assert_eq!(list(&form, COUNTRY).await, ("Curaçao".into(), false, String::new(), vec![]));
    press(&stage, Key::Down).await;
    let (_, _, active, options) = list(&form, COUNTRY).await;
    assert!(active.contains("Curaçao") && options.len() > 240, "it opens at what is chosen, with all in sight: {active}");
    press(&stage, Key::Up + Key::Enter).await;
    assert_eq!(form.value("billing.country").await, "CU");

    // By its code, and by leaving the input once one is named.
    select_all(&form).await;
    press(&stage, "Germany").await;
    press(&stage, Key::Tab).await;
    assert_eq!((form.value("billing.country").await, list(&form, COUNTRY).await.1), ("DE".into(), false));
    form.click(COUNTRY).await;
    press(&stage, "nowhere").await;
    form.until("that nothing is found is said", "return root.querySelector('[part=picker] [part=count]').textContent === 'Nothing found'")
        .await;
    let seen = "return [...root.querySelector('[part=picker]').children].map(piece => piece.getBoundingClientRect().height > 10)";
    assert_eq!(form.ask(seen).await, serde_json::json!([false, true, false, true]), "and seen, in the place of the list");
    press(&stage, Key::Tab).await;
    assert_eq!((form.value("billing.country").await, list(&form, COUNTRY).await.0), ("DE".into(), "Germany".into()));
    form.click(COUNTRY).await;
    press(&stage, Key::Backspace + Key::Tab).await;
    assert_eq!(form.value("billing.country").await, "", "emptied, it is no country");
    stage.end().await;
}

#[tokio::test]
async fn a_list_is_used_by_a_pointer_in_the_narrowest_column() {
    let stage = Stage::set(Setup::new(), NARROWEST).await;
    let form = Form::painted(&stage.browser, &stage.landing("")).await;
    // It stands below what is in sight, and nothing is loaded before it is needed.
    form.ask("host.scrollIntoView()").await;
    form.until("the list can be searched", "return !!root.querySelector(\"[data-of='billing.country']\")").await;
    form.click(COUNTRY).await;
    let (_, open, _, options) = list(&form, COUNTRY).await;
    assert!(open && options.len() > 240);
    let cut = form
        .ask("const list = root.querySelector('[role=listbox]').getBoundingClientRect(); return list.left < 0 || list.right > innerWidth || list.height < 100")
        .await;
    assert_eq!(cut, false, "nothing of the list is cut off");
    stage.browser.screenshot("list-320").await;
    form.find("[role=option][aria-label^='Austria']").await.click().await.unwrap();
    assert_eq!((form.value("billing.country").await, list(&form, COUNTRY).await.1), ("AT".into(), false));
    assert_eq!(form.focused().await, "billing.country", "the focus stays in the input");
    stage.end().await;
}

#[tokio::test]
async fn a_slip_in_an_email_is_pointed_out_and_mended_by_one_click() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    form.until("the components are there", "return !!root.querySelector('[part=slip]')").await;
    form.fill("email", "jane@gmial.com").await;
    form.click("[name=firstName]").await;
    form.until_text("Did you mean jane@gmail.com?").await;
    assert_eq!(form.error("email").await, "", "it is no error");
    stage.browser.screenshot("slip-1280").await;
    form.find("[data-slip]").await.click().await.unwrap();
    assert_eq!(form.value("email").await, "jane@gmail.com");
    assert_eq!(form.focused().await, "email");
    assert_eq!(form.ask("return root.querySelector('[part=slip]').textContent").await, "", "it is said no more");
    // Whoever means it is believed.
    form.fill_in("jane@gmial.com").await;
    form.send().await;
    harness::until("the user", async || Some(stage.world.sandbox.users().await).filter(|users| users.len() == 1)).await;
    assert_eq!(stage.world.sandbox.users().await[0]["email"], "jane@gmial.com");
    stage.browser.quit().await;
}
