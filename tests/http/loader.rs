//! `/embed/{funnel}.js`, `/embed/latchkey.js` and the funnel's view: in the visitor's language, cached briefly.

use std::collections::BTreeSet;

use harness::{Answer, LANDING, Setup, World, send};
use reqwest::Method;
use serde_json::{Value, json};

use crate::words::text;

/// The line that tells a loader what it loads.
pub(crate) async fn configuration(world: &World, path: &str) -> Value {
    parse(&world.get(path).await)
}

fn parse(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let line = text.lines().next().and_then(|line| line.strip_prefix("const LATCHKEY=")?.strip_suffix(';'));
    serde_json::from_str(line.unwrap_or_else(|| panic!("{text}"))).expect("JSON")
}

#[tokio::test]
async fn a_funnels_loader_carries_its_view() {
    let world = World::start(Setup::new()).await;
    let answer = world.get("/embed/demo.js").await;
    assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "private, max-age=60");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(["accept-language", "accept-encoding"].iter().all(|name| answer.header("vary").contains(name)), "{}", answer.header("vary"));
    let loaded = parse(&answer);
    assert_eq!(loaded["form"]["view"], world.get("/api/v1/funnels/demo").await.json());
    let names: Vec<_> = loaded["form"]["view"]["steps"][0]["fields"].as_array().unwrap().iter().map(|field| text(field, "/name")).collect();
    let expected =
        ["email", "phone", "firstName", "lastName", "gender", "dateOfBirth", "additionalPhone", "billing.country", "billing.city"];
    assert_eq!(names, expected);
    assert!(loaded["css"].is_string(), "the styles are in it");
}

#[tokio::test]
async fn the_general_loader_carries_no_funnel() {
    let world = World::start(Setup::new()).await;
    let loaded = configuration(&world, "/embed/latchkey.js").await;
    assert_eq!(loaded["form"], Value::Null);
    assert!(text(&loaded, "/glue").starts_with("assets/"));
}

#[tokio::test]
async fn the_language_is_the_one_asked_for_or_the_browsers() {
    let world = World::start(Setup::new()).await;
    for (query, header, locale) in [
        ("", "", "en"),
        ("", "de", "de"),
        ("", "de-AT,en;q=0.8", "de"),
        ("", "fr, de;q=0.2, en;q=0.1", "de"),
        ("", "fr", "en"),
        ("?locale=de", "en", "de"),
        ("?locale=de-CH", "en", "de"),
        ("?locale=fr", "de", "de"),
        ("?locale=", "de", "de"),
        ("?locale=%F0%9F%92%A9", "de", "de"),
        ("?other=1", "de", "de"),
    ] {
        for path in ["/embed/demo.js", "/api/v1/funnels/demo"] {
            let answer = send(world.request(Method::GET, &format!("{path}{query}")).header("accept-language", header)).await;
            let view = if path.ends_with(".js") { parse(&answer)["form"]["view"].clone() } else { answer.json() };
            assert_eq!(text(&view, "/locale"), locale, "{path}{query} {header}");
            let title = if locale == "de" { "Konto eröffnen" } else { "Open your account" };
            assert_eq!(text(&view, "/steps/0/title"), title);
            let label = if locale == "de" { "Vorname" } else { "First name" };
            assert_eq!(text(&view, "/steps/0/fields/2/label"), label, "a label that the funnel does not give");
        }
    }
}

#[tokio::test]
async fn an_unchanged_loader_is_a_304() {
    let world = World::start(Setup::new()).await;
    let first = world.get("/embed/demo.js").await;
    let etag = first.header("etag");
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 2, "{etag}");
    let ask = |path: &'static str, tags: String| send(world.request(Method::GET, path).header("if-none-match", tags));
    for tags in [etag.to_owned(), format!("W/{etag}"), format!("\"x\", {etag}")] {
        let answer = ask("/embed/demo.js", tags.clone()).await;
        assert_eq!((answer.status, answer.body.len(), answer.header("etag")), (304, 0, etag), "{tags}");
        assert_eq!(answer.header("cache-control"), "private, max-age=60");
        assert!(answer.header("vary").contains("accept-language"));
    }
    assert_eq!(ask("/embed/demo.js", "\"x\"".to_owned()).await.status, 200);
    assert_eq!(ask("/embed/demo.js?locale=de", etag.to_owned()).await.status, 200, "another language is another file");
    let mut world = world;
    let path = world.folder().join("funnels/demo.toml");
    let changed = std::fs::read_to_string(&path).unwrap().replace("Open your account", "Open an account");
    std::fs::write(&path, changed).unwrap();
    world.kill();
    world.restart().await;
    let second = world.get("/embed/demo.js").await;
    assert_ne!(second.header("etag"), first.header("etag"), "a funnel that changes is loaded anew");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let world = World::start(Setup::new()).await;
    for path in
        ["/embed/none.js", "/embed/demo", "/embed/none.css", "/embed/none.html", "/embed/.js", "/embed/DEMO.js", "/embed/demo.js.map"]
    {
        world.get(path).await.problem(404, "unknown-funnel");
    }
    world.get("/embed/").await.problem(404, "not-found");
    for path in ["/embed/demo.js?locale=en&locale=de", "/api/v1/funnels/demo?locale=en&locale=de"] {
        let answer = world.get(path).await;
        assert!(answer.status == 200 || answer.header("content-type") == "application/problem+json", "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_page_reads_the_view_if_the_funnel_is_for_it() {
    let world = World::start(Setup::new()).await;
    for (origin, allowed) in [(LANDING, LANDING), ("https://other.example", "")] {
        let answer = send(world.request(Method::GET, "/api/v1/funnels/demo").header("origin", origin)).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, allowed), "{origin}");
    }
    let view = world.get("/api/v1/funnels/demo").await.json();
    let members: BTreeSet<_> = view.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = BTreeSet::from(["agreements", "id", "leastFillMs", "locale", "steps", "texts", "tracking", "version"]);
    assert_eq!(members, expected, "nothing of the connection");
    assert_eq!(view["tracking"], json!({ "keepDays": 30 }));
}

/// A first step of four fields, the countries of the world among them, with an agreement.
const FOUR_FIELDS: &str = r#"
id = "four"
connection = "wi"
action = "signup"
origins = ["https://landing.example"]
locales = ["en", "de", "es", "fr", "it", "pt", "pl", "tr", "ru", "ar", "zh", "ja"]
[[steps]]
id = "contact"
title = "Open your account"
[[steps.fields]]
name = "email"
required = true
[[steps.fields]]
name = "phone"
required = true
[[steps.fields]]
name = "firstName"
required = true
[[steps.fields]]
name = "billing.country"
required = true
[[agreements]]
label = "Terms and Conditions"
text = "I accept the terms."
url = "https://broker.example/terms"
required = true
"#;

/// The budget is for what a visitor is really sent: styles, texts, the view and the rendered form, in every language.
#[tokio::test]
async fn a_loader_with_four_fields_is_within_its_budget() {
    let budget = include_str!("../../budget.toml").lines().find_map(|line| line.strip_prefix("js = "));
    let budget: usize = budget.expect("the loader's budget").parse().expect("a number of bytes");
    let world = World::start(Setup::new().funnel("four", FOUR_FIELDS)).await;
    let mut over = Vec::new();
    for locale in ["en", "de", "es", "fr", "it", "pt", "pl", "tr", "ru", "ar", "zh", "ja"] {
        let request = world.request(Method::GET, &format!("/embed/four.js?locale={locale}")).header("accept-encoding", "br");
        let answer = send(request).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, "br"));
        println!("{locale}: {} bytes", answer.body.len());
        over.extend((answer.body.len() > budget).then(|| format!("{locale}: {} bytes", answer.body.len())));
    }
    assert!(over.is_empty(), "over the budget of {budget}: {over:?}");
}
