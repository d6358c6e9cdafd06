//! A visitor who leaves a lead: nobody is logged in, and nobody is told that they have an account.

use harness::Setup;
use serde_json::{Value, json};

use crate::{browser::PHONE, stage::Stage};

/// Leaves a lead in the CRM of that kind, with these fields, and gives what the CRM then has of it.
async fn leave(kind: &str, fields: &[(&str, &str)], country: Option<&str>, routing: &str) -> Value {
    let asked: Vec<_> = fields.iter().map(|(name, _)| *name).chain(country).collect();
    let fields_toml: String = asked.iter().map(|name| format!("[[steps.fields]]\nname = \"{name}\"\nrequired = true\n")).collect();
    let funnel = format!(
        "id = \"demo\"\nconnection = \"{kind}\"\naction = \"lead\"\norigins = [\"https://landing.example\"]\n\
         [[steps]]\nid = \"contact\"\n{fields_toml}[routing]\n{routing}\n[bots]\nleast_fill_ms = 0\n"
    );
    let stage = Stage::set(Setup::new().connect(kind).funnel("demo", &funnel), PHONE).await;
    let form = stage.form().await;
    for (name, value) in fields {
        form.fill(name, value).await;
    }
    if let Some(name) = country {
        form.choose(name, "CY").await;
    }
    form.send().await;
    form.until_text("Thank you.").await;
    let text = form.text().await.to_lowercase();
    assert!(!text.contains("account") && !text.contains(kind), "{text}");
    stage.browser.screenshot(&format!("lead-{kind}")).await;
    let people = stage.world.sandbox.of(kind).users().await;
    assert_eq!(
        (people.len(), &people[0]["kind"], &people[0]["email"]),
        (1, &json!("lead"), &json!("jane.lead@mail.example")),
        "{people:?}"
    );
    stage.end().await;
    people[0].clone()
}

#[tokio::test]
async fn a_lead_of_the_trading_crm_is_thanked() {
    leave("trading", &[("name", "Jane Doe"), ("email", "jane.lead@mail.example")], None, "").await;
}

#[tokio::test]
async fn a_lead_of_impact_is_thanked() {
    let fields = [("firstName", "Jane"), ("lastName", "Doe"), ("email", "jane.lead@mail.example"), ("phone", "+44 20 7946 0958")];
    leave("impact", &fields, Some("natonalityCountryCode"), "").await;
}

#[tokio::test]
async fn a_lead_of_broctagon_is_thanked() {
    let fields = [("name", "Jane Doe"), ("email", "jane.lead@mail.example"), ("phone", "+44 20 7946 0958")];
    let lead = leave("broctagon", &fields, None, "owner_id = \"owner-17\"").await;
    assert_eq!(lead["fields"]["name"], "Jane Doe");
}
