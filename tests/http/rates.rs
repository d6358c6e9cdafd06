//! 429: how often one address may ask.

use harness::{LANDING, Setup, World, send};
use reqwest::Method;

#[tokio::test]
async fn signups_of_one_address_are_limited() {
    let world = World::start(Setup::new().limit("signups_per_minute", 3).behind_a_proxy()).await;
    let from = |ip: &'static str| {
        let world = &world;
        async move { send(world.signup_request().header("x-forwarded-for", ip).json(&world.form().await)).await }
    };
    for _ in 0..3 {
        from("203.0.113.1").await.json_of(201);
    }
    let answer = from("203.0.113.1").await;
    answer.problem(429, "too-many");
    let wait: u64 = answer.header("retry-after").parse().expect("whole seconds");
    assert!((1..=20).contains(&wait), "three a minute is one in 20 s: {wait}");
    assert_eq!(answer.header("access-control-allow-origin"), LANDING, "the page can read it");
    from("203.0.113.2").await.json_of(201);
    for _ in 0..3 {
        from("2001:db8:1:2::1").await.json_of(201);
    }
    assert_eq!(from("2001:db8:1:2:ffff::9").await.status, 429, "one subscriber's /64 is one address");
    assert_eq!(from("2001:db8:1:3::1").await.status, 201);
    assert_eq!(world.sandbox.users().await.len(), 8, "who was refused is not in the CRM");
}

#[tokio::test]
async fn visits_of_one_address_are_limited() {
    let world = World::start(Setup::new().limit("visits_per_minute", 2)).await;
    world.visit().await;
    world.visit().await;
    let answer = send(world.request(Method::POST, "/api/v1/funnels/demo/visits").header("origin", LANDING)).await;
    answer.problem(429, "too-many");
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|wait| wait > 0));
}

#[tokio::test]
async fn other_pages_do_not_use_up_an_addresss_rate() {
    let world = World::start(Setup::new().limit("signups_per_minute", 1)).await;
    let form = world.form().await;
    for _ in 0..5 {
        let request = world.request(Method::POST, "/api/v1/funnels/demo/signups").header("origin", "https://other.example");
        assert_eq!(send(request.json(&form)).await.status, 403);
    }
    world.signup(&form).await.json_of(201);
}
