//! The webhook: what an operator is told of, and how often.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, http::StatusCode, response::IntoResponse, routing::any};
use harness::{Setup, World, until};
use serde_json::{Value, json};

/// What stands in the hook's address, and nowhere else.
const SECRET: &str = "made-up-hook-path-7d1c";

/// A hook on a real socket.
struct Hook {
    address: String,
    /// What it was sent, and when.
    messages: Arc<Mutex<Vec<(Instant, Value)>>>,
    /// How it answers the next ones; 200 after that.
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Hook {
    async fn start() -> Hook {
        let (messages, answers) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let handler = {
            let (messages, answers) = (messages.clone(), answers.clone());
            move |body: Bytes| {
                let message = serde_json::from_slice(&body).expect("the hook is sent JSON");
                messages.lock().expect("the list").push((Instant::now(), message));
                let status: u16 = answers.lock().expect("the list").pop().unwrap_or(200);
                let status = StatusCode::from_u16(status).expect("a status");
                std::future::ready((status, [("location", "/elsewhere")], "ok").into_response())
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/{SECRET}", listener.local_addr().expect("an address"));
        let router = Router::new().route(&format!("/{SECRET}"), any(handler));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Hook { address, messages, answers }
    }

    /// A proxy that tells this hook everything soon.
    fn setup(&self, every_seconds: u32) -> Setup {
        Setup::new()
            .set("connections.wi", "settle_ms", "0")
            .set("alerts", "webhook", &format!("{:?}", self.address))
            .set("alerts", "allow_insecure", "true")
            .set("alerts", "allow_private", "true")
            .set("alerts", "after_seconds", "1")
            .set("alerts", "every_seconds", &every_seconds.to_string())
    }

    fn messages(&self) -> Vec<Value> {
        self.messages.lock().expect("the list").iter().map(|(_, message)| message.clone()).collect()
    }

    /// Waits for so many messages; there are no more.
    async fn receives(&self, count: usize) -> Vec<Value> {
        let messages = until(&format!("the hook receives {count} messages"), async || {
            Some(self.messages()).filter(|messages| messages.len() >= count)
        })
        .await;
        assert_eq!(messages.len(), count, "{messages:#?}");
        messages
    }

    /// Between the last message and the one before.
    fn last_pause(&self) -> Duration {
        let messages = self.messages.lock().expect("the list");
        let [.., (before, _), (last, _)] = &messages[..] else { panic!("fewer than two messages") };
        *last - *before
    }
}

/// Somebody whose signup is parked because the CRM answers so. It is by the time that they are thanked.
async fn parked(world: &World, status: u16) {
    world.sandbox.fault(json!({ "kind": "status", "status": status })).await;
    world.signup(&world.form().await).await.json_of(202);
}

#[tokio::test]
async fn what_is_parked_is_told_once_and_more_of_it_later() {
    let hook = Hook::start().await;
    let mut world = World::start(hook.setup(8)).await;
    // A bot's is no news, and neither is what is registered.
    let mut form = world.form().await;
    form["fields"]["website"] = json!("filled in");
    world.signup(&form).await.json_of(202);
    world.signup(&world.form().await).await.json_of(201);
    parked(&world, 500).await;
    let first = hook.receives(1).await.remove(0);
    let text = "Latchkey: 1 signup is parked for the connection \"wi\": 1 outcome-unknown. \
                A person must look: latchkey signups list --state parked --connection wi";
    let expected = json!({ "event": "parked", "connection": "wi", "count": 1, "reasons": { "outcome-unknown": 1 }, "text": text });
    assert_eq!(first, expected);

    for status in [500, 401, 401] {
        parked(&world, status).await;
    }
    let second = hook.receives(2).await.remove(1);
    assert_eq!((&second["count"], &second["reasons"]), (&json!(3), &json!({ "misconfigured": 2, "outcome-unknown": 1 })));
    assert!(hook.last_pause() >= Duration::from_secs(7), "no sooner than every_seconds: {:?}", hook.last_pause());

    // An operator's own look-up, and a restart, are no news; what is parked once more is.
    assert_eq!(world.latchkey(&["signups", "reconcile", "--reason", "outcome-unknown"]).await.code, Some(0));
    world.terminate();
    assert!(world.exit().await.success());
    assert!(!world.logs().contains(SECRET) && world.logs().contains("the operator is told"), "{}", world.logs());
    world.restart().await;
    parked(&world, 401).await;
    let third = hook.receives(3).await.remove(2);
    assert_eq!((&third["count"], &third["reasons"]), (&json!(1), &json!({ "misconfigured": 1 })));
    assert_eq!(world.latchkey(&["signups", "retry", "--reason", "outcome-unknown"]).await.stdout, "2 to be delivered again\n");
    let mut told = 0;
    until("both are told of again", async || {
        told = hook.messages().iter().skip(3).map(|message| message["count"].as_i64().unwrap()).sum();
        (told >= 2).then_some(())
    })
    .await;
    assert_eq!(told, 2, "{:#?}", hook.messages());
}

#[tokio::test]
async fn a_hook_that_fails_is_tried_again_and_holds_nothing_up() {
    let hook = Hook::start().await;
    hook.answers.lock().unwrap().extend([302]);
    let world = World::start(hook.setup(60)).await;
    parked(&world, 500).await;
    hook.receives(1).await;
    world.signup(&world.form().await).await.json_of(201);
    let messages = hook.receives(2).await;
    assert_eq!(messages[0], messages[1], "the same once more, and no redirect followed");
    assert!(world.logs().contains("it answers 302") && !world.logs().contains(SECRET), "{}", world.logs());
}

#[tokio::test]
async fn a_crm_that_stays_down_is_told_of_and_when_it_is_up_again() {
    let hook = Hook::start().await;
    let world = World::start(hook.setup(900).patience(0).set("delivery", "breaker_longest_pause_ms", "1000")).await;
    world.sandbox.fault_for_good(json!({ "kind": "rate-limited", "retryAfterSeconds": 1 })).await;
    let accepted = world.signup(&world.form().await).await.json_of(202);
    let down = hook.receives(1).await.remove(0);
    let text = "Latchkey: the CRM of the connection \"wi\" takes no signups. They are kept; 1 waits.";
    assert_eq!(down, json!({ "event": "connection-down", "connection": "wi", "count": 1, "reasons": {}, "text": text }));
    world.sandbox.no_faults().await;
    world.becomes(&accepted["id"], "registered").await;
    let up = hook.receives(2).await.remove(1);
    assert_eq!((&up["event"], &up["connection"], &up["count"]), (&json!("connection-up"), &json!("wi"), &json!(0)));
}

#[tokio::test]
async fn of_two_proxies_on_one_database_one_tells() {
    let hook = Hook::start().await;
    let world = World::start(hook.setup(5).on_postgres()).await;
    let _other = world.another_proxy().await;
    parked(&world, 500).await;
    hook.receives(1).await;
    parked(&world, 500).await;
    parked(&world, 401).await;
    let messages = hook.receives(2).await;
    let counts: Vec<_> = messages.iter().map(|message| message["count"].as_i64().unwrap()).collect();
    assert_eq!(counts, [1, 2], "each is told once");
    assert!(hook.last_pause() >= Duration::from_secs(4), "{:?}", hook.last_pause());
}
