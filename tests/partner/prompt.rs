//! `latchkey affiliates`: those that are added while the proxy runs.

use std::fs;

use harness::{Ended, World, send};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ACME_SECRET, get, portal, token, world};

fn succeeded(ended: &Ended) -> &str {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    &ended.stdout
}

async fn list(world: &World) -> Vec<Value> {
    let listed: Value = serde_json::from_str(succeeded(&world.latchkey(&["affiliates", "list", "--json"]).await)).expect("JSON");
    listed.as_array().expect("a list").clone()
}

#[tokio::test]
async fn one_that_is_added_is_shown_at_once_and_until_it_is_disabled() {
    let mut world = world().await;
    let add = [
        "affiliates",
        "add",
        "w-9",
        "--connection",
        "wi",
        "--crm-id",
        "W9",
        "--bucket",
        "bucket-9=mail+google",
        "--portal",
        "acme",
        "--scope",
        "leads",
        "--scope",
        "buckets",
        "--api-key",
        "env:OWN_TOKEN",
    ];
    succeeded(&world.latchkey(&add).await);
    let lead = json!({ "id": "l-9", "email": "nine@mail.example", "affiliateID": "W9", "sourceId": "google" });
    let tokens = json!([{ "token": "made-up-token-2", "affiliateID": "W9" }]);
    let buckets = json!([{ "id": "bucket-9", "affiliateID": "W9", "sources": ["mail", "google"] }]);
    world.sandbox.of("wi").seed(json!({ "buckets": buckets, "leads": [lead], "tokens": tokens })).await;
    let token = token(&world, "w-9").await;
    let page = crate::stage::fresh(&world, "/leads", &token).await;
    assert_eq!((&page["total"], &page["rows"][0]["source"]), (&json!(1), &json!("google")));
    let used = world.sandbox.of("wi").requests().await.iter().any(|request| request["headers"]["authorization"] == "made-up-token-2");
    assert!(used, "with its own credential");
    world.kill();
    world.restart().await;
    assert_eq!(get(&world, "/leads", &token).await.status, 200, "it survives a restart");
    let listed = list(&world).await;
    let line = listed.iter().find(|line| line["id"] == "w-9").expect("it is listed");
    assert_eq!((&line["credential"], &line["enabled"], &line["from"]), (&json!(["api_key"]), &json!(true), &json!("store")));
    assert!(listed.iter().any(|line| line["id"] == "w-1" && line["from"] == "configuration"));
    for file in world.database_files() {
        let bytes = fs::read(file).expect("the store");
        assert!(!bytes.windows(15).any(|window| window == b"made-up-token-2"), "the credential is sealed");
    }
    succeeded(&world.latchkey(&["affiliates", "disable", "w-9"]).await);
    get(&world, "/leads", &token).await.problem(401, "token");
    send(portal(&world, Method::POST, ACME_SECRET).json(&json!({ "affiliate": "w-9" }))).await.problem(404, "unknown-affiliate");
    assert_eq!(world.store.number("SELECT COUNT(*) FROM records WHERE affiliate LIKE 'w-9@%'").await, Some(0));
    succeeded(&world.latchkey(&["affiliates", "enable", "w-9"]).await);
    get(&world, "/leads", &token).await.problem(401, "token");
    crate::stage::token(&world, "w-9").await;
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_added() {
    let world = world().await;
    let refused = async |arguments: &[&str], word: &str| {
        let ended = world.latchkey(&[&["affiliates"], arguments].concat()).await;
        assert_ne!(ended.code, Some(0), "{arguments:?}");
        assert!(ended.stderr.contains(word), "{arguments:?}: {}", ended.stderr);
    };
    refused(&["add", "w-1", "--connection", "wi", "--crm-id", "9"], "stands in the configuration").await;
    refused(&["add", "x", "--connection", "nowhere", "--crm-id", "9"], "connections.nowhere").await;
    refused(&["add", "x", "--connection", "wi", "--crm-id", "9", "--portal", "nobody"], "portals.nobody").await;
    refused(&["add", "x", "--connection", "wi", "--crm-id", "9", "--scope", "all"], "is no scope").await;
    refused(&["add", "x", "--connection", "wi", "--crm-id", "9", "--api-key", "sk_made_up_literal"], "env:NAME").await;
    refused(&["disable", "w-1"], "stands in the configuration").await;
    refused(&["show", "nobody"], "there is no affiliate").await;
    let file = world.folder().join("affiliates.csv");
    fs::write(&file, "id,connection,crm_id,portals,scopes\na-1,wi,A1,acme,leads\na-2,nowhere,A2,acme,leads\na-3,wi,A3,acme,everything\n")
        .expect("a file");
    let path = file.display().to_string();
    let ended = world.latchkey(&["affiliates", "import", &path]).await;
    assert!(ended.code == Some(1) && ended.stderr.contains("line 3") && ended.stderr.contains("line 4"), "{}", ended.stderr);
    assert!(!list(&world).await.iter().any(|line| line["id"] == "a-1"), "all or none");
    fs::write(
        &file,
        "id,connection,crm_id,buckets,portals,scopes\na-1,wi,A1,b1=mail+google b2,acme north,leads buckets\na-2,impact,A2,,acme,figures\n",
    )
    .expect("a file");
    assert_eq!(succeeded(&world.latchkey(&["affiliates", "import", &path]).await), "2 affiliates are added\n");
    let listed = list(&world).await;
    let line = listed.iter().find(|line| line["id"] == "a-1").expect("it is listed");
    assert_eq!((&line["buckets"], &line["portals"]), (&json!({ "b1": ["mail", "google"], "b2": [] }), &json!(["acme", "north"])));
}
