//! Answers that no document has: each is a reason for the operator, and none is the visitor's problem.

use harness::World;
use serde_json::json;

use super::{answered, crm, john, setup, sign_up, unanswered};
use crate::unknown::{ends, tried_once};

#[tokio::test]
async fn a_sign_up_bears_every_answer() {
    let world = World::start(tried_once(setup(), "trading")).await;
    for (number, (fault, state, reason)) in [
        (json!({ "kind": "html" }), "received", "outcome-unknown"),
        (json!({ "kind": "redirect" }), "received", "outcome-unknown"),
        (json!({ "kind": "status", "status": 400 }), "rejected", ""),
        (json!({ "kind": "status", "status": 401 }), "parked", "misconfigured"),
        (json!({ "kind": "status", "status": 403 }), "parked", "misconfigured"),
        (json!({ "kind": "status", "status": 404 }), "parked", "misconfigured"),
        (json!({ "kind": "status", "status": 500 }), "received", "outcome-unknown"),
        (json!({ "kind": "status", "status": 503 }), "received", "outcome-unknown"),
        (json!({ "kind": "rate-limited", "retryAfterSeconds": 3 }), "received", "crm-unreachable"),
        (json!({ "kind": "reset-before" }), "received", "outcome-unknown"),
        (json!({ "kind": "reset-after" }), "received", "outcome-unknown"),
        (json!({ "kind": "broken-json" }), "received", "outcome-unknown"),
        (json!({ "kind": "empty" }), "received", "outcome-unknown"),
        (json!({ "kind": "huge-body", "bytes": 30_000_000 }), "received", "outcome-unknown"),
        (json!({ "kind": "slow-body", "ms": 4000 }), "received", "outcome-unknown"),
        (json!({ "kind": "nulls" }), "received", "outcome-unknown"),
        (json!({ "kind": "no-members" }), "received", "outcome-unknown"),
        (json!({ "kind": "delay", "ms": 4000 }), "received", "outcome-unknown"),
    ]
    .into_iter()
    .enumerate()
    {
        // The countries are looked up first, and kept.
        answered(&world, "GetCountries", &[]).await;
        if number == 0 {
            sign_up(&world, john(1000), json!({})).await.json_of(201);
        }
        crm(&world).fault(fault.clone()).await;
        let answer = sign_up(&world, john(u32::try_from(number).unwrap()), json!({})).await;
        if reason.is_empty() {
            assert_eq!(answer.status, 422, "{fault}: {}", answer.text());
            continue;
        }
        let body = answer.json_of(202);
        ends(&world, &body["id"], state, reason, &fault).await;
    }
}

#[tokio::test]
async fn whoever_is_created_is_registered_whatever_their_link_and_id() {
    let world = World::start(setup()).await;
    sign_up(&world, john(1000), json!({})).await.json_of(201);
    for (number, (fault, reason)) in [
        ("no-link", json!("no-link")),
        ("foreign-link", json!("link-forbidden")),
        ("script-link", json!("link-forbidden")),
        ("other-types", json!("link-forbidden")),
        ("numeric-id", json!(null)),
    ]
    .into_iter()
    .enumerate()
    {
        crm(&world).fault(json!({ "kind": fault })).await;
        let answer = sign_up(&world, john(u32::try_from(number).unwrap()), json!({})).await;
        let body = answer.json_of(201);
        let stored = world.stored(&body["id"]).await;
        assert_eq!((&stored["state"], &stored["reason"]), (&json!("registered"), &reason), "{fault}");
        assert!(!answer.text().contains("evil.example") && !answer.text().contains("javascript:"), "{fault}");
        if fault == "numeric-id" {
            let id = stored["crmId"].as_str().unwrap();
            assert!(id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
            assert_eq!(body["next"]["kind"], "redirect");
        }
    }
}

#[tokio::test]
async fn a_question_bears_every_answer() {
    let world = World::start(setup().set("connections.trading", "timeout_seconds", "2")).await;
    for operation in ["CountForExport", "GetAffiliateWalletAndTransactions", "GetCountries"] {
        for (fault, why) in [
            (json!({ "kind": "html" }), "cannot be read"),
            (json!({ "kind": "redirect" }), "redirects are not followed"),
            (json!({ "kind": "status", "status": 401 }), "does not let us"),
            (json!({ "kind": "status", "status": 403 }), "does not let us"),
            (json!({ "kind": "status", "status": 500 }), "does not answer"),
            (json!({ "kind": "refuse", "message": "made-up refusal" }), "refuses: made-up refusal"),
            (json!({ "kind": "rate-limited", "retryAfterSeconds": 3 }), "asks to slow down"),
            (json!({ "kind": "reset-before" }), "does not answer"),
            (json!({ "kind": "reset-after" }), "does not answer"),
            (json!({ "kind": "broken-json" }), "cannot be read"),
            (json!({ "kind": "empty" }), "cannot be read"),
            (json!({ "kind": "huge-body", "bytes": 30_000_000 }), "longer than"),
            (json!({ "kind": "nulls" }), "cannot be read"),
            (json!({ "kind": "no-members" }), "cannot be read"),
            (json!({ "kind": "delay", "ms": 4000 }), "does not answer"),
        ] {
            crm(&world).fault(fault.clone()).await;
            let said = unanswered(&world, operation, &[]).await;
            assert!(said.contains(why), "{operation}, {fault}: {said}");
        }
    }
    crm(&world).fault(json!({ "kind": "other-types" })).await;
    assert_eq!(answered(&world, "CountForExport", &[]).await, json!({ "count": 0 }), "a number as a text is understood");
    for fault in ["html", "empty"] {
        crm(&world).fault(json!({ "kind": fault })).await;
        let said = unanswered(&world, "ExportCSV", &[]).await;
        assert!(said.contains("what came is no CSV"), "{fault}: {said}");
    }
}
