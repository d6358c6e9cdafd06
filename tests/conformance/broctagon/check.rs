//! `latchkey check`, and what a configuration may say.

use harness::free_port;
use serde_json::json;

use super::*;

/// Changes the configuration of a world that runs, and checks it.
async fn check_with(world: &World, from: &str, to: &str) -> harness::Ended {
    let path = world.folder().join("latchkey.toml");
    let before = std::fs::read_to_string(&path).expect("read");
    assert!(before.contains(from), "{before}");
    std::fs::write(&path, before.replace(from, to)).expect("written");
    let ended = world.latchkey(&["check"]).await;
    std::fs::write(&path, before).expect("written");
    ended
}

#[tokio::test]
async fn ready_denied_and_unreachable_are_told() {
    let world = start().await;
    let ended = world.latchkey(&["check"]).await;
    assert!(ended.stdout.contains("ok: connection broctagon: api_key: the CRM answers and accepts it"), "{}", ended.stdout);
    assert!(ended.stdout.contains("ok: connection broctagon: signature v2"), "{}", ended.stdout);
    assert!(crm(&world).users().await.is_empty() && crm(&world).outbox().await.is_empty(), "nothing was changed");

    let ended = check_with(&world, "env:BROCTAGON_KEY", "env:TRADING_KEY").await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stdout.contains("error: connection broctagon: api_key is not accepted"), "{}", ended.stdout);
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    let ended = check_with(&world, &crm(&world).base_url(), &nowhere).await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stdout.contains(&format!("error: connection broctagon: api_key: {nowhere}")), "{}", ended.stdout);
    for fault in ["html", "redirect", "broken-json", "nulls", "empty"] {
        crm(&world).fault(json!({ "kind": fault })).await;
        let ended = world.latchkey(&["check"]).await;
        assert_eq!(ended.code, Some(1), "{fault}");
        assert!(ended.stdout.contains("error: connection broctagon: api_key: "), "{fault}: {}", ended.stdout);
        assert!(!ended.stdout.contains("sandbox-broctagon-key"));
    }
}

#[tokio::test]
async fn what_the_requests_demand_is_asked_of_the_funnel() {
    let world = start().await;
    let path = world.folder().join("funnels/register.toml");
    for (from, to, mistake) in [
        ("form_id = \"regform1\"", "", "routing.form_id: is missing: the CRM demands it"),
        ("kyc_form_id = \"kycindiv\"", "", "routing.kyc_form_id: is missing: the CRM demands it"),
        ("\"link-abc\"", "\"link\"", "routing.link_id: \"link\" is of the wrong type: the CRM takes a text of 8 characters"),
        ("{ name = \"name\", required = true }, ", "", "the CRM demands \"name\""),
        (
            "fields = [{ name = \"email_code\", required = true }, { name = \"phone_code\" }]",
            "fields = [{ name = \"custom_fields.x\" }]",
            "the CRM demands \"email_code\" or \"phone_code\"",
        ),
        ("{ name = \"phone\" },", "", "steps.phone_code: is sent to a field of kind \"tel\""),
        ("\"kyc.custom_fields.address\"", "\"kyc.address\"", "no visitor's field \"kyc.address\""),
        ("\"custom_fields.terms\"", "\"custom_fields.\"", "no visitor's field \"custom_fields.\""),
    ] {
        assert!(REGISTER.contains(from), "{from}");
        // Twice in the text: the first is the KYC form's only where it is asked for.
        std::fs::write(&path, REGISTER.replacen(from, to, 1)).expect("written");
        let ended = world.latchkey(&["check"]).await;
        assert!(ended.code == Some(1) && ended.stderr.contains(mistake), "{mistake}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn an_operation_that_is_elsewhere_is_found() {
    let world = World::start(setup().set("connections.broctagon.operations", "Countries", "{ path = \"/public/v1/places\" }").set(
        "connections.broctagon.operations",
        "States",
        "{ path = \"/public/v1/places/{country}/states?sort=name\" }",
    ))
    .await;
    world.latchkey(&["connections", "ask", KIND, "Countries"]).await;
    world.latchkey(&["connections", "ask", KIND, "States", "--set", "country=A/B"]).await;
    let requests = crm(&world).requests().await;
    assert_eq!(requests[0]["path"], "/public/v1/places");
    assert_eq!((&requests[1]["path"], &requests[1]["query"]), (&json!("/public/v1/places/A%2FB/states"), &json!("sort=name")));
}
