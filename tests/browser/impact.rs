//! Impact: a customer ends in the member area, on the page that the funnel names; a lead is thanked.

use harness::Setup;
use thirtyfour::prelude::*;

use crate::{
    chromium::{DESKTOP, PHONE},
    form::Form,
    stage::Stage,
};

const FUNNEL: &str = r#"
id = "demo"
connection = "impact"
action = "signup"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
[[steps.fields]]
name = "firstName"
required = true
[[steps.fields]]
name = "lastName"
required = true
[[steps.fields]]
name = "email"
required = true
[[steps.fields]]
name = "natonalityCountryCode"
required = true
label = "Nationality"
[[steps.fields]]
name = "phone"
required = true
[finish]
kind = "redirect"
[bots]
least_fill_ms = 0
"#;

fn setup() -> Setup {
    Setup::new().connect("impact").funnel("demo", FUNNEL)
}

/// Fills in the form and sends it.
async fn send(stage: &Stage) -> Form<'_> {
    let form = stage.form().await;
    for (name, value) in [("firstName", "Jane"), ("lastName", "Doe"), ("email", "jane.doe@mail.example"), ("phone", "+44 20 7946 0958")] {
        form.fill(name, value).await;
    }
    form.choose("natonalityCountryCode", "CY").await;
    form.send().await;
    form
}

#[tokio::test]
async fn a_customer_ends_on_the_deposit_page_without_the_pop_up() {
    let finish = "kind = \"redirect\"\nreturn_url = \"/wallet/deposit\"\nstatus_popup = false";
    let stage = Stage::set(setup().edit("kind = \"redirect\"", finish), PHONE).await;
    send(&stage).await;
    let popup = harness::until("the member area", async || {
        let popup = stage.chromium.driver.find(By::Id("status-popup")).await.ok()?;
        popup.text().await.ok()
    })
    .await;
    assert_eq!(popup, "closed");
    let address = stage.chromium.driver.current_url().await.unwrap();
    assert!(address.as_str().ends_with("/impact/member/wallet/deposit?statusPopup=false"), "{address}");
    let users = stage.world.sandbox.of("impact").users().await;
    assert_eq!((users.len(), &users[0]["loggedIn"], &users[0]["email"]), (1, &true.into(), &"jane.doe@mail.example".into()));
    stage.chromium.screenshot("impact-member").await;
    stage.end().await;
}

#[tokio::test]
async fn a_lead_is_thanked() {
    let lead = setup().edit("action = \"signup\"", "action = \"lead\"");
    let stage = Stage::set(lead.edit("kind = \"redirect\"", "kind = \"message\"\nmessage = \"We will call you.\""), DESKTOP).await;
    let form = send(&stage).await;
    form.until_text("We will call you.").await;
    let users = stage.world.sandbox.of("impact").users().await;
    assert_eq!((users.len(), &users[0]["kind"]), (1, &"lead".into()));
    let text = form.text().await;
    assert!(!text.to_lowercase().contains("impact"), "{text}");
    stage.chromium.screenshot("impact-lead").await;
    stage.end().await;
}
