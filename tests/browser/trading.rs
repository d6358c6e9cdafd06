//! The trading CRM in a browser: a visitor signs up and ends where the funnel says, or leaves a lead.

use harness::Setup;
use thirtyfour::prelude::*;

use crate::{chromium::PHONE, stage::Stage};

const SIGNUP: &str = r#"
id = "demo"
connection = "trading"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
[[steps.fields]]
name = "firstname"
[[steps.fields]]
name = "email"
required = true
[[steps.fields]]
name = "mobilenumber"
[finish]
link = "depositUrl"
[bots]
least_fill_ms = 0
"#;

const LEAD: &str = r#"
id = "demo"
connection = "trading"
action = "lead"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
[[steps.fields]]
name = "name"
required = true
[[steps.fields]]
name = "email"
required = true
[finish]
message = "We will call you."
[bots]
least_fill_ms = 0
"#;

#[tokio::test]
async fn a_visitor_signs_up_and_ends_at_the_deposit_page() {
    let stage = Stage::set(Setup::new().connect("trading").funnel("demo", SIGNUP), PHONE).await;
    let form = stage.form().await;
    form.fill("firstname", "Jane").await;
    form.fill("email", "jane.doe@mail.example").await;
    form.fill("mobilenumber", "+44 20 7946 0958").await;
    form.send().await;
    let who = harness::until("the client area", async || {
        let who = stage.chromium.driver.find(By::Id("who")).await.ok()?;
        who.text().await.ok()
    })
    .await;
    assert!(who.contains("jane.doe@mail.example"), "{who}");
    let address = stage.chromium.driver.current_url().await.unwrap();
    let crm = stage.world.sandbox.of("trading");
    assert_eq!(address.as_str(), format!("{}/member/deposit", crm.base_url()));
    let users = crm.users().await;
    assert_eq!((users.len(), &users[0]["loggedIn"]), (1, &serde_json::json!(true)), "{users:?}");
    stage.end().await;
}

#[tokio::test]
async fn a_visitor_leaves_a_lead() {
    let stage = Stage::set(Setup::new().connect("trading").funnel("demo", LEAD), PHONE).await;
    let form = stage.form().await;
    form.fill("name", "Jane Doe").await;
    form.fill("email", "jane.lead@mail.example").await;
    form.send().await;
    form.until_text("We will call you.").await;
    let leads = stage.world.sandbox.of("trading").users().await;
    assert_eq!((leads.len(), &leads[0]["kind"], &leads[0]["email"]), (1, &"lead".into(), &"jane.lead@mail.example".into()), "{leads:?}");
    stage.end().await;
}
