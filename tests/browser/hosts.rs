//! The form in pages that frameworks build: `examples/hosts`, as `cargo xtask hosts` has built them.

use std::fs;

use axum::{Router, http::header::CONTENT_TYPE, response::Html, routing::get};
use harness::Setup;
use thirtyfour::prelude::*;

use crate::{form::Form, site::Site};

/// What a host's pages name, as the demo's proxy.
const DEMO_PROXY: &str = "http://127.0.0.1:8080";

async fn open(name: &str) -> Site {
    Site::serve(Setup::new(), |proxy, _| pages(name, proxy)).await
}

/// The files of a built host, with the proxy's address in them.
fn pages(name: &str, proxy: &str) -> Router {
    let folder = harness::target_dir().join("hosts").join(name);
    let read = |file: &str| {
        let text = fs::read_to_string(folder.join(file)).expect("the example hosts are built: run `cargo xtask hosts`");
        text.replace(DEMO_PROXY, proxy)
    };
    let (index, script, style) = (read("index.html"), read("main.js"), read("style.css"));
    assert!(index.contains(proxy), "{name} names no proxy");
    Router::new()
        .route("/", get(async move || Html(index)))
        .route("/main.js", get(async move || ([(CONTENT_TYPE, "text/javascript")], script)))
        .route("/style.css", get(async move || ([(CONTENT_TYPE, "text/css")], style)))
}

async fn click(site: &Site, css: &str) {
    site.browser.driver.find(By::Css(css)).await.unwrap().click().await.unwrap();
}

/// The events that the host's own code has heard.
async fn until_heard(form: &Form<'_>, events: &[&str]) {
    let heard = "[...document.querySelectorAll('#heard li')].map(name => name.textContent)";
    form.until(&format!("{events:?} are heard"), &format!("return {heard}.join() === '{}'", events.join(","))).await;
}

/// A visitor looks around, comes back, changes the language, and signs up; the host's code takes part.
async fn a_visitor_signs_up(name: &str) {
    let site = open(name).await;
    let form = site.form().await;
    until_heard(&form, &["ready"]).await;
    click(&site, "a[href='#/about']").await;
    form.until("the form is gone", "return !host && document.querySelector('h1')?.textContent === 'About'").await;
    click(&site, "a[href='#/']").await;
    form.until("the form is back", "return !!root?.querySelector('[name=firstName]')").await;
    until_heard(&form, &["ready", "ready"]).await;

    click(&site, "#locale option:last-child").await;
    form.until_text("Konto eröffnen").await;
    until_heard(&form, &["ready", "ready", "ready"]).await;
    site.browser.screenshot(&format!("host-{name}-1280")).await;

    let email = format!("jane.{name}@mail.example");
    form.fill_in(&email).await;
    form.send().await;
    until_heard(&form, &["ready", "ready", "ready", "submit", "registered"]).await;
    assert_eq!(site.browser.driver.current_url().await.unwrap().as_str(), format!("{}/#/", site.origin), "the host keeps the browser");
    site.browser.screenshot(&format!("host-{name}-registered-1280")).await;
    click(&site, "#go").await;
    let who = harness::until("the member area", async || site.browser.driver.find(By::Id("who")).await.ok()).await;
    assert!(who.text().await.unwrap().contains(&email));
    assert_eq!(site.world.sandbox.users().await.len(), 1);
    site.end().await;
}

#[tokio::test]
async fn attributes_are_properties_too() {
    let site = open("html").await;
    let form = site.form().await;
    assert_eq!(form.ask("return [host.funnel, host.locale, host.theme]").await, serde_json::json!(["demo", "en", null]));
    form.ask("host.locale = 'de'; host.theme = 'dark'").await;
    form.until_text("Konto eröffnen").await;
    assert_eq!(form.ask("return [host.getAttribute('locale'), host.getAttribute('theme')]").await, serde_json::json!(["de", "dark"]));
    form.ask("host.locale = null; host.theme = undefined").await;
    form.until_text("Open your account").await;
    assert_eq!(form.ask("return host.getAttributeNames()").await, serde_json::json!(["funnel"]));
    site.end().await;
}

#[tokio::test]
async fn in_plain_html() {
    a_visitor_signs_up("html").await;
}

#[tokio::test]
async fn in_react() {
    a_visitor_signs_up("react").await;
}

#[tokio::test]
async fn in_vue() {
    a_visitor_signs_up("vue").await;
}
