//! The same e-mail while one is under way: one delivery, and whoever comes second gets a bare 202.

use harness::{Setup, World};
use serde_json::json;

use crate::words::{join, text};

#[tokio::test]
async fn whoever_comes_second_gets_no_ticket_and_no_key() {
    // Long enough for a CRM that answers at once on a busy machine, and shorter than the delay.
    let world = World::start(Setup::new().patience(1_000)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 3_000 })).await;
    let form = world.form().await;
    let first = world.signup(&form).await.json_of(202);
    let mut second = world.form().await;
    second["fields"]["email"] = json!(text(&form, "/fields/email").to_uppercase());
    second["fields"]["firstName"] = json!("Somebody else");
    assert_eq!(world.signup_with_key(&second, "theirs").await.json_of(202), json!({ "status": "accepted" }));
    world.becomes(&first["id"], "registered").await;
    assert_eq!((world.sandbox.requests().await.len(), world.signups().await.len()), (1, 1));
    assert_eq!(world.signup_with_key(&second, "theirs").await.status, 409, "afterwards the CRM knows the address");
}

#[tokio::test]
async fn a_double_click_makes_one_user() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 300 })).await;
    let form = world.form().await;
    let answers = join((0..6).map(|_| world.signup(&form))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 202, 202, 202, 202, 202]);
    assert_eq!((world.sandbox.requests().await.len(), world.sandbox.users().await.len()), (1, 1));
}

#[tokio::test]
async fn another_funnel_is_another_matter() {
    let world = World::start(Setup::new().another_funnel("other").patience(100)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 1_500 })).await;
    let mut form = world.form().await;
    let first = world.signup(&form).await.json_of(202);
    form["formToken"] = json!(world.visit_of("other").await);
    let request = world.request(reqwest::Method::POST, "/api/v1/funnels/other/signups").header("origin", harness::LANDING).json(&form);
    let second = harness::send(request).await;
    assert_ne!(second.json()["id"], json!(null), "it is kept: {}", second.text());
    world.becomes(&first["id"], "rejected").await;
    assert_eq!(world.sandbox.users().await.len(), 1, "the CRM decides between the two");
}
