//! Origins: who may send a funnel, and what browsers are told beforehand.

use harness::{LANDING, Setup, World, send};
use reqwest::Method;

#[tokio::test]
async fn only_the_funnels_origins_may_send_it() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    let lookalikes = [
        "https://other.example",
        "https://landing.example.evil.example",
        "https://landing.exampl",
        "https://landing.example:8443",
        "http://landing.example",
        "https://sub.landing.example",
        "https://LANDING.example",
        "https://landing.example/",
        "null",
        "",
        "*",
        "https://landing.example, https://landing.example",
    ];
    let visit = serde_json::json!({ "formToken": form["formToken"] });
    for (path, body) in [("/api/v1/funnels/demo/signups", form), ("/api/v1/funnels/demo/visits", visit)] {
        for origin in lookalikes {
            let answer = send(world.request(Method::POST, path).header("origin", origin).json(&body)).await;
            answer.problem(403, "origin-not-allowed");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        }
        send(world.request(Method::POST, path).json(&body)).await.problem(403, "origin-not-allowed");
    }
    assert!(world.signups().await.is_empty() && world.sandbox.requests().await.is_empty());
    let own = send(world.request(Method::POST, "/api/v1/funnels/demo/visits").header("origin", &world.address)).await;
    assert_eq!(own.status, 200, "the proxy's own origin is one: {}", own.text());
}

#[tokio::test]
async fn an_answer_is_readable_for_the_page_that_asked() {
    let world = World::start(Setup::new()).await;
    let good = world.signup(&world.form().await).await;
    let mut form = world.form().await;
    form["fields"]["email"] = serde_json::json!("wrong");
    let bad = world.signup(&form).await;
    for (answer, status) in [(good, 201), (bad, 422)] {
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), LANDING);
        assert!(answer.header("vary").contains("origin"), "{}", answer.header("vary"));
        assert!(answer.header("access-control-expose-headers").contains("retry-after"));
        assert_eq!(answer.header("access-control-allow-credentials"), "", "there are no cookies");
    }
}

#[tokio::test]
async fn a_preflight_is_answered_for_the_funnels_origins() {
    let world = World::start(Setup::new()).await;
    let ask = |path: &'static str, origin: &'static str, method: &'static str| {
        let request = world.request(Method::OPTIONS, path).header("origin", origin).header("access-control-request-method", method);
        send(request.header("access-control-request-headers", "content-type,idempotency-key"))
    };
    for (path, method) in
        [("/api/v1/funnels/demo/signups", "POST"), ("/api/v1/funnels/demo/visits", "POST"), ("/api/v1/funnels/demo", "GET")]
    {
        let answer = ask(path, LANDING, method).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), LANDING);
        assert!(answer.header("access-control-allow-methods").contains(method));
        let headers = answer.header("access-control-allow-headers");
        assert!(["content-type", "idempotency-key", "latchkey-signup-key"].iter().all(|name| headers.contains(name)), "{headers}");
        for origin in ["https://other.example", "https://landing.example.evil.example", "null"] {
            assert_eq!(ask(path, origin, method).await.header("access-control-allow-origin"), "", "{path} {origin}");
        }
    }
    let status = ask("/api/v1/signups/01997f3a-0000-7000-8000-000000000000", LANDING, "GET").await;
    assert_eq!(status.header("access-control-allow-origin"), LANDING, "any funnel's page may ask for a status");
}

#[tokio::test]
async fn one_funnels_origins_are_not_anothers() {
    let setup = Setup::new().another_funnel("other").origin("https://second.example");
    let world = World::start(setup).await;
    for (funnel, status) in [("demo", 200), ("other", 403)] {
        let request = world.request(Method::POST, &format!("/api/v1/funnels/{funnel}/visits")).header("origin", "https://second.example");
        assert_eq!(send(request).await.status, status, "{funnel}");
    }
}

#[tokio::test]
async fn an_unknown_funnel_is_a_404() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    for funnel in ["none", "DEMO", "demo%20", "..", "latchkey"] {
        let request = world.request(Method::POST, &format!("/api/v1/funnels/{funnel}/signups")).header("origin", LANDING).json(&form);
        assert_eq!(send(request).await.status, 404, "{funnel}");
    }
    world.get("/api/v1/funnels/none").await.problem(404, "unknown-funnel");
    send(world.request(Method::POST, "/api/v1/funnels/none/visits").header("origin", LANDING)).await.problem(404, "unknown-funnel");
    world.get("/api/v1/nothing").await.problem(404, "not-found");
    send(world.request(Method::PUT, "/api/v1/funnels/demo/signups").header("origin", LANDING)).await.problem(405, "method-not-allowed");
    let broken = world.get("/api/v1/funnels/%ff").await;
    assert_eq!((broken.status, broken.header("content-type")), (404, "application/problem+json"), "{}", broken.text());
}
