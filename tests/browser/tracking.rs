//! Where a visitor came from: read from the landing page's address, kept, and sent.

use harness::{PINNED_AFFILIATE, Setup};

use crate::{browser::DESKTOP, form::Form, stage::Stage};

async fn sign_up(stage: &Stage, query: &str, email: &str) -> serde_json::Value {
    let form = Form::open(&stage.browser, &stage.landing(query)).await;
    form.ask("host.addEventListener('latchkey:registered', event => event.preventDefault())").await;
    form.fill_in(email).await;
    form.send().await;
    form.until_text("Your account is open.").await;
    let bodies = stage.world.sandbox.bodies().await;
    bodies.into_iter().find(|body| body["email"] == email).unwrap()
}

#[tokio::test]
async fn tracking_reaches_the_crm_and_survives_a_second_visit() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let query = "?utm_source=news%20letter&utm_campaign=spring&gclid=made-up-click&subID=SUB-1&campaignId=C-2&sourceId=facebook_ads&affiliateID=somebody-else&other=1";
    let first = sign_up(&stage, query, "jane.one@mail.example").await;
    assert_eq!(first["subID"], "SUB-1");
    assert_eq!(first["campaignId"], "C-2");
    assert_eq!(first["sourceId"], "facebook_ads");
    assert_eq!(first["affiliateID"], PINNED_AFFILIATE, "a page cannot claim another affiliate");
    assert_eq!(first["meta"], "gclid=made-up-click&utm_campaign=spring&utm_source=news+letter");
    // Another day, straight to the page.
    let second = sign_up(&stage, "", "jane.two@mail.example").await;
    assert_eq!(second["subID"], "SUB-1");
    assert_eq!(second["meta"], first["meta"]);
    // A new campaign takes the place of the old one.
    let third = sign_up(&stage, "?utm_source=search", "jane.three@mail.example").await;
    assert_eq!(third["meta"], "utm_source=search");
    assert_eq!(third["subID"], serde_json::Value::Null);
    stage.end().await;
}

#[tokio::test]
async fn what_is_too_old_is_forgotten() {
    let stage = Stage::set(Setup::new().edit("keep_days = 30", "keep_days = 1"), DESKTOP).await;
    let form = Form::open(&stage.browser, &stage.landing("?subID=OLD")).await;
    let age = "const key = 'latchkey:demo'; const kept = JSON.parse(localStorage.getItem(key)); kept.t -= 25 * 60 * 60 * 1000; localStorage.setItem(key, JSON.stringify(kept)); return kept.v.subID";
    assert_eq!(form.ask(age).await, "OLD");
    let sent = sign_up(&stage, "", "jane.old@mail.example").await;
    assert_eq!(sent["subID"], serde_json::Value::Null);
    stage.end().await;
}

#[tokio::test]
async fn a_page_may_name_the_affiliate_where_the_funnel_lets_it() {
    let setup = Setup::new().edit("affiliate = \"a-17\"\n", "").edit("keep_days = 30", "keep_days = 0\naffiliates = [\"AFF-1\"]");
    let stage = Stage::set(setup, DESKTOP).await;
    let named = sign_up(&stage, "?affiliateid=AFF-1", "jane.named@mail.example").await;
    assert_eq!(named["affiliateID"], "AFF-1");
    let stranger = sign_up(&stage, "?affiliateID=AFF-2", "jane.stranger@mail.example").await;
    assert_eq!(stranger["affiliateID"], serde_json::Value::Null);
    assert_eq!(stage.browser.driver.execute("return localStorage.length", Vec::new()).await.unwrap().json(), 0, "0 days keep nothing");
    stage.end().await;
}

#[tokio::test]
async fn fields_are_filled_from_attributes_and_the_address() {
    let setup = Setup::new().edit("name = \"firstName\"\n", "name = \"firstName\"\nfrom_url = \"name\"\n");
    let stage = Stage::set(setup, DESKTOP).await;
    let form = Form::open(&stage.browser, &stage.landing("?name=Ada")).await;
    assert_eq!(form.value("firstName").await, "Ada");
    form.ask("const copy = document.createElement('latchkey-signup'); copy.setAttribute('funnel', 'demo'); copy.setAttribute('PREFILL-Email', 'ada@mail.example'); host.replaceWith(copy)").await;
    form.until("the other form", "return root?.querySelector('[name=email]')?.value === 'ada@mail.example'").await;
    stage.end().await;
}
