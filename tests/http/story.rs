//! One signup's story, told by the log under its id: for whoever has to find out what became of somebody.

use harness::{Setup, World, send, until};
use serde_json::{Value, json};

use crate::words::text;

const BUCKET: &str = "69ce524d741e8f2238329fff";
const AFFILIATE: &str = r#"
[[affiliates]]
id = "b-1"
connection = "wi"
crm_id = "1234567890"
buckets = [{ id = "69ce524d741e8f2238329fff" }]
"#;

/// The lines about a signup, but for those about requests.
fn story(world: &World, id: &str) -> Vec<Value> {
    let lines = world.logs().lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect::<Vec<_>>();
    lines.into_iter().filter(|line| line["signup"] == id && line["message"] != "request").collect()
}

/// A line in few words.
fn words(line: &Value) -> String {
    let member = |name: &str| line[name].as_str().map(|text| format!(" {text}")).unwrap_or_default();
    format!("{}{}{}{}{}", text(line, "/message"), member("kind"), member("outcome"), member("state"), member("reason"))
}

#[tokio::test]
async fn the_log_tells_one_signups_story_by_its_id() {
    let setup = Setup::new()
        .set("connections.wi", "identification_token", r#""env:WI_TOKEN""#)
        .set("connections.wi", "settle_ms", "0")
        .more(AFFILIATE)
        .edit("affiliate = \"a-17\"", "affiliate = \"b-1\"");
    let world = World::start(setup).await;
    world.sandbox.seed(json!({ "buckets": [{ "id": BUCKET, "affiliateID": "1234567890" }] })).await;
    // Its answer is lost, the first look-up comes to nothing, the second finds nobody, and it is sent again.
    world.sandbox.fault(json!({ "kind": "reset-before" })).await;
    world.sandbox.fault(json!({ "kind": "status", "status": 503 })).await;
    let accepted = world.signup(&world.form().await).await.json();
    let id = text(&accepted, "/id");
    world.becomes(&accepted["id"], "registered").await;
    let next = match accepted["key"].as_str() {
        Some(key) => world.status(id, key).await.json_of(200)["next"].clone(),
        None => accepted["next"].clone(),
    };
    assert_eq!(send(world.client.get(text(&next, "/url"))).await.status, 303);
    let expected = [
        "kept",
        "attempt send unknown received outcome-unknown",
        "attempt look-up unanswered received outcome-unknown",
        "attempt look-up absent",
        "attempt send sent registered",
        "ticket used",
    ];
    let lines = until("the whole story is there", async || Some(story(&world, id)).filter(|lines| lines.len() >= expected.len())).await;
    assert_eq!(lines.iter().map(words).collect::<Vec<_>>(), expected);
    assert_eq!((&lines[0]["funnel"], &lines[0]["connection"]), (&json!("demo"), &json!("wi")));
    for retried in [&lines[1], &lines[2]] {
        assert!(retried["again_in_ms"].is_u64(), "when it is tried again: {retried}");
    }
    assert_eq!((&lines[3]["crm_status"], &lines[4]["crm_status"]), (&json!(200), &json!(200)));
    let requests = world.logs().lines().filter(|line| line.contains("\"message\":\"request\"") && line.contains(id)).count();
    assert!(requests >= 1, "the request that brought it has its id too");
}
