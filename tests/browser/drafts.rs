//! What was filled in survives a reload, as far as it may, and is gone once it is sent.

use harness::Setup;
use serde_json::{Value, json};

use crate::{browser::DESKTOP, form::Form, stage::Stage};

async fn reload(stage: &Stage) -> Form<'_> {
    let form = stage.form().await;
    form.until("the components are there", "return !!root.querySelector('[part=slip]')").await;
    form
}

async fn draft(form: &Form<'_>) -> Value {
    let text = form.ask("return sessionStorage.getItem('latchkey:draft:demo') ?? ''").await;
    serde_json::from_str(text.as_str().unwrap()).unwrap_or(Value::Null)
}

#[tokio::test]
async fn a_draft_is_back_after_a_reload_without_what_is_promised_and_gone_after_sending() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = reload(&stage).await;
    form.fill_in("jane.draft@mail.example").await;
    let kept = draft(&form).await;
    assert!(kept["v"]["agreement-1"].is_null() && kept["v"]["website"].is_null(), "{kept}");
    let form = reload(&stage).await;
    form.until("the draft is back", "return root.querySelector('[name=email]').value === 'jane.draft@mail.example'").await;
    assert_eq!(form.value("firstName").await, "Jane");
    assert_eq!(form.value("billing.country").await, "GB");
    assert_eq!(form.ask("return root.querySelector(\"[data-of='billing.country']\").value").await, "United Kingdom");
    assert_eq!(form.ask("return root.querySelector('[name=agreement-1]').checked").await, false, "nobody accepts by reloading");
    form.input("agreement-1").await.click().await.unwrap();
    form.send().await;
    form.until("the browser has gone on to the account", "return !host").await;
    let form = reload(&stage).await;
    assert_eq!(form.value("email").await, "", "it was sent");
    stage.end().await;
}

#[tokio::test]
async fn a_draft_yields_to_what_is_typed_and_to_time() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = reload(&stage).await;
    form.fill("email", "old@mail.example").await;
    let mut kept = draft(&form).await;
    // As if it were kept two days ago.
    kept["t"] = json!(kept["t"].as_f64().unwrap() - 2.0 * 86_400_000.0);
    form.ask(&format!("sessionStorage.setItem('latchkey:draft:demo', {})", json!(kept.to_string()))).await;
    let form = reload(&stage).await;
    assert_eq!(form.value("email").await, "");
    // And of another version of the funnel.
    kept["t"] = json!(form.ask("return Date.now()").await);
    kept["version"] = json!("made-up");
    form.ask(&format!("sessionStorage.setItem('latchkey:draft:demo', {})", json!(kept.to_string()))).await;
    let form = reload(&stage).await;
    assert_eq!(form.value("email").await, "");
    stage.end().await;
}
