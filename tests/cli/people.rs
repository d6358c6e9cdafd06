//! People who sign up, and what becomes of them.

use harness::{Answer, LANDING, Setup, World, send};
use reqwest::Method;
use serde_json::{Value, json};

use crate::check::FUNNEL;

const BUCKET: &str = "69ce524d741e8f2238329fff";

/// A world with a second connection, to the same CRM, and a funnel for it.
pub(crate) async fn two_connections() -> World {
    let other = FUNNEL.replace("id = \"demo\"", "id = \"other\"").replace("connection = \"wi\"", "connection = \"second\"");
    let setup = Setup::new()
        .funnel("other", &other.replace("affiliate = \"a-17\"", ""))
        .set("connections.second", "kind", r#""wi""#)
        .set("connections.second", "base_url", r#""{sandbox}/wi""#)
        .set("connections.second", "signup_key", r#""env:WI_SIGNUP_KEY""#)
        .set("connections.second", "redirect_hosts", r#"["127.0.0.1"]"#)
        .set("connections.second", "allow_insecure", "true")
        .set("connections.second", "allow_private", "true")
        .set("connections.second", "duplicate_when", r#"["already exists"]"#);
    World::start(setup).await
}

/// A world whose CRM tells by an affiliate's bucket whether somebody has arrived, at once. A signup that may have arrived is given up
/// when it has been looked for in vain for two seconds.
pub(crate) async fn with_bucket() -> World {
    let affiliate =
        format!("[[affiliates]]\nid = \"b-1\"\nconnection = \"wi\"\ncrm_id = \"1234567890\"\nbuckets = [{{ id = \"{BUCKET}\" }}]\n");
    let setup = Setup::new()
        .set("connections.wi", "identification_token", r#""env:WI_TOKEN""#)
        .set("connections.wi", "settle_ms", "0")
        .set("delivery", "give_up_after_seconds", "2")
        .set("delivery", "lease_ms", "3000")
        .more(&affiliate)
        .edit("affiliate = \"a-17\"", "affiliate = \"b-1\"");
    let world = World::start(setup).await;
    world.sandbox.seed(json!({ "buckets": [{ "id": BUCKET, "affiliateID": "1234567890" }] })).await;
    world
}

/// Signs somebody up, whose form is changed a little.
pub(crate) async fn sign_up(world: &World, funnel: &str, change: impl FnOnce(&mut Value)) -> Answer {
    let mut form = world.form().await;
    form["formToken"] = json!(world.visit_of(funnel).await);
    change(&mut form);
    let request = world.request(Method::POST, &format!("/api/v1/funnels/{funnel}/signups"));
    send(request.header("origin", LANDING).json(&form)).await
}

/// Somebody whose signup is parked because the CRM behaves so: the id.
pub(crate) async fn parked(world: &World, funnel: &str, fault: Value) -> Value {
    world.sandbox.fault(fault).await;
    let answer = sign_up(world, funnel, |_| {}).await.json_of(202);
    world.becomes(&answer["id"], "parked").await;
    answer["id"].clone()
}

/// Somebody whom the CRM's key did not let in: the id.
pub(crate) async fn misconfigured(world: &World, funnel: &str) -> Value {
    parked(world, funnel, json!({ "kind": "status", "status": 401 })).await
}

/// Somebody who filled in what people do not see: the id.
pub(crate) async fn suspect(world: &World, funnel: &str) -> Value {
    let answer = sign_up(world, funnel, |form| form["fields"]["website"] = json!("filled in")).await;
    answer.json_of(202)["id"].clone()
}

/// Somebody whose answer was lost, and whose look-ups come to nothing until they are given up: the id. Ends what the CRM does wrong.
pub(crate) async fn given_up(world: &World, fault: Value) -> Value {
    world.sandbox.fault(fault).await;
    world.sandbox.fault_for_good(json!({ "kind": "status", "status": 503 })).await;
    let answer = world.signup(&world.form().await).await.json_of(202);
    let stored = world.becomes(&answer["id"], "parked").await;
    assert_eq!(stored["reason"], "outcome-unknown");
    world.sandbox.no_faults().await;
    answer["id"].clone()
}

/// The e-mail address that somebody sent.
pub(crate) async fn email(world: &World, id: &Value) -> String {
    show(world, id, &["--personal"]).await["content"]["fields"]["email"].as_str().expect("an address").to_owned()
}

/// What `latchkey signups show` tells.
pub(crate) async fn show(world: &World, id: &Value, flags: &[&str]) -> Value {
    let ended = signups(world, &[&["show", text(id)], flags].concat()).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).expect("JSON")
}

/// `latchkey signups …`.
pub(crate) async fn signups(world: &World, arguments: &[&str]) -> harness::Ended {
    world.latchkey(&[&["signups"], arguments].concat()).await
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
