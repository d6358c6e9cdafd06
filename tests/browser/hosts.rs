//! The form in pages that frameworks build: `examples/hosts`, as `cargo xtask hosts` has built them.

use std::fs;

use axum::{Router, http::header::CONTENT_TYPE, response::Html, routing::get};
use harness::{Setup, World, free_port};
use thirtyfour::prelude::*;

use crate::{
    browser::{Browser, DESKTOP},
    form::Form,
};

/// What a host's pages name, as the demo's proxy.
const DEMO_PROXY: &str = "http://127.0.0.1:8080";

/// An example host, with a proxy and a browser.
struct Host {
    world: World,
    browser: Browser,
    address: String,
    server: tokio::task::JoinHandle<()>,
}

impl Host {
    async fn start(name: &str) -> Host {
        let address = format!("127.0.0.1:{}", free_port());
        let origin = format!("http://{address}");
        let world = World::start(Setup::new().origin(&origin)).await;
        let listener = tokio::net::TcpListener::bind(&address).await.unwrap();
        let pages = pages(name, &world.address);
        let server = tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
        Host { world, browser: Browser::start(DESKTOP).await, address: format!("{origin}/"), server }
    }

    async fn open(&self) -> Form<'_> {
        Form::open(&self.browser, &self.address).await
    }

    async fn click(&self, css: &str) {
        self.browser.driver.find(By::Css(css)).await.unwrap().click().await.unwrap();
    }

    /// The events that the host's own code has heard.
    async fn until_heard(&self, form: &Form<'_>, events: &[&str]) {
        let heard = "[...document.querySelectorAll('#heard li')].map(name => name.textContent)";
        form.until(&format!("{events:?} are heard"), &format!("return {heard}.join() === '{}'", events.join(","))).await;
    }

    async fn end(self) {
        let console = self.browser.console().await;
        assert!(console.is_empty(), "the console complains: {console:#?}");
        self.browser.quit().await;
        self.server.abort();
    }
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

/// A visitor looks around, comes back, changes the language, and signs up; the host's code takes part.
async fn a_visitor_signs_up(name: &str) {
    let host = Host::start(name).await;
    let form = host.open().await;
    host.until_heard(&form, &["ready"]).await;
    form.fill("firstName", "Left behind").await;

    host.click("a[href='#/about']").await;
    form.until("the form is gone", "return !host && document.querySelector('h1')?.textContent === 'About'").await;
    host.click("a[href='#/']").await;
    form.until("the form is back", "return root?.querySelector('[name=firstName]')?.value === ''").await;
    host.until_heard(&form, &["ready", "ready"]).await;

    host.click("#locale option:last-child").await;
    form.until_text("Konto eröffnen").await;
    host.until_heard(&form, &["ready", "ready", "ready"]).await;
    host.browser.screenshot(&format!("host-{name}-1280")).await;

    let email = format!("jane.{name}@mail.example");
    form.fill_in(&email).await;
    form.send().await;
    host.until_heard(&form, &["ready", "ready", "ready", "submit", "registered"]).await;
    assert_eq!(host.browser.driver.current_url().await.unwrap().as_str(), format!("{}#/", host.address), "the host keeps the browser");
    host.browser.screenshot(&format!("host-{name}-registered-1280")).await;
    host.click("#go").await;
    let who = harness::until("the member area", async || host.browser.driver.find(By::Id("who")).await.ok()).await;
    assert!(who.text().await.unwrap().contains(&email));
    assert_eq!(host.world.sandbox.users().await.len(), 1);
    host.end().await;
}

#[tokio::test]
async fn attributes_are_properties_too() {
    let host = Host::start("html").await;
    let form = host.open().await;
    assert_eq!(form.ask("return [host.funnel, host.locale, host.theme]").await, serde_json::json!(["demo", "en", null]));
    form.ask("host.locale = 'de'; host.theme = 'dark'").await;
    form.until_text("Konto eröffnen").await;
    assert_eq!(form.ask("return [host.getAttribute('locale'), host.getAttribute('theme')]").await, serde_json::json!(["de", "dark"]));
    form.ask("host.locale = null; host.theme = undefined").await;
    form.until_text("Open your account").await;
    assert_eq!(form.ask("return host.getAttributeNames()").await, serde_json::json!(["funnel"]));
    host.end().await;
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
