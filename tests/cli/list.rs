//! `latchkey signups list` and `show`.

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::{
    check::{CONFIG, FUNNEL, Files},
    people::{misconfigured, parked, show, sign_up, signups, suspect, text, two_connections},
};

async fn listed(world: &World, filters: &[&str]) -> Vec<String> {
    let ended = signups(world, &[&["list", "--json"], filters].concat()).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let all: Vec<Value> = serde_json::from_str(&ended.stdout).expect("JSON");
    all.iter().map(|signup| text(&signup["id"]).to_owned()).collect()
}

#[tokio::test]
async fn each_filter_narrows_the_list() {
    let world = two_connections().await;
    let registered = sign_up(&world, "demo", |_| {}).await.json_of(201)["id"].clone();
    let unknown = parked(&world, "demo", json!({ "kind": "status", "status": 500 })).await;
    let honeypot = suspect(&world, "other").await;
    let wrong_key = misconfigured(&world, "other").await;
    world.sandbox.fault(json!({ "kind": "refuse", "message": "This e-mail already exists" })).await;
    assert_eq!(sign_up(&world, "demo", |_| {}).await.status, 409);
    let rejected = listed(&world, &["--state", "rejected"]).await;
    assert_eq!(rejected.len(), 1);
    let [registered, unknown, honeypot, wrong_key] = [&registered, &unknown, &honeypot, &wrong_key].map(text);
    let rejected = rejected[0].as_str();
    let since = show(&world, &json!(unknown), &[]).await["receivedAt"].clone();
    let since = text(&since);
    for (filters, expected) in [
        (&[][..], &[rejected, wrong_key, honeypot, unknown, registered][..]),
        (&["--state", "registered"], &[registered]),
        (&["--state", "parked"], &[wrong_key, honeypot, unknown]),
        (&["--state", "received"], &[]),
        (&["--state", "delivering"], &[]),
        (&["--funnel", "other"], &[wrong_key, honeypot]),
        (&["--funnel", "none"], &[]),
        (&["--connection", "second"], &[wrong_key, honeypot]),
        (&["--connection", "wi"], &[rejected, unknown, registered]),
        (&["--reason", "honeypot"], &[honeypot]),
        (&["--reason", "known-email"], &[rejected]),
        (&["--since", since], &[rejected, wrong_key, honeypot, unknown]),
        (&["--until", since], &[registered]),
        (&["--state", "parked", "--connection", "second", "--reason", "misconfigured"], &[wrong_key]),
        (&["--limit", "2"], &[rejected, wrong_key]),
    ] {
        assert_eq!(listed(&world, filters).await, expected, "{filters:?}");
    }
}

#[tokio::test]
async fn a_table_has_a_line_each_and_says_when_there_is_more() {
    let world = World::start(Setup::new()).await;
    let first = sign_up(&world, "demo", |_| {}).await.json_of(201)["id"].clone();
    let second = misconfigured(&world, "demo").await;
    let ended = signups(&world, &["list"]).await;
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert_eq!((ended.code, lines.len(), ended.stderr.as_str()), (Some(0), 3, ""));
    assert!(lines[0].starts_with("ID  "), "{}", lines[0]);
    assert!(lines[1].starts_with(text(&second)) && lines[1].contains("parked") && lines[1].contains("misconfigured"), "{}", lines[1]);
    assert!(lines[2].starts_with(text(&first)) && lines[2].contains("registered"), "{}", lines[2]);
    let ended = signups(&world, &["list", "--limit", "1"]).await;
    assert_eq!((ended.stdout.lines().count(), ended.stderr.as_str()), (2, "these are the newest 1; see more with --limit\n"));
}

#[tokio::test]
async fn a_wrong_word_is_answered_with_the_right_ones() {
    let files = Files::new(CONFIG, FUNNEL);
    for (flag, word, expected) in [
        (
            "--reason",
            "unknown",
            "the reasons are no-link, link-forbidden, looked-up, known-email, field-refused, signup-refused, crm-unreachable, misconfigured, \
             outcome-unknown, interrupted, retried, honeypot, too-fast, no-proof, captcha-unavailable",
        ),
        ("--state", "lost", "[possible values: received, delivering, registered, rejected, parked]"),
        ("--since", "yesterday", "--since <TIME>"),
        ("--limit", "all", "--limit"),
    ] {
        let ended = files.run(&["signups", "list", flag, word]).await;
        assert_eq!(ended.code, Some(2), "{flag}");
        assert!(ended.stderr.contains(expected) && ended.stderr.contains(word), "{flag}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn what_is_personal_is_shown_where_it_is_asked_for() {
    let world = World::start(Setup::new()).await;
    world.sandbox.fault(json!({ "kind": "refuse", "message": "Jane is not welcome" })).await;
    sign_up(&world, "demo", |_| {}).await;
    let id = json!(listed(&world, &[]).await[0]);
    let (hidden, shown) = (show(&world, &id, &[]).await, show(&world, &id, &["--personal"]).await);
    assert!(!hidden.to_string().contains("Jane") && !hidden.to_string().contains("mail.example"), "{hidden}");
    assert_eq!((&hidden["state"], &hidden["attempts"][0]["outcome"]), (&json!("rejected"), &json!("refused")));
    assert_eq!(shown["content"]["fields"]["firstName"], "Jane");
    assert!(text(&shown["attempts"][0]["detail"]).contains("Jane is not welcome"), "{shown}");
}

#[tokio::test]
async fn listing_without_a_store_says_so() {
    let ended = Files::new(CONFIG, FUNNEL).run(&["signups", "list"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), "latchkey: latchkey.db: there is no store yet\n"));
    let world = World::start(Setup::new()).await;
    let unknown = world.latchkey(&["signups", "show", "01997f3a-0000-7000-8000-000000000000"]).await;
    assert_eq!((unknown.code, unknown.stderr.as_str()), (Some(1), "latchkey: there is no signup 01997f3a-0000-7000-8000-000000000000\n"));
}
