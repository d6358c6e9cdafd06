//! Variants: each is a funnel of its own to the visitor, and a word about the signup to whoever counts.

use harness::{LANDING, Setup, World, send};
use reqwest::Method;
use serde_json::{Value, json};

use crate::words::{assert_errors, text};

const VARIANTS: &str = r#"
[[variants]]
id = "plain"
[[variants]]
id = "long"
weight = 0
texts = { submit = "Go" }
finish = { message = "Welcome to the long one." }
[[variants.steps]]
id = "one"
title = "All about you"
fields = [{ name = "email", required = true }, { name = "phone", required = true }, { name = "firstName", required = true }]
[[variants.steps]]
id = "two"
fields = [{ name = "lastName", required = true }]
"#;

fn setup() -> Setup {
    let locales =
        Setup::new().edit("locales = [\"en\", \"de\"]", "locales = [\"en\", \"de\"]").edit("kind = \"redirect\"", "kind = \"message\"");
    locales.edit("[bots]\n", &format!("{VARIANTS}\n[bots]\n"))
}

async fn visit(world: &World, body: &Value) -> Value {
    send(world.request(Method::POST, "/api/v1/funnels/demo/visits").header("origin", LANDING).json(body)).await.json_of(200)
}

#[tokio::test]
async fn each_variant_is_a_view_of_its_own() {
    let world = World::start(setup()).await;
    let view = async |query: &str| world.get(&format!("/api/v1/funnels/demo?locale=en{query}")).await.json();
    let (plain, long) = (view("&variant=plain").await, view("&variant=long").await);
    assert_eq!((&plain["variant"], &long["variant"]), (&json!("plain"), &json!("long")));
    assert_eq!(plain["version"], long["version"], "one file is one version");
    assert_eq!((plain["steps"].as_array().map(Vec::len), long["steps"].as_array().map(Vec::len)), (Some(1), Some(2)));
    assert_eq!((text(&plain, "/texts/submit"), text(&long, "/texts/submit")), ("Open account", "Go"));
    assert_eq!(long["agreements"], plain["agreements"], "what it does not say otherwise is the funnel's");
    for query in ["", "", "", "&variant=nonsense"] {
        assert_eq!(view(query).await["variant"], "plain", "the other one has no weight");
    }
    assert_eq!(visit(&world, &json!({})).await["variant"], "plain");
    assert_eq!(visit(&world, &json!({ "variant": "long" })).await["variant"], "long", "the one that the visitor is shown");
    assert_eq!(visit(&world, &json!({ "variant": "nonsense" })).await["variant"], "plain");
}

#[tokio::test]
async fn a_signup_is_checked_and_kept_as_its_variant() {
    let world = World::start(setup()).await;
    let mut form = world.form().await;
    form["variant"] = json!("long");
    assert_errors(&world.signup(&form).await, &[("lastName", "required")], "the long one demands it");
    form["fields"]["gender"] = json!("f");
    assert_errors(&world.signup(&form).await, &[("gender", "unknown_field"), ("lastName", "required")], "and has no such field");
    form["fields"] = json!({ "email": "jane@mail.example", "phone": "+442079460958", "firstName": "Jane", "lastName": "Doe" });
    let answer = world.signup(&form).await.json_of(201);
    assert_eq!(answer["next"], json!({ "kind": "message", "text": "Welcome to the long one." }));
    assert_eq!(world.stored(&answer["id"]).await["variant"], "long");
    let shown = world.latchkey(&["signups", "show", text(&answer, "/id")]).await;
    assert!(shown.stdout.contains(r#""variant": "long""#), "{}", shown.stdout);
    let exported = world.latchkey(&["signups", "export"]).await.stdout;
    let cells = exported.lines().nth(1).expect("a line").split(',').collect::<Vec<_>>();
    assert_eq!(cells[9], "long", "{exported}");
}

#[tokio::test]
async fn a_variant_that_is_not_there_is_dropped_and_the_signup_is_not() {
    let world = World::start(setup()).await;
    let mut form = world.form().await;
    form["variant"] = json!("gone-since");
    let answer = world.signup(&form).await.json_of(201);
    assert!(world.stored(&answer["id"]).await.get("variant").is_none());
    assert!(world.logs().contains("gone-since"), "{}", world.logs());
}

#[tokio::test]
async fn a_funnel_without_variants_has_none() {
    let world = World::start(Setup::new()).await;
    assert!(world.get("/api/v1/funnels/demo?variant=plain").await.json().get("variant").is_none());
    assert_eq!(visit(&world, &json!({ "variant": "plain" })).await["variant"], Value::Null);
}
