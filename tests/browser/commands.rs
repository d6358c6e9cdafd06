//! What a page may have the form do, and what its tag manager is told.

use harness::Setup;
use serde_json::json;

use crate::{branches, browser::DESKTOP, form::Form, stage::Stage};

async fn stage() -> Stage {
    Stage::set(Setup::new().funnel("demo", branches::FUNNEL), DESKTOP).await
}

async fn opened(stage: &Stage) -> Form<'_> {
    let form = stage.form().await;
    form.until("the components are there", "return !!root.querySelector('[part=slip]')").await;
    form
}

#[tokio::test]
async fn a_page_fills_in_goes_on_and_begins_anew() {
    let stage = stage().await;
    let form = opened(&stage).await;
    form.fill("firstName", "Jane").await;
    let values = r#"{ EMAIL: 'jane.command@mail.example', firstName: 'Not me', phone: '+44 20 7946 0958', gender: 'f', middleName: 'gold,gas',
        'agreement-1': 'true', nowhere: 'x', nationality: 'CH' }"#;
    form.ask(&format!("host.prefill({values})")).await;
    form.until("the e-mail is there", "return root.querySelector('[name=email]').value === 'jane.command@mail.example'").await;
    let held = "return [root.querySelector('[name=firstName]').value, root.querySelector('[name=gender]:checked')?.value,
        [...root.querySelectorAll('[name=middleName]:checked')].map(input => input.value).join(), root.querySelector('[name=agreement-1]').checked,
        root.querySelector('[name=nationality]').value]";
    assert_eq!(
        form.ask(held).await,
        json!(["Jane", "f", "gold,gas", false, "CH"]),
        "what was typed stays, and nobody accepts for the visitor"
    );
    // A step that is shown only to those who chose gold.
    form.ask("host.goTo('metals')").await;
    form.until_step("metals").await;
    form.ask("host.goTo('who')").await;
    form.until_step("who").await;
    form.fill("email", "jane@").await;
    form.ask("host.goTo('end')").await;
    form.until("the error", "return root.querySelector('[name=email]').getAttribute('aria-invalid') === 'true'").await;
    assert_eq!(form.step().await, "who", "what is wrong stops it");
    form.ask("host.reset()").await;
    form.until("nothing is filled in", "return root.querySelector('[name=email]').value === ''").await;
    assert_eq!(form.ask(held).await, json!(["", null, "", false, ""]));
    assert_eq!(form.error("email").await, "");
    assert_eq!(form.ask("return JSON.parse(sessionStorage.getItem('latchkey:draft:demo')).v").await, json!({}), "no draft of it is left");
    stage.end().await;
}

#[tokio::test]
async fn a_tag_manager_is_told_what_happens_and_nothing_of_the_person() {
    let stage = stage().await;
    let form = opened(&stage).await;
    form.ask("host.setAttribute('data-layer', '')").await;
    let values = "{ email: 'jane.layer@mail.example', firstName: 'Jane', phone: '+44 20 7946 0958', gender: 'f', 'billing.country': 'DE' }";
    form.ask(&format!("host.prefill({values})")).await;
    form.until("it is there", "return root.querySelector('[name=email]').value !== ''").await;
    form.send().await;
    form.until_step("end").await;
    form.send().await;
    form.until("the agreement is missing", "return root.activeElement?.name === 'agreement-1'").await;
    form.input("agreement-1").await.click().await.unwrap();
    form.send().await;
    form.until_text("Done.").await;
    form.until("it was told", "return dataLayer.some(({ event }) => event === 'latchkey:registered')").await;
    let told = form.ask("return dataLayer").await;
    let id = stage.world.signups().await[0]["id"].clone();
    assert_eq!(
        told,
        json!([
            { "event": "latchkey:step", "funnel": "demo", "step": "end", "index": 2, "count": 2 },
            { "event": "latchkey:submit", "funnel": "demo" },
            { "event": "latchkey:registered", "funnel": "demo", "id": id },
        ])
    );
    stage.end().await;
}
