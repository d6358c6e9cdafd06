//! Logs: one structured line a request with an id, and nothing in them that is secret or personal.

use std::collections::BTreeSet;

use harness::{CRM_KEY, LANDING, STORE_KEY, Setup, World, send};
use reqwest::Method;
use serde_json::{Value, json};

use crate::words::text;

fn lines(logs: &str) -> Vec<Value> {
    logs.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[tokio::test]
async fn one_line_a_request_with_the_id_that_the_answer_carries() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    let answers = [world.signup(&form).await, world.get("/nothing").await, world.get("/go/x").await, world.get("/embed/demo.js").await];
    let mut seen = BTreeSet::new();
    for answer in &answers {
        let id = answer.header("x-request-id").to_owned();
        assert!(uuid::Uuid::parse_str(&id).is_ok() && seen.insert(id.clone()), "{id}");
        // The line is written before the answer is, but by another process: its pipe may lag.
        let found = harness::until("the line is there", async || {
            let all = lines(&world.logs());
            let found: Vec<_> = all.into_iter().filter(|line| line["message"] == "request" && line["span"]["id"] == *id).collect();
            (!found.is_empty()).then_some(found)
        })
        .await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["status"], answer.status);
    }
    let signup = lines(&world.logs()).into_iter().find(|line| line["route"] == "/api/v1/funnels/{funnel}/signups").unwrap();
    assert_eq!((&signup["span"]["signup"], &signup["method"]), (&answers[0].json()["id"], &json!("POST")));
}

#[tokio::test]
async fn nothing_secret_or_personal_is_in_any_line() {
    // What was sent, in every way that a signup can end, with everything logged that can be.
    let world = World::start(Setup::new().patience(2_000).behind_a_proxy()).await;
    let mut needles: Vec<String> =
        [CRM_KEY, STORE_KEY, "+442079460958", "442079460958", "Zebulonia", "Quackenbush", "1990-02-28", "203.0.113.77"]
            .map(str::to_owned)
            .to_vec();
    let mut faults = vec![Value::Null];
    for kind in ["status", "reset-before", "reset-after", "broken-json", "html", "empty", "redirect", "foreign-link", "script-link"] {
        faults.push(if kind == "status" { json!({ "kind": kind, "status": 500 }) } else { json!({ "kind": kind }) });
    }
    for message in ["Zebulonia already exists", "Phone +442079460958 is not valid", "Zebulonia Quackenbush is not welcome"] {
        faults.push(json!({ "kind": "refuse", "message": message }));
    }
    for (index, fault) in faults.iter().enumerate() {
        if !fault.is_null() {
            world.sandbox.fault(fault.clone()).await;
        }
        let mut form = world.form().await;
        form["fields"] = json!({
            "email": format!("zebulonia.{index}@private.example"), "phone": "+44 20 7946 0958", "firstName": "Zebulonia",
            "lastName": "Quackenbush", "dateOfBirth": "1990-02-28",
        });
        let key = format!("idempotency-key-{index}");
        let request = world.signup_request().header("idempotency-key", &key).header("x-forwarded-for", "203.0.113.77");
        let answer = send(request.json(&form)).await.json();
        needles.extend([key, text(&form, "/formToken").to_owned(), text(&form, "/fields/email").to_owned()]);
        needles.extend(answer["key"].as_str().map(str::to_owned));
        if let Some(url) = answer.pointer("/next/url").and_then(Value::as_str).filter(|url| url.contains("/go/")) {
            let go = send(world.client.get(url)).await;
            needles.extend([url.rsplit('/').next().unwrap().to_owned(), go.header("location").to_owned()]);
        }
        if let (Some(id), Some(key)) = (answer["id"].as_str(), answer["key"].as_str()) {
            assert_eq!(world.status(id, key).await.status, 200);
        }
    }
    // Refused before anything is kept.
    let mut wrong = world.form().await;
    wrong["fields"] = json!({ "email": "zebulonia@private", "firstName": "Zebulonia", "lastName": "Quackenbush\u{7}", "phone": "x" });
    assert_eq!(world.signup(&wrong).await.status, 422);
    let not_json =
        world.signup_request().header("content-type", "application/json").body("{\"fields\":{\"email\":\"zebulonia@private.example\"");
    assert_eq!(send(not_json).await.status, 400);
    let query = world.request(Method::POST, "/api/v1/funnels/demo/visits?email=zebulonia@private.example").header("origin", LANDING);
    assert_eq!(send(query.header("referer", "https://landing.example/?email=zebulonia@private.example")).await.status, 200);
    let mut world = world;
    world.terminate();
    assert!(world.exit().await.success());
    let logs = world.logs();
    assert!(lines(&logs).iter().filter(|line| line["message"] == "attempt").count() >= faults.len(), "attempts are logged");
    needles.extend(["private.example".to_owned(), "zebulonia".to_owned()]);
    for needle in needles {
        assert!(needle.len() > 5 && !logs.to_lowercase().contains(&needle.to_lowercase()), "{needle:?} is in the logs");
    }
}
