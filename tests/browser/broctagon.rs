//! A visitor leaves a lead in Broctagon, which logs nobody in: they are thanked.

use harness::Setup;

use crate::{chromium::PHONE, stage::Stage};

const FUNNEL: &str = r#"
id = "demo"
connection = "broctagon"
action = "lead"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
fields = [{ name = "name", required = true }, { name = "email", required = true }, { name = "phone" }]
[routing]
owner_id = "owner-17"
[bots]
least_fill_ms = 0
"#;

#[tokio::test]
async fn a_visitor_leaves_a_lead_and_is_thanked() {
    let stage = Stage::set(Setup::new().connect("broctagon").funnel("demo", FUNNEL), PHONE).await;
    let form = stage.form().await;
    form.fill("name", "Jane Doe").await;
    form.fill("email", "jane.lead@mail.example").await;
    form.fill("phone", "+44 20 7946 0958").await;
    form.send().await;
    form.until_text("Thank you.").await;
    stage.chromium.screenshot("lead-broctagon").await;
    let leads = stage.world.sandbox.of("broctagon").users().await;
    assert_eq!((leads.len(), &leads[0]["kind"], &leads[0]["fields"]["name"]), (1, &"lead".into(), &"Jane Doe".into()));
    stage.end().await;
}
