//! What operators and their machines ask: liveness, readiness, metrics on a listener of their own.

use std::collections::BTreeSet;

use harness::{Setup, World, send, until};
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

/// A figure of the metrics.
async fn figure(world: &World, series: &str) -> f64 {
    let metrics = world.metrics().await;
    let line = metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {series} in\n{metrics}")).parse().expect("a number")
}

/// Waits until a figure is so.
async fn becomes(world: &World, series: &str, is_so: impl Fn(f64) -> bool) {
    until(series, async || is_so(figure(world, series).await).then_some(())).await;
}

#[tokio::test]
async fn metrics_tell_what_waits_and_which_crm_is_left_alone() {
    let (queue, oldest) = ("latchkey_queue_signups{connection=\"wi\"}", "latchkey_queue_oldest_seconds{connection=\"wi\"}");
    let breaker = "latchkey_breaker{connection=\"wi\"}";
    let world = World::start(Setup::new().patience(0).set("delivery", "breaker_longest_pause_ms", "1000")).await;
    for series in [queue, oldest, breaker] {
        assert_eq!(figure(&world, series).await, 0.0, "{series}: nothing is told as well");
    }
    world.sandbox.fault_for_good(json!({ "kind": "rate-limited", "retryAfterSeconds": 1 })).await;
    let accepted = world.signup(&world.form().await).await.json_of(202);
    becomes(&world, breaker, |standing| standing == 2.0).await;
    assert_eq!(figure(&world, queue).await, 1.0);
    becomes(&world, oldest, |seconds| seconds > 1.0).await;
    assert_eq!(figure(&world, "latchkey_queue_signups{connection=\"(not configured)\"}").await, 0.0);
    world.sandbox.no_faults().await;
    world.becomes(&accepted["id"], "registered").await;
    for series in [queue, oldest, breaker] {
        assert_eq!(figure(&world, series).await, 0.0, "{series}: all is well again");
    }
}

#[tokio::test]
async fn metrics_tell_what_is_parked_and_why() {
    let world = World::start(Setup::new()).await;
    let parked = |connection: &str, reason: &str| format!("latchkey_parked_signups{{connection=\"{connection}\",reason=\"{reason}\"}}");
    assert_eq!(figure(&world, &parked("wi", "misconfigured")).await, 0.0);
    world.sandbox.fault(json!({ "kind": "status", "status": 401 })).await;
    let id = world.signup(&world.form().await).await.json_of(202)["id"].clone();
    let mut form = world.form().await;
    form["fields"]["website"] = json!("filled in");
    world.signup(&form).await.json_of(202);
    for (reason, count) in [
        ("misconfigured", 1.0),
        ("honeypot", 1.0),
        ("too-fast", 0.0),
        ("outcome-unknown", 0.0),
        ("interrupted", 0.0),
        ("crm-unreachable", 0.0),
        ("no-proof", 0.0),
        ("captcha-unavailable", 0.0),
    ] {
        assert_eq!(figure(&world, &parked("wi", reason)).await, count, "{reason}");
    }
    assert_eq!(world.latchkey(&["signups", "retry", "--all"]).await.code, Some(0));
    world.becomes(&id, "registered").await;
    assert_eq!(figure(&world, &parked("wi", "misconfigured")).await, 0.0, "it is dealt with");
    // What was for a connection that is no more does not vanish with it.
    world.store.change("UPDATE signups SET connection = 'gone' WHERE state = 'parked'").await;
    assert_eq!(figure(&world, &parked("wi", "honeypot")).await, 0.0);
    assert_eq!(figure(&world, &parked("(not configured)", "honeypot")).await, 1.0);
    // A newer version may know more reasons.
    world.store.change("UPDATE signups SET reason = 'made-up' WHERE state = 'parked'").await;
    assert_eq!(figure(&world, &parked("(not configured)", "made-up")).await, 1.0);
}

#[tokio::test]
async fn metrics_tell_whether_signups_can_be_kept() {
    let world = World::start(Setup::new().on_sqlite()).await;
    assert_eq!(figure(&world, "latchkey_ready").await, 1.0);
    let lock = world.store.lock().await;
    assert_eq!(figure(&world, "latchkey_ready").await, 0.0);
    lock.release().await;
    assert_eq!(figure(&world, "latchkey_ready").await, 1.0);
}

#[tokio::test]
async fn every_metric_that_an_alert_rule_names_is_there_and_explained() {
    let world = World::start(Setup::new()).await;
    world.signup(&world.form().await).await.json_of(201);
    let metrics = world.metrics().await;
    let names = |text: &str| -> BTreeSet<String> {
        let words = text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
        words.filter(|word| word.starts_with("latchkey_")).map(str::to_owned).collect()
    };
    let there: BTreeSet<String> =
        metrics.lines().filter(|line| !line.starts_with('#')).flat_map(|line| names(line).into_iter().next()).collect();
    let rules = include_str!("../../docs/prometheus-rules.yml");
    assert!(names(rules).len() >= 5, "{:?}", names(rules));
    for name in names(rules) {
        assert!(there.contains(&name), "the rules name {name}, which is not in\n{metrics}");
    }
    let page = include_str!("../../docs/operating.md");
    for name in there.iter().map(|name| name.trim_end_matches("_sum").trim_end_matches("_count")) {
        assert!(metrics.contains(&format!("# HELP {name} ")), "nobody says what {name} means");
        assert!(page.contains(&format!("`{name}`")), "docs/operating.md does not have {name}");
    }
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
