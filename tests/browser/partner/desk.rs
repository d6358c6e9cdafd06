//! A world with a portal, and a browser in which an affiliate is logged in.

use std::time::{Duration, Instant};

use harness::{PORTAL_PASSWORD, Setup, World};
use serde_json::{Value, json};
use thirtyfour::{By, TypingData};

use crate::browser::{Browser, Window};

/// How long the page may take to do what it is asked for.
const PATIENCE: Duration = Duration::from_secs(20);

const AFFILIATES: &str = r#"
[[affiliates]]
id = "w-1"
connection = "wi"
crm_id = "W1"
buckets = [{ id = "bucket-1", sources = ["facebook_ads", "google_ads"] }, { id = "bucket-2" }]
portals = ["acme"]
scopes = ["figures", "leads", "buckets"]
[[affiliates]]
id = "w-2"
connection = "wi"
crm_id = "W2"
buckets = [{ id = "bucket-3" }]
portals = ["acme"]
scopes = ["figures"]
"#;

pub(super) struct Desk {
    pub(super) world: World,
    pub(super) browser: Browser,
    /// The name of the element that is looked at: the page holds several.
    pub(super) element: &'static str,
}

pub(super) fn setup() -> Setup {
    Setup::new()
        .set("connections.wi", "identification_token", r#""env:WI_TOKEN""#)
        .set("partner", "cache_seconds", "0")
        .with_portal(&["w-1", "w-2"])
        .more(AFFILIATES)
}

/// `lead0@mail.example` and so on.
pub(super) fn emails(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("lead{number}@mail.example")).collect()
}

impl Desk {
    /// So many leads are in the first bucket.
    pub(super) async fn set(setup: Setup, leads: usize, window: Window) -> Desk {
        let world = World::start(setup).await;
        let lead = |number: usize| {
            json!({ "id": format!("l-{number}"), "email": format!("lead{number}@mail.example"), "affiliateID": "W1", "bucketId": "bucket-1",
                    "status": if number.is_multiple_of(2) { "active" } else { "new" },
                    "createdDate": format!("2026-03-{:02}T12:00:00Z", number % 28 + 1),
                    "ftd": number.is_multiple_of(4).then_some("2026-04-02T12:00:00Z") })
        };
        let leads: Vec<Value> = (0..leads).map(lead).collect();
        let bucket = |id: &str, sources: &[&str]| json!({ "id": id, "affiliateID": "W1", "sources": sources });
        let buckets = [bucket("bucket-1", &["facebook_ads", "google_ads"]), bucket("bucket-2", &[])];
        world.sandbox.of("wi").seed(json!({ "buckets": buckets, "leads": leads })).await;
        Desk { world, browser: Browser::start(window).await, element: "latchkey-buckets" }
    }

    /// Logs in; the element is on the page.
    pub(super) async fn log_in(&self, affiliate: &str) {
        let origin = &self.world.portal.as_ref().expect("a portal").origin;
        self.browser.goto(&format!("{origin}/log-in")).await;
        let driver = &self.browser.driver;
        driver.find(By::Name("name")).await.unwrap().send_keys(affiliate).await.unwrap();
        driver.find(By::Name("password")).await.unwrap().send_keys(PORTAL_PASSWORD).await.unwrap();
        driver.find(By::Css("button")).await.unwrap().click().await.unwrap();
        self.until("the element is there", "return !!root?.querySelector('[part=root]')").await;
    }

    /// Logs in, and can look up lists.
    pub(super) async fn open(&self) {
        self.log_in("w-1").await;
        self.until("the form is there", "return !!root.querySelector('[part=form]')").await;
    }

    /// What a script says that is given the element as `host` and its shadow root as `root`.
    pub(super) async fn ask(&self, script: &str) -> Value {
        let script = format!("const host = document.querySelector('{}'); const root = host?.shadowRoot; {script}", self.element);
        self.browser.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    pub(super) async fn until(&self, what: &str, script: &str) {
        let started = Instant::now();
        while self.ask(script).await != Value::Bool(true) {
            assert!(started.elapsed() < PATIENCE, "waited for: {what}; the element shows: {}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until that is read somewhere in the element.
    pub(super) async fn reads(&self, text: &str) {
        let script = format!("return root.querySelector('[part=root]').innerText.includes({})", json!(text));
        self.until(text, &script).await;
    }

    pub(super) async fn text(&self) -> String {
        self.ask("return root?.querySelector('[part=root]')?.innerText ?? 'no element'").await.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks the button that says so.
    pub(super) async fn click(&self, label: &str) {
        let script = format!(
            "const button = [...root.querySelectorAll('button')].find((button) => button.textContent === {} && button.checkVisibility());
             button?.click();
             return !!button",
            json!(label)
        );
        self.until(&format!("the button {label}"), &script).await;
    }

    /// Pastes a list, as a whole.
    pub(super) async fn paste(&self, lines: &[String]) {
        let script = format!(
            "const area = root.querySelector('#list');
             area.value = {};
             area.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))",
            json!(lines.join("\n"))
        );
        self.ask(&script).await;
    }

    /// Chooses of a list.
    pub(super) async fn choose(&self, id: &str, value: &str) {
        let script = format!(
            "const select = root.querySelector('#{id}');
             select.value = '{value}';
             select.dispatchEvent(new Event('change', {{ bubbles: true }}));
             return select.value"
        );
        assert_eq!(self.ask(&script).await, value, "{id} has such an option");
    }

    /// Puts a value into an input, as one who types it and goes on.
    pub(super) async fn fill(&self, id: &str, value: &str) {
        let script = format!(
            "const input = root.querySelector('#{id}');
             input.value = {};
             for (const name of ['input', 'change']) input.dispatchEvent(new Event(name, {{ bubbles: true }}))",
            json!(value)
        );
        self.ask(&script).await;
    }

    /// Keys for whatever has the focus.
    pub(super) async fn press(&self, keys: impl Into<TypingData>) {
        self.browser.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// From now on, files are kept for [`Desk::file`] too.
    pub(super) async fn keep_files(&self) {
        self.ask(
            "const real = URL.createObjectURL;
             URL.createObjectURL = (blob) => {
               blob.arrayBuffer().then((bytes) => (window.kept = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)));
               return real(blob);
             }",
        )
        .await;
    }

    /// The file that was downloaded last, as text.
    pub(super) async fn file(&self) -> String {
        self.until("the file", "return !!window.kept").await;
        let file = self.ask("const kept = window.kept; window.kept = undefined; return kept").await;
        file.as_str().unwrap().to_owned()
    }

    /// The end of a test in which nothing may have been complained about.
    pub(super) async fn end(self) {
        let console = self.browser.console().await;
        assert!(console.is_empty(), "the console complains: {console:#?}");
        self.browser.quit().await;
    }
}
