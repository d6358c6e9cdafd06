//! The sign-up form on a page, as a visitor sees and uses it.

use std::time::{Duration, Instant};

use serde_json::Value;
use thirtyfour::WebElement;

use crate::browser::{Browser, Engine};

/// How long the page may take to do what it is asked for, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Form<'a> {
    browser: &'a Browser,
}

impl<'a> Form<'a> {
    /// Opens a page and waits until its form is taken over by the components.
    pub(crate) async fn open(browser: &'a Browser, address: &str) -> Form<'a> {
        let form = Form::painted(browser, address).await;
        // They come when it is nearly in view.
        form.ask("host.scrollIntoView({ block: 'nearest' })").await;
        form.until_live().await;
        form
    }

    /// Opens a page and waits until its form can be typed into.
    pub(crate) async fn painted(browser: &'a Browser, address: &str) -> Form<'a> {
        browser.goto(address).await;
        let form = Form { browser };
        form.until("the form is there", "return !!root?.querySelector('input[name]')").await;
        form
    }

    /// The form of the page, or the frame, that the browser shows.
    pub(crate) fn here(browser: &'a Browser) -> Form<'a> {
        Form { browser }
    }

    pub(crate) async fn until_live(&self) {
        self.until("the components have taken over", "return !!root?.querySelector('[part=root][data-live]')").await;
    }

    /// What a script says that is given the form's shadow root as `root` and its element as `host`.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        let script = format!("const host = document.querySelector('latchkey-signup'); const root = host?.shadowRoot; {script}");
        self.browser.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Waits until a script says `true`.
    pub(crate) async fn until(&self, what: &str, script: &str) {
        let started = Instant::now();
        while self.ask(script).await != Value::Bool(true) {
            assert!(started.elapsed() < PATIENCE, "waited for: {what}; the form shows: {}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn text(&self) -> String {
        self.ask("return root ? root.querySelector('[part=root]')?.innerText ?? root.textContent : 'no form'")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) async fn find(&self, css: &str) -> WebElement {
        // By a script: the client asks for elements of a shadow root in a way that only Chromium's driver knows.
        let script = "return document.querySelector('latchkey-signup').shadowRoot.querySelector(arguments[0])";
        let found = self.browser.driver.execute(script, vec![css.into()]).await.unwrap();
        found.element().unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// Clicks it with a pointer.
    pub(crate) async fn click(&self, css: &str) {
        let element = self.find(css).await;
        if Engine::asked() != Engine::Webkit {
            return element.click().await.unwrap();
        }
        // WebKit's driver takes a text input for covered by the element whose shadow root it is in, and does not click it.
        element.scroll_into_view().await.unwrap();
        self.browser.driver.action_chain().move_to_element_center(&element).click().perform().await.unwrap();
    }

    pub(crate) async fn input(&self, name: &str) -> WebElement {
        self.find(&format!("[name='{name}']")).await
    }

    pub(crate) async fn fill(&self, name: &str, value: &str) {
        let input = self.input(name).await;
        input.clear().await.unwrap();
        // No keys at all are an error to WebKit's driver.
        if !value.is_empty() {
            input.send_keys(value).await.unwrap();
        }
    }

    /// Fills in a date, "1990-01-02".
    pub(crate) async fn fill_date(&self, name: &str, date: &str) {
        if Engine::asked() == Engine::Firefox {
            // Its driver takes a date as a whole, as WebDriver says.
            return self.fill(name, date).await;
        }
        // A visitor's keys: month, day and year, as American English has them.
        let (year, month_and_day) = date.split_once('-').unwrap();
        self.fill(name, &format!("{}/{year}", month_and_day.replace('-', "/"))).await;
        assert_eq!(self.value(name).await, date);
    }

    pub(crate) async fn value(&self, name: &str) -> String {
        self.ask(&format!("return root.querySelector(\"[name='{name}']\").value")).await.as_str().unwrap_or_default().to_owned()
    }

    /// Chooses of a select, which may be hidden behind a list that can be searched.
    pub(crate) async fn choose(&self, name: &str, value: &str) {
        let chosen = self
            .ask(&format!(
                "const select = root.querySelector(\"[name='{name}']\");
                 select.value = '{value}';
                 for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, {{ bubbles: true }}));
                 return select.value"
            ))
            .await;
        assert_eq!(chosen, value, "{name} has such an option");
    }

    /// Fills in what the demo's funnel demands.
    pub(crate) async fn fill_in(&self, email: &str) {
        self.fill("firstName", "Jane").await;
        self.fill("email", email).await;
        self.fill("phone", "+44 20 7946 0958").await;
        self.choose("billing.country", "GB").await;
        self.input("agreement-1").await.click().await.unwrap();
    }

    pub(crate) async fn send(&self) {
        self.find("button[part=button]").await.click().await.unwrap();
    }

    /// Whether what is said at the end is seen, in the form's place.
    pub(crate) async fn is_done(&self) -> bool {
        let seen = self.ask("return ['form', '[part=message]'].map(piece => root.querySelector(piece).checkVisibility())").await;
        assert!(seen[0] != seen[1], "one of the two is there: {seen}");
        seen[1] == true
    }

    /// The id of the step that is shown.
    pub(crate) async fn step(&self) -> String {
        let step = "return [...root.querySelectorAll('[part=step]')].find(step => !step.hidden)?.dataset.step ?? ''";
        self.ask(step).await.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn until_step(&self, step: &str) {
        let shown = format!("return root.querySelector(\"[part=step][data-step='{step}']\")?.hidden === false");
        self.until(&format!("the step {step}"), &shown).await;
    }

    /// What is said beside an input: the text of the element that describes it as wrong.
    pub(crate) async fn error(&self, name: &str) -> String {
        let script = format!(
            "const input = root.querySelector(\"[name='{name}']\");
             if (input.getAttribute('aria-invalid') !== 'true') return '';
             return (input.getAttribute('aria-describedby') ?? '').split(' ').map(id => root.getElementById(id)?.innerText ?? '').join(' ').trim()"
        );
        self.ask(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// The name of the input that has the focus, or that it stands for.
    pub(crate) async fn focused(&self) -> String {
        self.ask("return root.activeElement?.name || root.activeElement?.dataset.of || ''").await.as_str().unwrap_or_default().to_owned()
    }

    /// The pieces of the form that reach out of the page at its sides, and the page where something of it does.
    pub(crate) async fn sideways(&self) -> Value {
        let script = "const page = document.documentElement, width = page.clientWidth;
            const out = [...root.querySelectorAll('*')].filter(piece => piece.checkVisibility() && !piece.closest('[aria-hidden=true]'))
              .filter(piece => { const { left, right } = piece.getBoundingClientRect(); return left < -1 || right > width + 1; })
              .map(piece => piece.outerHTML.slice(0, 200));
            return page.scrollWidth > width ? [...out, `the page: ${page.scrollWidth} of ${width}`] : out";
        self.ask(script).await
    }

    pub(crate) async fn until_text(&self, text: &str) {
        let script = format!("return (root?.querySelector('[part=root]')?.innerText ?? '').includes({})", serde_json::json!(text));
        self.until(text, &script).await;
    }

    /// Waits until the page has its visit: the proxy has answered it once.
    pub(crate) async fn until_visit(&self) {
        self.until("the visit", "return performance.getEntriesByType('resource').some(entry => entry.name.endsWith('/visits'))").await;
    }

    /// From now on time passes so many times as fast for whatever waits in the page. `window.waited` is what it asked to wait, in
    /// ms; who asks for a day is a driver.
    pub(crate) async fn hurry(&self, times: u32) {
        let script = format!(
            "const timeout = window.setTimeout.bind(window), start = performance.now();
             window.waited = 0;
             window.setTimeout = (work, ms, ...rest) => {{ if (ms < 86400000) window.waited += ms; return timeout(work, ms / {times}, ...rest); }};
             window.passed = () => (performance.now() - start) * {times} / 1000;"
        );
        self.ask(&script).await;
    }

    /// Waits until so many seconds of the page's hurried time have passed: for what must not happen in it.
    pub(crate) async fn let_pass(&self, seconds: u32) {
        self.ask(&format!("window.until = window.passed() + {seconds}")).await;
        self.until("time has passed", "return window.passed() >= window.until").await;
    }

    /// Counts from now on what the page asks for at addresses that hold that text.
    pub(crate) async fn count_requests(&self, text: &str) {
        let script = format!(
            "const real = window.fetch; window.requests = 0;
             window.fetch = (resource, options) => {{ if (String(resource).includes('{text}')) window.requests++; return real(resource, options); }};"
        );
        self.ask(&script).await;
    }

    pub(crate) async fn requests(&self) -> u64 {
        self.ask("return window.requests").await.as_u64().unwrap()
    }
}
