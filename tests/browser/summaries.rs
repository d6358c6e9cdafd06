//! Several inputs that are wrong are said in one place, which leads to each.

use harness::Setup;

use crate::{browser::DESKTOP, stage::Stage};

#[tokio::test]
async fn a_summary_has_the_focus_and_leads_to_the_inputs() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    form.until("the components are there", "return !!root.querySelector('[part=slip]')").await;
    form.send().await;
    form.until("the summary has the focus", "return root.activeElement?.part.contains('summary') ?? false").await;
    let links = "return [...root.querySelectorAll('[part=summary] a')].map(link => link.innerText)";
    let said = form.ask(links).await;
    assert_eq!(
        said,
        serde_json::json!(["E-mail is needed.", "Phone is needed.", "First name is needed.", "Please accept this to go on."]),
        "in the form's order"
    );
    assert_eq!(
        form.ask("return [...root.querySelectorAll('[role=alert]')].map(said => said.innerText).join('')").await,
        "",
        "once is enough"
    );
    stage.browser.screenshots("summary").await;
    form.find("[data-to='agreement-1']").await.click().await.unwrap();
    form.until("the input has the focus", "return root.activeElement?.name === 'agreement-1'").await;
    assert!(!stage.browser.driver.current_url().await.unwrap().as_str().contains('#'), "the page's address stays");
    // What is mended is no longer in it.
    form.input("agreement-1").await.click().await.unwrap();
    form.until("one less", "return root.querySelectorAll('[part=summary] a').length === 3").await;
    form.fill_in("jane.summary@mail.example").await;
    form.input("agreement-1").await.click().await.unwrap();
    form.until("the summary is gone", "return !root.querySelector('[part=summary]').checkVisibility()").await;
    stage.end().await;
}
