//! The form is there before its WebAssembly: typed into, sent, and taken over without losing anything.

use harness::{Setup, until};
use serde_json::json;
use thirtyfour::By;

use crate::{
    browser::TALL,
    site::{Page, Site},
};

/// Keeps the WebAssembly back until the page says so.
const HELD: &str = "<script>
    const real = WebAssembly.instantiateStreaming;
    const released = new Promise((release) => { window.release = release });
    WebAssembly.instantiateStreaming = async (...given) => { await released; return real.apply(WebAssembly, given) };
</script>";

const SNIPPET: &str = r#"<script type="module" src="{proxy}/embed/demo.js"></script><latchkey-signup funnel="demo"></latchkey-signup>"#;

fn page(before: &str) -> Page {
    Page::new(&format!("<!doctype html><html lang=en><meta charset=utf-8><title>A page</title><body>{before}{SNIPPET}"))
}

#[tokio::test]
async fn what_was_typed_before_stays_and_so_does_the_caret() {
    let site = Site::open(page(HELD)).await;
    let form = site.painted().await;
    form.fill("email", "jane@mail.example").await;
    form.fill("firstName", "Janet").await;
    form.input("agreement-1").await.click().await.unwrap();
    form.ask(
        "window.input = root.querySelector('[name=firstName]'); window.input.focus(); window.input.setSelectionRange(2, 4);
         window.changes = 0; new MutationObserver(() => window.changes++).observe(window.input, { attributes: true, childList: true });",
    )
    .await;
    assert_eq!(form.ask("return !!root.querySelector('[data-live]')").await, false, "nothing has taken over yet");
    form.ask("window.release()").await;
    form.until_live().await;
    let same = form.ask("return [root.querySelector('[name=firstName]') === window.input, root.activeElement === window.input]").await;
    assert_eq!(same, json!([true, true]), "the same input, with the focus");
    let caret = form.ask("return [window.input.value, window.input.selectionStart, window.input.selectionEnd]").await;
    assert_eq!(caret, json!(["Janet", 2, 4]));
    assert_eq!(form.value("email").await, "jane@mail.example");
    assert_eq!(form.ask("return root.querySelector('[name=agreement-1]').checked").await, true);
    // It is the components' form now.
    form.fill("firstName", "").await;
    form.send().await;
    form.until_text("First name is needed.").await;
    site.end().await;
}

#[tokio::test]
async fn sent_when_the_webassembly_is_nearly_there_it_is_waited_for() {
    let site = Site::open(page(HELD)).await;
    let form = site.painted().await;
    form.fill_in("jane.early@mail.example").await;
    form.ask("window.page = 1; addEventListener('latchkey:submit', () => { window.heard = true }); setTimeout(window.release, 700)").await;
    form.send().await;
    let who = until("the member area", async || site.browser.driver.find(By::Id("who")).await.ok()).await;
    assert!(who.text().await.unwrap().contains("jane.early@mail.example"));
    assert_eq!(site.world.sandbox.users().await.len(), 1);
    site.browser.quit().await;
}

#[tokio::test]
async fn where_webassembly_is_refused_the_form_is_posted() {
    let page = page("").with_policy("default-src 'none'; script-src {proxy}; connect-src {proxy}; form-action {proxy}");
    let site = Site::open(page).await;
    let form = site.painted().await;
    form.fill_in("jane.posted@mail.example").await;
    form.send().await;
    let who = until("the member area", async || site.browser.driver.find(By::Id("who")).await.ok()).await;
    assert!(who.text().await.unwrap().contains("jane.posted@mail.example"));
    let bodies = site.world.sandbox.bodies().await;
    assert_eq!((bodies.len(), &bodies[0]["firstName"]), (1, &json!("Jane")));
    site.browser.quit().await;
}

#[tokio::test]
async fn what_somebody_has_changed_meanwhile_does_not_matter() {
    let site = Site::open(page(HELD)).await;
    let form = site.painted().await;
    form.fill("firstName", "Jane").await;
    // As extensions and translators do.
    form.ask(
        "for (const label of root.querySelectorAll('label')) label.append(document.createElement('font'));
         root.querySelector('form').prepend(document.createElement('div'));
         root.querySelector('[name=lastName]').remove(); window.release()",
    )
    .await;
    form.until_live().await;
    form.fill("firstName", "").await;
    form.send().await;
    form.until_text("First name is needed.").await;
    form.fill_in("jane.changed@mail.example").await;
    form.send().await;
    let who = until("the member area", async || site.browser.driver.find(By::Id("who")).await.ok()).await;
    assert!(who.text().await.unwrap().contains("jane.changed@mail.example"));
    site.browser.quit().await;
}

#[tokio::test]
async fn a_page_that_was_rendered_with_the_form_in_it_becomes_the_widget() {
    let html = format!("<!doctype html><html lang=de><meta charset=utf-8><title>A page</title><body>{HELD}{{fragment}}");
    let site = Site::open(Page::new(&html)).await;
    let form = site.painted().await;
    form.ask("window.input = root.querySelector('[name=firstName]'); window.release()").await;
    form.until_live().await;
    assert_eq!(form.ask("return root.querySelector('[name=firstName]') === window.input").await, true, "what the page held");
    assert_eq!(form.ask("return root.querySelector('[part=title]').innerText").await, "Konto eröffnen");
    site.browser.screenshot("fragment").await;
    form.send().await;
    form.until_text("Vorname").await;
    site.end().await;
}

#[tokio::test]
async fn the_hosted_page_becomes_the_widget() {
    let site = Site::open(page("")).await;
    let form = crate::form::Form::open(&site.browser, &site.world.url("/f/demo")).await;
    assert!(!form.is_done().await);
    site.browser.screenshots("hosted").await;
    site.sign_up(&form, "jane.hosted@mail.example").await;
    site.end().await;
}

#[tokio::test]
async fn a_form_in_a_frame_follows_its_height_and_signs_up() {
    let setup = Setup::new().edit("affiliate = \"a-17\"", "affiliate = \"a-17\"\nisolation = \"frame\"");
    let site = Site::open_with(
        setup,
        page("<script>window.heard = []; addEventListener('latchkey:step', (event) => window.heard.push(event.detail.step))</script>"),
    )
    .await;
    // Firefox's driver does not scroll the page around a frame for what it clicks within.
    site.browser.show_in(TALL).await;
    site.browser.goto(&format!("{}/?subID=s-frame", site.origin)).await;
    let ask = async |script: &str| site.browser.driver.execute(script, Vec::new()).await.unwrap().json().clone();
    let frame = "document.querySelector('latchkey-signup').shadowRoot?.querySelector('iframe')";
    until("the frame is as high as its form", async || {
        let height = ask(&format!("return Number({frame}?.height ?? 0)")).await;
        height.as_u64().filter(|height| *height > 400)
    })
    .await;
    assert_eq!(
        ask("return document.querySelector('latchkey-signup').shadowRoot.querySelector('input')").await,
        json!(null),
        "nothing to type into here"
    );
    until("its events are told", async || (ask("return window.heard.length").await != 0).then_some(())).await;
    site.browser.screenshot("frame").await;
    let element = site.browser.driver.execute(format!("return {frame}"), Vec::new()).await.unwrap().element().unwrap();
    element.clone().enter_frame().await.unwrap();
    let form = crate::form::Form::here(&site.browser);
    form.until_live().await;
    site.browser.driver.enter_default_frame().await.unwrap();
    ask("document.querySelector('latchkey-signup').prefill({ lastName: 'Framed' })").await;
    element.enter_frame().await.unwrap();
    form.until("what the page fills in", "return root.querySelector('[name=lastName]').value === 'Framed'").await;
    // WebKit lets a page in a frame move the focus only once the visitor has touched it.
    form.find("[part=title]").await.click().await.unwrap();
    form.fill_in("jane.frame@mail.example").await;
    form.send().await;
    site.browser.driver.enter_default_frame().await.unwrap();
    let who = until("the member area", async || site.browser.driver.find(By::Id("who")).await.ok()).await;
    assert!(who.text().await.unwrap().contains("jane.frame@mail.example"));
    assert!(site.world.sandbox.bodies().await[0].to_string().contains("s-frame"), "where the page's visitor came from");
    site.browser.quit().await;
}
