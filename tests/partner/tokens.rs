//! Embed tokens: minted with a portal's secret, checked with each call.

use harness::{World, send};
use reqwest::Method;
use serde_json::json;

use crate::stage::{ACME, ACME_SECRET, NORTH, NORTH_SECRET, asking, get, minted, portal, token, world};

#[tokio::test]
async fn a_portal_mints_with_its_secret_what_the_affiliate_may_be_shown() {
    let world = world().await;
    let mint = async |secret: &str, body| send(portal(&world, Method::POST, secret).json(&body)).await;
    let answer = mint(ACME_SECRET, json!({ "affiliate": "w-2", "scopes": ["leads"], "ttl": 60 })).await.json_of(201);
    assert_eq!(answer["scopes"], json!(["leads"]));
    assert_eq!(answer["token"].as_str().map(str::len), Some(43), "256 bits");
    let expires = answer["expiresAt"].as_str().and_then(|at| at.parse::<jiff::Timestamp>().ok()).expect("a time");
    let left = expires.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((50..=60).contains(&left), "{left}");
    let all = mint(ACME_SECRET, json!({ "affiliate": "w-2" })).await.json_of(201);
    assert_eq!(all["scopes"], json!(["figures", "leads", "buckets"]), "all of the affiliate's");
    mint("made-up-acme-secret-0002", json!({ "affiliate": "w-2" })).await.problem(401, "secret");
    send(world.request(Method::POST, "/api/v1/embed-tokens").json(&json!({ "affiliate": "w-2" }))).await.problem(401, "secret");
    mint(ACME_SECRET, json!({ "affiliate": "nobody" })).await.problem(404, "unknown-affiliate");
    mint(NORTH_SECRET, json!({ "affiliate": "w-2" })).await.problem(404, "unknown-affiliate");
    let refused = async |body| mint(ACME_SECRET, body).await.errors();
    let error = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
    assert_eq!(refused(json!({ "affiliate": "w-2", "scopes": ["leads", "personal"] })).await, error("scopes", "not_allowed"));
    assert_eq!(refused(json!({ "affiliate": "w-2", "scopes": [] })).await, error("scopes", "required"));
    for ttl in [0, 59, 86_401] {
        assert_eq!(refused(json!({ "affiliate": "w-2", "ttl": ttl })).await, error("ttl", "range"), "{ttl}");
    }
    assert_eq!(refused(json!({ "affiliate": "w-2", "scopes": ["everything"] })).await[0].1, "type");
    assert_eq!(refused(json!({ "affiliate": "w-2", "more": 1 })).await[0].1, "type");
    mint(ACME_SECRET, json!({ "affiliate": "w-2", "ttl": 86_400 })).await.json_of(201);
}

#[tokio::test]
async fn a_token_opens_what_its_scopes_say_and_from_its_portals_pages_only() {
    let world = world().await;
    let token = minted(&world, json!({ "affiliate": "w-1", "scopes": ["leads"] })).await;
    let from = async |origin: Option<&str>| {
        let request = world.request(Method::GET, "/api/v1/partner/leads").header("authorization", format!("Bearer {token}"));
        send(origin.into_iter().fold(request, |request, origin| request.header("origin", origin))).await
    };
    let answer = from(Some(ACME)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), ACME);
    from(Some(NORTH)).await.problem(403, "origin-not-allowed");
    from(Some("https://partners.acme.example.evil.example")).await.problem(403, "origin-not-allowed");
    from(Some("null")).await.problem(403, "origin-not-allowed");
    from(None).await.problem(403, "origin-not-allowed");
    assert_eq!(from(Some("https://evil.example")).await.header("access-control-allow-origin"), "");
    get(&world, "/overview", &token).await.problem(403, "scope");
    for bad in ["", &token[1..], &token.to_uppercase(), &format!("{token}A"), &"A".repeat(43), &"A".repeat(5_000)] {
        get(&world, "/leads", bad).await.problem(401, "token");
    }
    let in_query = world.request(Method::GET, &format!("/api/v1/partner/leads?token={token}")).header("origin", ACME);
    send(in_query).await.problem(401, "token");
    let preflight = world.request(Method::OPTIONS, "/api/v1/partner/leads").header("origin", ACME);
    let preflight =
        send(preflight.header("access-control-request-method", "GET").header("access-control-request-headers", "authorization")).await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (200, ACME));
    assert!(preflight.header("access-control-allow-headers").contains("authorization"));
    send(asking(&world, Method::PUT, "/leads", &token)).await.problem(405, "method-not-allowed");
}

#[tokio::test]
async fn a_token_ends_with_its_time_and_when_it_is_revoked_and_survives_a_restart() {
    let mut world = world().await;
    let works = async |world: &World, token: &str| match get(world, "/capabilities", token).await.status {
        200 => true,
        401 => false,
        status => panic!("{status}"),
    };
    let [one, two, three, other] = [token(&world, "w-1").await, token(&world, "w-1").await, token(&world, "w-2").await, {
        let body = json!({ "affiliate": "w-1" });
        let answer = send(portal(&world, Method::POST, NORTH_SECRET).json(&body)).await.json_of(201);
        answer["token"].as_str().expect("a token").to_owned()
    }];
    world.kill();
    world.restart().await;
    for token in [&one, &two, &three] {
        assert!(works(&world, token).await, "it survives a restart");
    }
    let revoke = async |world: &World, secret: &str, body| {
        send(portal(world, Method::DELETE, secret).json(&body)).await.json_of(200)["revoked"].clone()
    };
    assert_eq!(revoke(&world, NORTH_SECRET, json!({ "token": one })).await, 0, "another portal's is none of its own");
    assert!(works(&world, &one).await);
    assert_eq!(revoke(&world, ACME_SECRET, json!({ "token": one })).await, 1);
    assert_eq!((works(&world, &one).await, works(&world, &two).await), (false, true));
    assert_eq!(revoke(&world, ACME_SECRET, json!({ "affiliate": "w-1" })).await, 1);
    assert_eq!((works(&world, &two).await, works(&world, &three).await), (false, true));
    assert_eq!(revoke(&world, ACME_SECRET, json!({})).await, 1);
    assert!(!works(&world, &three).await);
    let north = world.request(Method::GET, "/api/v1/partner/capabilities").header("origin", NORTH);
    assert_eq!(send(north.header("authorization", format!("Bearer {other}"))).await.status, 200, "what another portal minted goes on");
    send(portal(&world, Method::DELETE, "wrong-secret-of-nobody").json(&json!({}))).await.problem(401, "secret");
    let last = token(&world, "w-1").await;
    world.store.change("UPDATE embed_tokens SET expires_at = 1").await;
    assert!(!works(&world, &last).await, "its time is over");
}

#[tokio::test]
async fn who_asks_too_often_waits() {
    let world =
        World::start(crate::stage::setup().set("partner", "token_per_minute", "3").set("partner", "affiliate_per_minute", "5")).await;
    let (one, two) = (token(&world, "b-1").await, token(&world, "b-1").await);
    let ask = async |token: &str| get(&world, "/capabilities", token).await;
    for _ in 0..3 {
        assert_eq!(ask(&one).await.status, 200);
    }
    let answer = ask(&one).await;
    answer.problem(429, "too-many");
    assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|wait| (1..=60).contains(&wait)), "{:?}", answer.headers);
    assert_eq!(answer.header("access-control-allow-origin"), ACME, "the page may read it");
    for _ in 0..2 {
        assert_eq!(ask(&two).await.status, 200, "another token");
    }
    ask(&two).await.problem(429, "too-many");
    let other = token(&world, "w-1").await;
    assert_eq!(ask(&other).await.status, 200, "another affiliate");
}

#[tokio::test]
async fn wrong_secrets_are_tried_a_few_times_a_minute() {
    let world = World::start(crate::stage::setup()).await;
    let wrong = async || send(portal(&world, Method::POST, "wrong-secret-of-nobody").json(&json!({ "affiliate": "w-1" }))).await;
    let mut tried = 0;
    while wrong().await.status == 401 {
        tried += 1;
    }
    assert!((20..40).contains(&tried), "{tried}");
    wrong().await.problem(429, "too-many");
    token(&world, "w-1").await;
}
