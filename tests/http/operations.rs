//! What operators and their machines ask: liveness, readiness, metrics on a listener of their own.

use harness::{Setup, World, send};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn it_is_alive_and_ready() {
    let world = World::start(Setup::new()).await;
    for (path, status) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let answer = world.get(path).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "status": status })), "{path}");
    }
}

#[tokio::test]
async fn metrics_count_what_happens_and_are_not_public() {
    let world = World::start(Setup::new()).await;
    world.signup(&world.form().await).await.json_of(201);
    world.sandbox.fault(json!({ "kind": "status", "status": 500 })).await;
    world.signup(&world.form().await).await.json_of(202);
    let form = world.form().await;
    send(world.request(Method::POST, "/api/v1/funnels/demo/signups").header("origin", "https://other.example").json(&form)).await;
    let metrics = world.metrics().await;
    for line in [
        "latchkey_signups_received_total{funnel=\"demo\"} 2",
        "latchkey_signups_total{funnel=\"demo\",state=\"registered\"} 1",
        "latchkey_signups_total{funnel=\"demo\",state=\"parked\"} 1",
        "latchkey_attempts_total{connection=\"wi\",outcome=\"sent\"} 1",
        "latchkey_attempts_total{connection=\"wi\",outcome=\"unknown\"} 1",
        "latchkey_signups_stored{state=\"registered\"} 1",
        "latchkey_http_requests_total{route=\"/api/v1/funnels/{funnel}/signups\",status=\"201\"} 1",
        "latchkey_http_requests_total{route=\"/api/v1/funnels/{funnel}/signups\",status=\"403\"} 1",
        "latchkey_attempt_seconds",
        "latchkey_http_request_seconds",
    ] {
        assert!(metrics.contains(line), "no {line} in\n{metrics}");
    }
    let email = form["fields"]["email"].as_str().unwrap();
    assert!(!metrics.contains(email) && !metrics.contains("mail.example"));
    world.get("/metrics").await.problem(404, "not-found");
}

#[tokio::test]
async fn without_a_listener_for_them_there_are_no_metrics() {
    let world = World::start(Setup::new()).await;
    let config = std::fs::read_to_string(world.folder().join("latchkey.toml")).unwrap();
    let mut lines: Vec<_> = config.lines().filter(|line| !line.starts_with("metrics_listen")).collect();
    assert!(lines.len() < config.lines().count());
    lines.push("");
    std::fs::write(world.folder().join("latchkey.toml"), lines.join("\n")).unwrap();
    let mut world = world;
    world.terminate();
    assert!(world.exit().await.success());
    world.restart().await;
    world.get("/metrics").await.problem(404, "not-found");
    world.signup(&world.form().await).await.json_of(201);
}
