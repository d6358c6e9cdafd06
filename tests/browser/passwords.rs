//! A password that is typed, which is on the proxy's own page alone: shown on demand, how strong it is, what it still needs.

use harness::Setup;
use serde_json::json;

use crate::{browser::DESKTOP, form::Form, stage::Stage};

pub(crate) const FUNNEL: &str = r#"
id = "demo"
connection = "trading"
origins = ["https://landing.example"]
locales = ["en"]
isolation = "frame"

[[steps]]
id = "account"
[[steps.fields]]
name = "email"
required = true
[[steps.fields]]
name = "password"
kind = "password"
label = { en = "Password" }
required = true
min_length = 8
needs = ["upper", "digit"]

[finish]
kind = "message"
message = { en = "Done." }
"#;

#[tokio::test]
async fn a_password_can_be_shown_and_says_what_it_needs() {
    let stage = Stage::set(Setup::new().connect("trading").funnel("demo", FUNNEL), DESKTOP).await;
    let form = Form::open(&stage.browser, &stage.world.url("/f/demo")).await;
    form.until("the components are there", "return !!root.querySelector('[data-reveal=password]')").await;
    let shown = "const input = root.querySelector('[name=password]'), button = root.querySelector('[data-reveal]');
        return [input.type, button.getAttribute('aria-label'), input.autocomplete]";
    assert_eq!(form.ask(shown).await, json!(["password", "Show password", "new-password"]));
    let says = "return [root.querySelector('[part=strength]').textContent,
        [...root.querySelectorAll('[part=needs] li')].map(need => need.textContent + (need.hasAttribute('data-met') ? '!' : ''))]";
    assert_eq!(form.ask(says).await, json!(["", ["a capital letter", "a digit"]]));
    form.fill("password", "secret1").await;
    assert_eq!(form.ask(says).await, json!(["Weak password", ["a capital letter", "a digit!"]]));
    form.fill("password", "Tr4de-Book").await;
    assert_eq!(form.ask(says).await, json!(["Good password", ["a capital letter!", "a digit!"]]));
    form.find("[data-reveal]").await.click().await.unwrap();
    assert_eq!(form.ask(shown).await, json!(["text", "Hide password", "new-password"]));
    stage.browser.screenshots("password").await;
    form.find("[data-reveal]").await.click().await.unwrap();
    assert_eq!(form.ask(shown).await[0], "password");
    assert!(!form.ask("return JSON.stringify({ ...sessionStorage })").await.as_str().unwrap().contains("Tr4de"), "no draft of it is kept");
    stage.browser.quit().await;
}
