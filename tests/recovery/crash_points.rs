//! The proxy ends at every step of an attempt. Nobody is lost, and nobody twice in a CRM: what may have arrived is looked up where the
//! CRM can be asked, and waits for a person where it cannot.

use harness::{SimulatedCrm, World, send, until};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, net::TcpListener};

use crate::visitor;

/// Names the step at which a proxy ends by itself; a release does not know it.
const CRASH_AT: &str = "LATCHKEY_CRASH_AT";

/// What became of a signup: its state and reason, how often it was sent, and how many the CRM has of it.
type End = (String, Option<String>, usize, usize);

fn end(state: &str, reason: Option<&str>, sent: usize, users: usize) -> End {
    (state.to_owned(), reason.map(str::to_owned), sent, users)
}

/// `trading` can be asked whether a signup arrived; `demo`, on Wi without a bucket, cannot.
async fn stage() -> World {
    visitor::start(visitor::setup().set("connections.trading", "settle_ms", "0")).await
}

async fn body(world: &World, funnel: &str) -> Value {
    if funnel == "demo" { world.form().await } else { visitor::body(world, funnel).await }
}

fn request(world: &World, funnel: &str, body: &Value) -> RequestBuilder {
    visitor::request(world, funnel, body).header("idempotency-key", "key-1")
}

/// Starts the proxy again, asks again as the widget does, and waits for the end of the one signup that there is.
async fn afterwards(world: &mut World, funnel: &str, body: &Value) -> End {
    world.proxy.tell(CRASH_AT, None);
    world.restart().await;
    let answer = send(request(world, funnel, body)).await;
    assert!(matches!(answer.status, 201 | 202), "{}", answer.text());
    let stored = until("it has come to an end", async || {
        let stored = world.signups().await;
        (stored.len() == 1 && stored[0]["state"] != "received" && stored[0]["state"] != "delivering").then_some(stored)
    })
    .await;
    assert_eq!(stored[0]["id"], answer.json()["id"], "the visitor is told of the one that is kept");
    let crm = world.sandbox.of(if funnel == "demo" { "wi" } else { funnel });
    let sent = posts(&crm).await;
    let text = |name: &str| stored[0][name].as_str().map(str::to_owned);
    (text("state").expect("a state"), text("reason"), sent, crm.users().await.len())
}

/// How often somebody was sent to it.
async fn posts(crm: &SimulatedCrm) -> usize {
    crm.requests().await.iter().filter(|request| request["method"] == "POST").count()
}

/// The proxy ends by itself at that step, and is started again.
async fn crashed_at(step: &str, funnel: &str) -> End {
    let mut world = stage().await;
    let body = body(&world, funnel).await;
    world.terminate();
    world.exit().await;
    world.proxy.tell(CRASH_AT, Some(step));
    world.restart().await;
    assert!(request(&world, funnel, &body).send().await.is_err(), "{step}: nothing is answered");
    assert!(!world.exit().await.success(), "{step} is reached");
    afterwards(&mut world, funnel, &body).await
}

#[tokio::test]
async fn before_the_claim_it_is_delivered_as_if_nothing_had_been() {
    assert_eq!(crashed_at("before-claim", "trading").await, end("registered", None, 1, 1));
    assert_eq!(crashed_at("before-claim", "demo").await, end("registered", None, 1, 1));
}

#[tokio::test]
async fn after_the_claim_it_is_looked_up_and_sent() {
    assert_eq!(crashed_at("after-claim", "trading").await, end("registered", None, 1, 1));
    assert_eq!(crashed_at("after-claim", "demo").await, end("parked", Some("interrupted"), 0, 0));
}

#[tokio::test]
async fn when_the_answer_is_read_it_is_looked_up_and_there() {
    for step in ["answer-read", "before-commit"] {
        assert_eq!(crashed_at(step, "trading").await, end("registered", Some("looked-up"), 1, 1), "{step}");
        assert_eq!(crashed_at(step, "demo").await, end("parked", Some("interrupted"), 1, 1), "{step}");
    }
}

#[tokio::test]
async fn after_the_commit_all_is_done() {
    assert_eq!(crashed_at("after-commit", "trading").await, end("registered", None, 1, 1));
    assert_eq!(crashed_at("after-commit", "demo").await, end("registered", None, 1, 1));
}

/// The proxy that looks it up, after the first end, ends too.
#[tokio::test]
async fn between_a_look_up_and_the_sending_it_is_looked_up_again() {
    let mut world = stage().await;
    let body = body(&world, "trading").await;
    world.terminate();
    for step in ["after-claim", "looked-up"] {
        world.exit().await;
        world.proxy.tell(CRASH_AT, Some(step));
        world.proxy.start_again();
        if step == "after-claim" {
            world.proxy.ready().await;
            assert!(request(&world, "trading", &body).send().await.is_err(), "nothing is answered");
        }
    }
    assert!(!world.exit().await.success(), "it was looked up");
    assert_eq!(afterwards(&mut world, "trading", &body).await, end("registered", None, 1, 1));
}

/// The CRM has read half of the request when the proxy is killed.
async fn killed_in_the_request(funnel: &str) -> End {
    let mut world = stage().await;
    let body = body(&world, funnel).await;
    world.terminate();
    world.exit().await;
    let half = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let path = world.folder().join("latchkey.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    let elsewhere = format!("http://{}", half.local_addr().unwrap());
    std::fs::write(&path, config.replace(&world.sandbox.origin, &elsewhere)).unwrap();
    world.restart().await;
    let visitor = tokio::spawn(request(&world, funnel, &body).send());
    let _crm = loop {
        let (mut crm, _) = half.accept().await.unwrap();
        let mut beginning = [0; 100];
        // A CRM may be asked for other things too.
        if crm.read(&mut beginning).await.unwrap() > 0 && beginning.starts_with(b"POST") {
            break crm;
        }
    };
    world.kill();
    assert!(visitor.await.unwrap().is_err(), "nothing is answered");
    std::fs::write(&path, config).unwrap();
    afterwards(&mut world, funnel, &body).await
}

#[tokio::test]
async fn in_the_middle_of_the_request_it_is_looked_up_and_sent() {
    assert_eq!(killed_in_the_request("trading").await, end("registered", None, 1, 1));
    assert_eq!(killed_in_the_request("demo").await, end("parked", Some("interrupted"), 0, 0));
}

/// The CRM is still at it when the proxy is killed.
#[tokio::test]
async fn when_the_request_is_out_it_is_looked_up_and_there() {
    for (funnel, crm, expected) in
        [("trading", "trading", end("registered", Some("looked-up"), 1, 1)), ("demo", "wi", end("parked", Some("interrupted"), 1, 1))]
    {
        let mut world = stage().await;
        let body = body(&world, funnel).await;
        let crm = world.sandbox.of(crm);
        // It may be asked for something else before.
        for _ in 0..2 {
            crm.fault(json!({ "kind": "delay", "ms": 1_500 })).await;
        }
        let visitor = tokio::spawn(request(&world, funnel, &body).send());
        until("it is sent", async || (posts(&crm).await > 0).then_some(())).await;
        world.kill();
        assert!(visitor.await.unwrap().is_err(), "nothing is answered");
        until("the CRM has done it", async || (!crm.users().await.is_empty()).then_some(())).await;
        assert_eq!(afterwards(&mut world, funnel, &body).await, expected);
    }
}
