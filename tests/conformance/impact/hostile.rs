//! Whatever comes back becomes an end with a reason for the operator, and never the visitor's problem.

use harness::{World, send};
use serde_json::{Value, json};

use super::world::{form, impact, lead, setup};
use crate::{
    command::ask as asked,
    unknown::{ends, tried_once},
};

/// A fault, the visitor's status, and the operator's state and reason.
type Case = (Value, u16, &'static str, &'static str);

fn cases() -> Vec<Case> {
    let unknown = |fault: Value| (fault, 202, "received", "outcome-unknown");
    vec![
        unknown(json!({"kind": "html"})),
        unknown(json!({"kind": "status", "status": 500})),
        unknown(json!({"kind": "status", "status": 418})),
        unknown(json!({"kind": "reset-before"})),
        unknown(json!({"kind": "reset-after"})),
        unknown(json!({"kind": "broken-json"})),
        unknown(json!({"kind": "empty"})),
        unknown(json!({"kind": "huge-body", "bytes": 30_000_000})),
        unknown(json!({"kind": "slow-body", "ms": 3_000})),
        unknown(json!({"kind": "nulls"})),
        unknown(json!({"kind": "other-types"})),
        unknown(json!({"kind": "no-members"})),
        unknown(json!({"kind": "delay", "ms": 3_000})),
        (json!({"kind": "redirect"}), 202, "received", "outcome-unknown"),
        (json!({"kind": "status", "status": 401}), 202, "parked", "misconfigured"),
        (json!({"kind": "status", "status": 403}), 202, "parked", "misconfigured"),
        (json!({"kind": "status", "status": 404}), 202, "parked", "misconfigured"),
        (json!({"kind": "status", "status": 400}), 422, "rejected", "signup-refused"),
        (json!({"kind": "rate-limited", "retryAfterSeconds": 7}), 202, "received", "crm-unreachable"),
    ]
}

#[tokio::test]
async fn every_hostile_answer_to_a_customer_and_to_a_lead() {
    for setup in [setup(), lead(setup())] {
        let world = World::start(tried_once(setup, "impact")).await;
        for (fault, status, state, reason) in cases() {
            impact(&world).fault(fault.clone()).await;
            let answer = world.signup(&form(&world).await).await;
            assert_eq!(answer.status, status, "{fault}: {}", answer.text());
            ends(&world, &world.signups().await[0]["id"], state, reason, &fault).await;
            for told in [answer.text(), answer.headers.iter().map(|(_, value)| format!("{value:?}")).collect()] {
                assert!(!told.contains(&world.sandbox.origin) && !told.to_lowercase().contains("impact"), "{fault}: {told}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_token_costs_no_customer() {
    let world = World::start(setup()).await;
    impact(&world).fault(json!({"kind": "no-link"})).await;
    let body = world.signup(&form(&world).await).await.json_of(201);
    assert_eq!(body["next"], json!({"kind": "message", "text": "Your account is open."}));
    let stored = world.stored(&body["id"]).await;
    assert_eq!((&stored["state"], &stored["reason"]), (&json!("registered"), &json!("no-link")));
    // A token is a parameter's value, whatever it holds: the link leads to the member area and nowhere else.
    for (fault, held) in [("foreign-link", "x%26returnUrl%3Dhttps%3A%2F%2Fevil.example%2F"), ("script-link", "javascript%3Aalert%281%29")] {
        impact(&world).fault(json!({ "kind": fault })).await;
        let body = world.signup(&form(&world).await).await.json_of(201);
        let go = send(world.client.get(body["next"]["url"].as_str().expect("a ticket"))).await;
        assert_eq!(go.header("location"), format!("{}/impact/member/auth/login?token={held}", world.sandbox.origin), "{fault}");
    }
    impact(&world).fault(json!({"kind": "numeric-id"})).await;
    let body = world.signup(&form(&world).await).await.json_of(201);
    assert_eq!(world.stored(&body["id"]).await["crmId"].as_str().map(|id| id.parse::<u64>().is_ok()), Some(true));
}

#[tokio::test]
async fn every_hostile_answer_to_a_log_in_and_to_a_report() {
    let world = World::start(setup()).await;
    impact(&world).seed(json!({"leads": [{"email": "jane@example.com", "registrationDate": "2026-01-02"}]})).await;
    let ask = ["impact", "Leads", "--set", "registrationDateFrom=2026-01-01", "--set", "registrationDateTo=2026-01-31"];
    for (fault, words) in [
        (json!({"kind": "html"}), "cannot be read"),
        (json!({"kind": "redirect"}), "redirects are not followed"),
        (json!({"kind": "status", "status": 500}), "does not answer"),
        (json!({"kind": "status", "status": 403}), "does not let us"),
        (json!({"kind": "refuse", "message": "No"}), "refuses: No"),
        (json!({"kind": "rate-limited", "retryAfterSeconds": 7}), "slow down"),
        (json!({"kind": "reset-before"}), "does not answer"),
        (json!({"kind": "delay", "ms": 3_000}), "does not answer"),
        (json!({"kind": "reset-after"}), "does not answer"),
        (json!({"kind": "broken-json"}), "cannot be read"),
        (json!({"kind": "empty"}), "cannot be read"),
        (json!({"kind": "huge-body", "bytes": 30_000_000}), "cannot be read"),
        (json!({"kind": "slow-body", "ms": 3_000}), "cannot be read"),
        (json!({"kind": "nulls"}), "cannot be read"),
        (json!({"kind": "other-types"}), "cannot be read"),
        (json!({"kind": "no-members"}), "cannot be read"),
    ] {
        for is_report in [false, true] {
            if is_report {
                // It lets the log-in pass, so that the other strikes the report.
                impact(&world).fault(json!({"kind": "slow-body", "ms": 0})).await;
            }
            impact(&world).fault(fault.clone()).await;
            let error = asked(&world, &ask).await.expect_err("no answer");
            assert!(error.contains(words), "{fault}, the report: {is_report}: {error}");
            assert!(!error.contains("jane@example.com"), "{error}");
            assert_eq!(impact(&world).requests().await.last().map(|last| last["path"] == "/api/v1/ib/leads"), Some(is_report));
        }
    }
    impact(&world).fault(json!({"kind": "status", "status": 401})).await;
    assert!(asked(&world, &ask).await.expect_err("a refused log-in").contains("does not let us"));
    // A refused token is renewed, once.
    impact(&world).fault(json!({"kind": "slow-body", "ms": 0})).await;
    impact(&world).fault(json!({"kind": "status", "status": 401})).await;
    assert_eq!(asked(&world, &ask).await.expect("leads")["leads"][0]["email"], "jane@example.com");
    let paths: Vec<_> = impact(&world).requests().await.iter().rev().take(4).map(|request| request["path"].to_string()).collect();
    let (leads, log_in) = ("\"/api/v1/ib/leads\"", "\"/api/v1/auth/login\"");
    assert_eq!(paths, [leads, log_in, leads, log_in]);
}
