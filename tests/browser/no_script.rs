//! The hosted page, where the visitor has switched scripts off: the whole funnel goes by form posts.

use harness::{LANDING, Setup, World, until};
use serde_json::json;
use thirtyfour::By;

use crate::{
    branches,
    browser::{Browser, DESKTOP, PHONE, Window},
    form::Form,
};

/// What the inputs of the first step hold.
const FIRST_STEP: &str = "return [...['email', 'phone', 'firstName'].map(name => root.querySelector(`[name=${name}]`).value),
    root.querySelector('[name=gender]:checked')?.value, [...root.querySelectorAll('[name=middleName]:checked')].map(input => input.value).join()]";

struct Visitor {
    world: World,
    browser: Browser,
}

impl Visitor {
    async fn new(setup: Setup, window: Window) -> Visitor {
        Visitor { world: World::start(setup).await, browser: Browser::without_scripts(window).await }
    }

    async fn opens(&self) -> Form<'_> {
        let form = Form::painted(&self.browser, &self.world.url("/f/demo")).await;
        let is_defined = "return !!customElements.get('latchkey-signup')";
        assert_eq!(form.ask(is_defined).await, false, "the page has a script, and it was not run");
        assert!(!form.is_done().await);
        form
    }

    /// The end of a test in which nothing may have been complained about but what was refused, which browsers log.
    async fn leaves(self) {
        self.browser.console().await.iter().for_each(|line| assert!(line.contains("422"), "{line}"));
        self.browser.quit().await;
    }
}

async fn pick(form: &Form<'_>, name: &str, value: &str) {
    form.find(&format!("[name='{name}'] option[value='{value}'], [name='{name}'][value='{value}']")).await.click().await.unwrap();
}

async fn back(form: &Form<'_>, step: &str) {
    form.find("[data-back]").await.click().await.unwrap();
    form.until_step(step).await;
}

async fn next(form: &Form<'_>, step: &str) {
    form.send().await;
    form.until_step(step).await;
}

#[tokio::test]
async fn every_step_of_a_funnel_that_branches() {
    let visitor = Visitor::new(Setup::new().funnel("demo", branches::FUNNEL).origin_of_all(LANDING), DESKTOP).await;
    let form = visitor.opens().await;
    assert_eq!(form.step().await, "who");
    assert!(!form.find("[data-back]").await.is_displayed().await.unwrap(), "there is nothing to go back to");
    form.send().await;
    form.until_text("Gender is needed.").await;
    assert!(form.error("email").await.contains("E-mail is needed."));
    // One of them is wrong; the others stay.
    form.fill("email", "jane@").await;
    form.fill("phone", "+442079460958").await;
    form.fill("firstName", "Jane").await;
    pick(&form, "gender", "f").await;
    pick(&form, "middleName", "oil").await;
    form.send().await;
    form.until_text("Please enter an e-mail address").await;
    assert_eq!((form.step().await, form.error("phone").await), ("who".into(), String::new()));
    assert_eq!(form.ask(FIRST_STEP).await, json!(["jane@", "+442079460958", "Jane", "f", "oil"]));
    form.fill("email", "jane.scriptless@mail.example").await;
    // The step in between is for those who chose gold.
    next(&form, "end").await;
    back(&form, "who").await;
    assert_eq!(form.ask(FIRST_STEP).await, json!(["jane.scriptless@mail.example", "+442079460958", "Jane", "f", "oil"]));
    pick(&form, "middleName", "gold").await;
    next(&form, "metals").await;
    form.send().await;
    form.until_text("Where it is stored is needed.").await;
    form.fill("nationality", "CH").await;
    next(&form, "end").await;
    // A field that is asked for only in that country, and what has to be accepted.
    let state = "return root.querySelector(\"[name='billing.region']\").checkVisibility()";
    assert_eq!(form.ask(state).await, false);
    pick(&form, "billing.country", "US").await;
    form.send().await;
    form.until("the state is asked for", state).await;
    assert!(form.error("billing.region").await.contains("State is needed."));
    assert!(form.error("agreement-1").await.contains("Please accept this to go on."));
    assert!(visitor.world.signups().await.is_empty());
    form.fill("billing.region", "Texas").await;
    form.input("agreement-1").await.click().await.unwrap();
    form.send().await;
    form.until_text("Done.").await;
    assert!(form.is_done().await);
    let user = until("the user", async || visitor.world.sandbox.users().await.first().cloned()).await;
    let fields = &user["fields"];
    for (name, value) in [("gender", "f"), ("middleName", "gold,oil"), ("nationality", "CH"), ("passport", "made-up-campaign")] {
        assert_eq!(fields[name], value, "{fields}");
    }
    assert_eq!(fields["billing"], json!({"country": "US", "region": "Texas"}), "{fields}");
    assert_eq!(user["email"], "jane.scriptless@mail.example");
    let sent = &visitor.world.sandbox.bodies().await[0];
    assert_eq!(sent["agreements"][0]["label"], "Terms and Conditions", "{sent}");
    assert_eq!(visitor.world.signups().await.len(), 1);
    visitor.leaves().await;
}

#[tokio::test]
async fn the_browser_goes_on_to_the_member_area_by_itself() {
    let visitor = Visitor::new(Setup::new(), PHONE).await;
    let form = visitor.opens().await;
    form.fill("email", "jane.goes.on@mail.example").await;
    form.fill("phone", "+442079460958").await;
    form.fill("firstName", "Jane").await;
    form.input("agreement-1").await.click().await.unwrap();
    form.send().await;
    let who = until("the member area", async || visitor.browser.driver.find(By::Id("who")).await.ok()?.text().await.ok()).await;
    assert!(who.contains("jane.goes.on@mail.example"), "{who}");
    assert_eq!(visitor.world.sandbox.users().await[0]["loggedIn"], true);
    visitor.leaves().await;
}
