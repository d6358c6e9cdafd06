//! `latchkey signups retry`.

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::people::{misconfigured, parked, show, sign_up, signups, suspect, text, two_connections};

async fn retry(world: &World, arguments: &[&str]) -> (Option<i32>, String, String) {
    let ended = signups(world, &[&["retry"], arguments].concat()).await;
    (ended.code, ended.stdout, ended.stderr)
}

fn queued(count: usize) -> (Option<i32>, String, String) {
    (Some(0), format!("{count} to be delivered again\n"), String::new())
}

/// How often the CRM was sent somebody.
async fn times_sent(world: &World) -> usize {
    world.sandbox.requests().await.len()
}

#[tokio::test]
async fn a_parked_one_is_delivered_by_the_proxy_that_runs() {
    let world = World::start(Setup::new()).await;
    let id = misconfigured(&world, "demo").await;
    assert_eq!(retry(&world, &[text(&id)]).await, queued(1));
    let stored = world.becomes(&id, "registered").await;
    assert_eq!(stored["crmId"], world.sandbox.users().await[0]["id"]);
    let attempts = show(&world, &id, &[]).await["attempts"].clone();
    let outcomes: Vec<_> = attempts.as_array().unwrap().iter().map(|attempt| text(&attempt["outcome"])).collect();
    assert_eq!(outcomes, ["misconfigured", "sent"]);
}

#[tokio::test]
async fn what_cannot_be_retried_is_named_and_the_rest_is_queued() {
    let world = World::start(Setup::new()).await;
    let registered = sign_up(&world, "demo", |_| {}).await.json_of(201)["id"].clone();
    let id = misconfigured(&world, "demo").await;
    let missing = "01997f3a-0000-7000-8000-000000000000";
    let (code, stdout, stderr) = retry(&world, &[missing, text(&registered), text(&id)]).await;
    assert_eq!((code, stdout.as_str()), (Some(1), "1 to be delivered again\n"));
    let expected = [
        format!("{missing}: there is no such signup"),
        format!("{}: it is registered", text(&registered)),
        "latchkey: 2 left as they are".to_owned(),
    ];
    assert_eq!(stderr.lines().collect::<Vec<_>>(), expected);
    world.becomes(&id, "registered").await;
    assert_eq!(world.signups().await.len(), 2);
}

#[tokio::test]
async fn filters_choose_and_nobody_is_chosen_by_none() {
    let world = two_connections().await;
    let (wi, second) = (misconfigured(&world, "demo").await, misconfigured(&world, "other").await);
    let unknown = parked(&world, "other", json!({ "kind": "status", "status": 500 })).await;
    let (code, _, stderr) = retry(&world, &[]).await;
    assert!(code == Some(1) && stderr.starts_with("latchkey: which signups? Name them by id, choose them with --funnel"), "{stderr}");
    let (code, _, stderr) = retry(&world, &[text(&wi), "--reason", "misconfigured"]).await;
    assert!(code == Some(1) && stderr.contains("not both"), "{stderr}");
    assert_eq!(retry(&world, &[text(&wi), "--all"]).await.0, Some(2));
    assert_eq!(retry(&world, &["--connection", "second", "--reason", "misconfigured"]).await, queued(1));
    world.becomes(&second, "registered").await;
    for id in [&wi, &unknown] {
        assert_eq!(world.stored(id).await["state"], "parked");
    }
    assert_eq!(retry(&world, &["--funnel", "none"]).await, queued(0));
    assert_eq!(retry(&world, &["--reason", "misconfigured"]).await, queued(1));
    world.becomes(&wi, "registered").await;
}

#[tokio::test]
async fn what_looks_like_a_bots_is_asked_for_by_its_reason_or_not_at_all() {
    let world = World::start(Setup::new()).await;
    let (honeypot, id) = (suspect(&world, "demo").await, misconfigured(&world, "demo").await);
    assert_eq!(retry(&world, &["--all"]).await, queued(1));
    world.becomes(&id, "registered").await;
    assert_eq!(retry(&world, &["--funnel", "demo"]).await, queued(0));
    assert_eq!(world.stored(&honeypot).await["state"], "parked");
    assert_eq!(retry(&world, &["--reason", "honeypot"]).await, queued(1));
    world.becomes(&honeypot, "registered").await;
}

#[tokio::test]
async fn what_may_have_arrived_is_not_sent_again_unless_anyway() {
    let world = World::start(Setup::new().set("connections.wi", "settle_ms", "0")).await;
    let id = parked(&world, "demo", json!({ "kind": "reset-after" })).await;
    assert_eq!((world.sandbox.users().await.len(), times_sent(&world).await), (1, 1));
    assert_eq!(retry(&world, &["--all"]).await, queued(1));
    harness::until("it is parked again", async || {
        let shown = show(&world, &id, &[]).await;
        (shown["state"] == "parked" && shown["attempts"].as_array().is_some_and(|attempts| attempts.len() == 2)).then_some(())
    })
    .await;
    let second = show(&world, &id, &[]).await["attempts"][1].clone();
    assert_eq!((&second["kind"], &second["outcome"]), (&json!("look-up"), &json!("unanswered")));
    assert_eq!((&world.stored(&id).await["reason"], times_sent(&world).await), (&json!("outcome-unknown"), 1), "this CRM cannot tell");
    assert_eq!(retry(&world, &[text(&id), "--anyway"]).await, queued(1));
    // The CRM knows the e-mail by now, and says so.
    let stored = world.becomes(&id, "rejected").await;
    assert_eq!((&stored["reason"], times_sent(&world).await), (&json!("known-email"), 2));
}

#[tokio::test]
async fn nobody_is_delivered_beside_themselves() {
    let world = World::start(Setup::new().patience(0)).await;
    let id = misconfigured(&world, "demo").await;
    let email: Value = json!(crate::people::email(&world, &id).await);
    world.sandbox.fault(json!({ "kind": "delay", "ms": 3_000 })).await;
    let second = sign_up(&world, "demo", |form| form["fields"]["email"] = email.clone()).await.json_of(202);
    world.sandbox.received(2).await;
    let (code, stdout, stderr) = retry(&world, &[text(&id)]).await;
    assert_eq!((code, stdout.as_str()), (Some(1), "0 to be delivered again\n"));
    assert!(stderr.contains("another signup with this e-mail is under way in its funnel"), "{stderr}");
    let ended = signups(&world, &["reconcile", text(&id)]).await;
    assert_eq!((ended.code, ended.stdout), (Some(0), format!("{}  under-way\n", text(&id))), "{}", ended.stderr);
    world.becomes(&second["id"], "registered").await;
    assert_eq!((&world.stored(&id).await["state"], world.sandbox.users().await.len()), (&json!("parked"), 1));
}
