//! "Authentication" and "Authentication V2": the signatures of what was really sent.

use std::collections::BTreeMap;

use harness::Program;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use tempfile::TempDir;

use super::*;

#[tokio::test]
async fn the_signature_is_over_the_bytes_that_are_sent() {
    let world = start().await;
    lead(&world, json!({ "name": "Jäne \"D\" \u{1f642}", "email": email(), "comment": "a\nb" }), json!({})).await.json_of(201);
    let request = &crm(&world).requests().await[0];
    // Compact and sorted by name, as it was sent: the record has the JSON only.
    let bytes = serde_json::to_vec(&serde_json::from_value::<BTreeMap<String, Value>>(request["body"].clone()).expect("an object"));
    let mac = Hmac::<Sha256>::new_from_slice(b"sandbox-broctagon-key").expect("a key").chain_update(bytes.expect("JSON"));
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(request["headers"]["signature"], format!("sha256={hex}"));
}

#[tokio::test]
async fn the_crm_refuses_a_body_that_was_altered() {
    let world = start().await;
    lead(&world, json!({ "name": "Jane", "email": email() }), json!({})).await.json_of(201);
    let crm = crm(&world);
    let request = &crm.requests().await[0];
    let again = |body: String| {
        let header = |name: &str| request["headers"][name].as_str().expect("a header").to_owned();
        let url = format!("{}{}", crm.base_url(), request["path"].as_str().expect("a path"));
        let post = world.client.post(url).header("key", header("key")).header("signature", header("signature"));
        send(post.header("content-type", "application/json").body(body))
    };
    let body = request["body"].to_string();
    assert_eq!(again(body.clone()).await.status, 201, "the same bytes");
    assert_eq!(again(body.replace("Jane", "Joan")).await.status, 403);
    assert_eq!(again(format!("{body} ")).await.status, 403);
}

#[tokio::test]
async fn a_read_is_not_signed() {
    let world = start().await;
    assert_eq!(world.latchkey(&["connections", "ask", KIND, "Countries"]).await.code, Some(0));
    let headers = &crm(&world).requests().await[0]["headers"];
    assert_eq!((&headers["key"], headers.get("signature")), (&json!("sandbox-broctagon-key"), None));
}

/// Another installation, which follows the older page.
async fn older() -> (Program, String, TempDir) {
    let folder = TempDir::new().expect("a folder");
    let mut program = Program::start(
        "sandbox-crm",
        folder.path(),
        &["--listen", "127.0.0.1:0", "--wi-key", harness::CRM_KEY, "--broctagon-signature", "v1"],
        &[],
    );
    let origin = program.line("sandbox-crm listening on ").await;
    (program, origin, folder)
}

#[tokio::test]
async fn the_older_signature_is_taken_by_who_wants_it() {
    let (_program, origin, _folder) = older().await;
    let base_url = format!("\"{origin}/broctagon\"");
    let to = |setup: Setup| setup.set("connections.broctagon", "base_url", &base_url);
    let world = World::start(to(setup()).set("connections.broctagon", "signature", "\"v1\"")).await;
    let told = lead(&world, json!({ "name": "Jane", "email": email(), "phone": "+442079460958" }), json!({})).await.json_of(201);
    assert_eq!(told["status"], "registered");
    code(&world, "register", "email_code", &person()).await.json_of(202);
    let check = world.latchkey(&["check"]).await;
    assert!(check.stdout.contains("ok: connection broctagon: signature v1"), "{}", check.stdout);

    let world = World::start(to(setup())).await;
    lead(&world, json!({ "name": "Jane", "email": email() }), json!({})).await.json_of(202);
    assert_eq!(newest(&world).await, pair("parked", "misconfigured"));
    let check = world.latchkey(&["check"]).await;
    assert!(check.stdout.contains("error: connection broctagon: signature v2 is not accepted"), "{}", check.stdout);
}
