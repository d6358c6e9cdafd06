//! How many calls a connection bears: at once, and in a second.

use harness::{Setup, World};
use serde_json::json;

use crate::words::join;

/// When each of five signups that were sent together reached the CRM, in milliseconds since the first.
async fn arrivals(world: &World) -> Vec<i64> {
    let mut forms = Vec::new();
    for _ in 0..5 {
        forms.push(world.form().await);
    }
    let answers = join(forms.iter().map(|form| world.signup(form))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    let requests = world.sandbox.requests().await;
    let times: Vec<i64> = requests
        .iter()
        .map(|request| request["receivedAt"].as_str().expect("a time").parse::<jiff::Timestamp>().expect("a time").as_millisecond())
        .collect();
    times.iter().map(|time| time - times[0]).collect()
}

#[tokio::test]
async fn a_crm_that_takes_two_calls_a_second_is_called_no_oftener() {
    let world = World::start(Setup::new().set("connections.wi", "per_second", "2").patience(10_000)).await;
    let times = arrivals(&world).await;
    for pair in times.windows(2) {
        assert!(pair[1] - pair[0] >= 400, "half a second lies between two calls: {times:?}");
    }
}

#[tokio::test]
async fn a_crm_that_takes_one_call_at_once_is_called_one_after_the_other() {
    let world = World::start(Setup::new().set("connections.wi", "at_once", "1").patience(10_000)).await;
    for _ in 0..5 {
        world.sandbox.fault(json!({ "kind": "delay", "ms": 300 })).await;
    }
    let times = arrivals(&world).await;
    for pair in times.windows(2) {
        assert!(pair[1] - pair[0] >= 290, "the one before is answered first: {times:?}");
    }
}
