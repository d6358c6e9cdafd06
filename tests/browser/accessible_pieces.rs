//! What opens on top of the form, and what stands in its place when it cannot be loaded: axe finds nothing in any of it.

use harness::Setup;
use serde_json::json;
use thirtyfour::{Key, TypingData};

use crate::{
    axe,
    browser::{Browser, DESKTOP, NARROWEST},
    form::Form,
    loading::FAILED,
    passwords,
    site::{Page, Site},
    stage::Stage,
};

/// Looks at what is shown, in a wide window and in the narrowest.
async fn look(browser: &Browser, form: &Form<'_>, name: &str) {
    for window in [NARROWEST, DESKTOP] {
        browser.show_in(window).await;
        axe::nothing_is_wrong(browser, &format!("{name}, {}", window.name)).await;
        assert_eq!(form.sideways().await, json!([]), "{name}, {}: nothing has to be scrolled sideways", window.name);
    }
    browser.screenshot(&format!("accessible-{}", name.replace(' ', "-"))).await;
}

async fn press(browser: &Browser, keys: impl Into<TypingData>) {
    browser.driver.action_chain().send_keys(keys).perform().await.unwrap();
}

async fn until_options(form: &Form<'_>, some: bool) {
    let script = format!("return [...root.querySelectorAll('[role=option]')].some(option => option.checkVisibility()) === {some}");
    form.until("the list", &format!("if (!root.querySelector('[role=listbox]')) return false; {script}")).await;
}

#[tokio::test]
async fn lists_that_are_open() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    for (name, opener) in [("countries", "[data-of='billing.country']"), ("countries of numbers", "[data-dial=phone]")] {
        form.until(name, &format!("return !!root.querySelector(\"{opener}\")")).await;
        form.click(opener).await;
        until_options(&form, true).await;
        look(&stage.browser, &form, name).await;
        press(&stage.browser, "united").await;
        press(&stage.browser, Key::Down).await;
        look(&stage.browser, &form, &format!("{name} found")).await;
        press(&stage.browser, "nowhere").await;
        until_options(&form, false).await;
        look(&stage.browser, &form, &format!("{name} not found")).await;
        press(&stage.browser, Key::Escape).await;
    }
    stage.end().await;
}

#[tokio::test]
async fn a_password_and_how_strong_it_is() {
    let stage = Stage::set(Setup::new().connect("trading").funnel("demo", passwords::FUNNEL), DESKTOP).await;
    let form = Form::open(&stage.browser, &stage.world.url("/f/demo")).await;
    form.until("the meter", "return !!root.querySelector('[data-reveal=password]')").await;
    for (name, password) in [("password none", ""), ("password weak", "secret1"), ("password good", "Tr4de-Book")] {
        form.fill("password", password).await;
        look(&stage.browser, &form, name).await;
    }
    form.find("[data-reveal]").await.click().await.unwrap();
    look(&stage.browser, &form, "password shown").await;
    stage.browser.quit().await;
}

#[tokio::test]
async fn a_form_that_cannot_be_loaded() {
    let page = "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1>
        <script type=module src='{proxy}/embed/latchkey.js'></script><latchkey-signup funnel=nothing></latchkey-signup></main>";
    let mut site = Site::open(Page::new(page)).await;
    let address = format!("{}/", site.origin);
    site.browser.goto(&address).await;
    let form = Form::here(&site.browser);
    // There is no such funnel.
    form.until_text(FAILED).await;
    look(&site.browser, &form, "load refused").await;
    let colour = form.ask("return getComputedStyle(root.querySelector('button')).backgroundColor").await;
    assert_ne!(colour, "rgba(0, 0, 0, 0)", "a button can be told from a text");
    site.world.kill();
    form.ask("const other = document.createElement('latchkey-signup'); other.setAttribute('funnel', 'demo'); host.replaceWith(other)")
        .await;
    form.until_text(FAILED).await;
    look(&site.browser, &form, "load failed").await;
    site.browser.quit().await;
}
