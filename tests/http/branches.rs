//! `show_if`: what a visitor is not shown is neither demanded nor kept.

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::words::assert_errors;

const FUNNEL: &str = r#"
id = "demo"
connection = "wi"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
fields = [
    { name = "email", required = true },
    { name = "phone", required = true },
    { name = "firstName", required = true },
    { name = "billing.country", required = true },
    { name = "billing.region", required = true, show_if = { field = "billing.country", one_of = ["US", "CA"] } },
]
[[steps]]
id = "tax"
show_if = { field = "billing.region", present = true }
fields = [
    { name = "passport", required = true, min_length = 5 },
    { name = "nationality", show_if = { and = [{ field = "billing.country", equals = "US" }, { not = { field = "billing.region", equals = "Texas" } }] } },
]
[bots]
least_fill_ms = 0
"#;

async fn form(world: &World, fields: &[(&str, &str)]) -> Value {
    let mut form = world.form().await;
    form["agreements"] = json!([]);
    for (name, value) in fields {
        form["fields"][*name] = json!(value);
    }
    form
}

#[tokio::test]
async fn what_is_not_shown_is_neither_demanded_nor_sent() {
    let world = World::start(Setup::new().funnel("demo", FUNNEL)).await;
    let plain = form(&world, &[("billing.country", "DE")]).await;
    world.signup(&plain).await.json_of(201);
    // Filled in before the visitor changed the country; the number is too short, and nobody would see it said.
    let changed = form(&world, &[("billing.country", "DE"), ("billing.region", "Texas"), ("passport", "X"), ("nationality", "US")]).await;
    world.signup(&changed).await.json_of(201);
    let texas = [("billing.country", "US"), ("billing.region", "Texas"), ("passport", "X1234"), ("nationality", "US")];
    world.signup(&form(&world, &texas).await).await.json_of(201);
    let sent = world.sandbox.bodies().await;
    assert_eq!((&sent[0]["billing"], &sent[1]["billing"]), (&json!({ "country": "DE" }), &json!({ "country": "DE" })));
    assert!(sent[..2].iter().all(|body| body.get("passport").is_none() && body.get("nationality").is_none()), "{sent:?}");
    assert_eq!((&sent[2]["billing"]["region"], &sent[2]["passport"]), (&json!("Texas"), &json!("X1234")));
    assert!(sent[2].get("nationality").is_none(), "not for Texas: {sent:?}");
}

#[tokio::test]
async fn what_is_shown_is_demanded() {
    let world = World::start(Setup::new().funnel("demo", FUNNEL)).await;
    let us = form(&world, &[("billing.country", "US")]).await;
    assert_errors(&world.signup(&us).await, &[("billing.region", "required")], "the tax step comes with the region");
    let ohio = form(&world, &[("billing.country", "US"), ("billing.region", "Ohio"), ("passport", "X")]).await;
    assert_errors(&world.signup(&ohio).await, &[("passport", "min_length")], "its rules hold");
    let typed = form(&world, &[("billing.country", "US"), ("billing.region", "Ohio")]).await;
    assert_errors(&world.signup(&typed).await, &[("passport", "required")], "the whole step");
    assert!(world.sandbox.requests().await.is_empty());
}

#[tokio::test]
async fn a_widget_is_told_the_conditions() {
    let world = World::start(Setup::new().funnel("demo", FUNNEL)).await;
    let view = world.get("/api/v1/funnels/demo").await.json();
    assert_eq!(view["steps"][0]["fields"][4]["showIf"], json!({ "is": { "field": "billing.country", "oneOf": ["US", "CA"] } }));
    assert_eq!(view["steps"][1]["showIf"], json!({ "present": "billing.region" }));
    let both = json!({ "and": [
        { "is": { "field": "billing.country", "oneOf": ["US"] } },
        { "not": { "is": { "field": "billing.region", "oneOf": ["Texas"] } } },
    ] });
    assert_eq!(view["steps"][1]["fields"][1]["showIf"], both);
    assert!(view["steps"][0].get("showIf").is_none(), "{view}");
}
