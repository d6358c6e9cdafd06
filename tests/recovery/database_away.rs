//! PostgreSQL is stopped and started.

use harness::{Setup, World, until};
use serde_json::json;

#[tokio::test]
async fn a_database_that_is_away_is_a_503_and_with_it_everything_goes_on() {
    let mut world = World::start(Setup::new().on_own_postgres()).await;
    let mut answered = vec![world.signup(&world.form().await).await.json_of(201)["id"].clone()];
    for round in 1..=3 {
        let (form, key) = (world.form().await, format!("key-{round}"));
        server(&mut world).stop();
        let refused = world.signup_with_key(&form, &key).await;
        refused.problem(503, "not-kept");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|wait| wait > 0));
        assert_eq!(world.get("/readyz").await.status, 503);
        assert_eq!(world.get("/healthz").await.status, 200, "it lives all the same");
        assert_eq!(world.sandbox.requests().await.len(), answered.len(), "the CRM is not called before it is kept");

        server(&mut world).restart().await;
        until("it is ready by itself", async || (world.get("/readyz").await.status == 200).then_some(())).await;
        answered.push(world.signup_with_key(&form, &key).await.json_of(201)["id"].clone());
    }
    let stored = world.signups().await;
    assert!(stored.iter().all(|signup| signup["state"] == "registered" && answered.contains(&signup["id"])), "{stored:?}");
    assert_eq!((stored.len(), world.sandbox.users().await.len()), (4, 4));
}

#[tokio::test]
async fn what_the_crm_said_meanwhile_is_written_down_when_it_is_back() {
    let mut world = World::start(Setup::new().on_own_postgres().patience(0)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 1_500 })).await;
    let accepted = world.signup(&world.form().await).await.json_of(202);
    world.sandbox.received(1).await;
    server(&mut world).stop();
    until("it cannot write", async || world.logs().contains("cannot write down").then_some(())).await;
    server(&mut world).restart().await;
    world.becomes(&accepted["id"], "registered").await;
    assert_eq!((world.sandbox.requests().await.len(), world.sandbox.users().await.len()), (1, 1));
}

fn server(world: &mut World) -> &mut harness::Postgres {
    world.store.server.as_mut().expect("a server of its own")
}
