//! `latchkey connections ask`: the "Forms API" and the "Configurations API".

use harness::Ended;
use serde_json::json;

use super::*;

async fn ask(world: &World, operation: &str, settings: &[&str]) -> Ended {
    let settings = settings.iter().flat_map(|setting| ["--set", setting]);
    let arguments: Vec<_> = ["connections", "ask", KIND, operation].into_iter().chain(settings).collect();
    world.latchkey(&arguments).await
}

fn answer(ended: &Ended) -> Value {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).expect("JSON")
}

/// Path and query of what was asked last.
async fn asked(world: &World) -> String {
    let request = crm(world).requests().await.pop().expect("a request");
    assert_eq!((&request["method"], &request["body"]), (&json!("GET"), &json!("")));
    let query = request["query"].as_str().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{query}", request["path"].as_str().expect("a path"))
}

#[tokio::test]
async fn each_operation_is_asked_and_read() {
    let world = start().await;
    let form = answer(&ask(&world, "TraderRegistrationForm", &[]).await);
    assert_eq!(asked(&world).await, "/public/v1/form/registration/trader");
    assert_eq!((&form["id"], &form["kind"], form["groups"].as_array().map(Vec::len)), (&json!("regform1"), &json!("trader"), Some(3)));
    assert_eq!(
        form["groups"][2]["fields"][0],
        json!({
            "key": "terms", "kind": "checkbox", "required": true, "disabled": false, "read_only": false, "options": [],
            "labels": {
                "en-us": "I have read and accept the terms", "de-de": "Ich habe die Bedingungen gelesen und akzeptiere sie",
                "ar-sa": "قرأت الشروط وأوافق عليها",
            },
            "documents": ["https://broker.example/docs/terms.pdf", "https://broker.example/docs/risk.pdf"],
        })
    );
    let forms = answer(&ask(&world, "UserKycFormCollections", &[]).await);
    assert_eq!(asked(&world).await, "/public/v1/form/kyc/collections");
    assert_eq!((&forms[0]["code"], &forms[1]["labels"]["en-us"]), (&json!("kycindiv"), &json!("Company")));
    let form = answer(&ask(&world, "UserKycForm", &["form=kyccorpo"]).await);
    assert_eq!(asked(&world).await, "/public/v1/form/kyc/kyccorpo");
    assert_eq!(form["groups"][0]["fields"][0]["key"], "company");
    let countries = answer(&ask(&world, "Countries", &[]).await);
    assert_eq!(asked(&world).await, "/public/v1/config/countries");
    assert_eq!(countries[1], json!({ "code": "DE", "labels": { "": "Germany" }, "phone_code": "49" }));
    let states = answer(&ask(&world, "States", &["country=DE"]).await);
    assert_eq!(asked(&world).await, "/public/v1/config/states?country=DE");
    assert_eq!(states, json!([{ "code": "DE-BE", "labels": { "": "Berlin" } }, { "code": "DE-BY", "labels": { "": "Bavaria" } }]));
    let cities = answer(&ask(&world, "Cities", &["state=DE-BE"]).await);
    assert_eq!(asked(&world).await, "/public/v1/config/cities?state=DE-BE");
    assert_eq!(cities, json!([{ "code": "berlin", "labels": { "": "Berlin" } }]));
    assert_eq!(answer(&ask(&world, "States", &["country=SG"]).await), json!([]), "a country without states");
}

#[tokio::test]
async fn a_wrong_question_is_not_sent() {
    let world = start().await;
    for (operation, settings, reason) in [
        ("States", &[][..], "missing field `country`"),
        ("Cities", &["country=DE"], "unknown field `country`"),
        ("UserKycForm", &["form=7"], "invalid type: integer `7`"),
        ("Countries", &["x=y"], "unknown field `x`"),
        ("CreateLead", &[], "has no operation"),
    ] {
        let ended = ask(&world, operation, settings).await;
        assert!(ended.code == Some(1) && ended.stderr.contains(reason), "{operation}: {}", ended.stderr);
    }
    assert!(crm(&world).requests().await.is_empty());
    let ended = ask(&world, "States", &["country=XX"]).await;
    assert!(ended.code == Some(1) && ended.stderr.contains("the CRM refuses: Resource not found"), "{}", ended.stderr);
}

#[tokio::test]
async fn whatever_is_answered_is_a_reason() {
    let world = World::start(setup().set("connections.broctagon", "timeout_seconds", "2")).await;
    let unreadable = "the CRM's answer cannot be read";
    let unreachable = "the CRM does not answer";
    for operation in ["Countries", "TraderRegistrationForm"] {
        for (fault, reason) in [
            (json!({ "kind": "html" }), unreadable),
            (json!({ "kind": "redirect" }), unreadable),
            (json!({ "kind": "broken-json" }), unreadable),
            (json!({ "kind": "empty" }), unreadable),
            (json!({ "kind": "nulls" }), unreadable),
            (json!({ "kind": "other-types" }), unreadable),
            (json!({ "kind": "no-members" }), unreadable),
            (json!({ "kind": "huge-body", "bytes": 31_457_280 }), unreadable),
            (json!({ "kind": "status", "status": 403 }), "the CRM does not let us"),
            (json!({ "kind": "status", "status": 404 }), "the CRM refuses"),
            (json!({ "kind": "status", "status": 500 }), unreachable),
            (json!({ "kind": "rate-limited", "retryAfterSeconds": 7 }), "the CRM asks to slow down"),
            (json!({ "kind": "reset-before" }), unreachable),
            (json!({ "kind": "reset-after" }), unreachable),
            (json!({ "kind": "delay", "ms": 4_000 }), unreachable),
        ] {
            crm(&world).fault(fault.clone()).await;
            let ended = ask(&world, operation, &[]).await;
            assert!(ended.code == Some(1) && ended.stderr.contains(reason), "{operation} {fault}: {}", ended.stderr);
            assert!(!ended.stderr.contains("panicked") && !ended.stderr.contains("sandbox-broctagon-key"), "{}", ended.stderr);
        }
        crm(&world).fault(json!({ "kind": "slow-body", "ms": 300 })).await;
        answer(&ask(&world, operation, &[]).await);
    }
}
