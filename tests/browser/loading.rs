//! The proxy does not answer while a form, or its WebAssembly, is asked for: it is said, and tried again when the visitor wants to.

use serde_json::json;

use crate::{
    browser::NO_ANSWER,
    form::Form,
    site::{Page, Site},
};

pub(crate) const FAILED: &str = "The form could not be loaded.";

/// A page with a form at its very end, far below what is in sight.
const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>A page</title><body>
    <script type=module src='{proxy}/embed/demo.js'></script><div style='height: 5000px'></div><latchkey-signup funnel=demo></latchkey-signup>";

async fn open() -> (Site, Vec<&'static str>) {
    let site = Site::open_with(harness::Setup::new().another_funnel("other"), Page::new(PAGE)).await;
    // Browsers log every request that fails, and what could not be loaded.
    let expected = [&NO_ANSWER[..], &["latchkey:", "Failed to fetch", "dynamically imported module", "Importing a module script failed"]];
    (site, expected.concat())
}

async fn end(site: Site, expected: &[&str]) {
    let console = site.browser.console().await;
    let foreign: Vec<_> = console.iter().filter(|line| !expected.iter().any(|expected| line.contains(expected))).collect();
    assert!(foreign.is_empty(), "{foreign:#?}");
    site.browser.quit().await;
}

/// From now on the page keeps what an element tells of what fails.
async fn listen(form: &Form<'_>) {
    form.ask("window.errors = []; addEventListener('latchkey:error', event => window.errors.push(event.detail))").await;
}

#[tokio::test]
async fn a_form_that_could_not_be_loaded_is_tried_again() {
    let (mut site, expected) = open().await;
    let address = format!("{}/", site.origin);
    let form = Form::painted(&site.browser, &address).await;
    listen(&form).await;
    site.world.kill();
    form.ask("const other = document.createElement('latchkey-signup'); other.setAttribute('funnel', 'other'); host.replaceWith(other)")
        .await;
    form.until_text(FAILED).await;
    assert_eq!(form.ask("return window.errors").await, json!([{"kind": "load", "status": 0, "retrying": false}]));
    form.send().await;
    form.until("it has failed once more", "return window.errors.length === 2").await;
    site.world.restart().await;
    form.send().await;
    form.until("the form", "return !!root.querySelector('[name=firstName]')").await;
    form.until_live().await;
    end(site, &expected).await;
}

#[tokio::test]
async fn components_that_could_not_be_loaded_are_asked_for_at_the_next_touch() {
    let (mut site, expected) = open().await;
    let address = format!("{}/", site.origin);
    let form = Form::painted(&site.browser, &address).await;
    listen(&form).await;
    site.world.kill();
    form.ask("root.querySelector('[name=firstName]').focus()").await;
    form.until("it has failed", "return window.errors.length >= 1").await;
    assert_eq!(form.ask("return window.errors[0].kind").await, "load");
    site.world.restart().await;
    form.input("firstName").await.send_keys("Jane").await.unwrap();
    form.until_live().await;
    assert_eq!(form.value("firstName").await, "Jane");
    end(site, &expected).await;
}
