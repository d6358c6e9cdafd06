//! 503: what cannot be kept is not thanked for, and the same request works when the store is back.

use harness::{Setup, World};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

#[tokio::test]
async fn a_store_that_is_locked_is_a_503_and_nothing_is_lost() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    let mut other = SqliteConnectOptions::new().filename(world.folder().join("latchkey.db")).connect().await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let (signup, ready) = tokio::join!(world.signup_with_key(&form, "key-1"), world.get("/readyz"));
    signup.problem(503, "not-kept");
    assert!(signup.header("retry-after").parse::<u64>().is_ok_and(|wait| wait > 0));
    assert_eq!(ready.status, 503);
    assert_eq!(world.get("/healthz").await.status, 200, "it lives all the same");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    assert!(world.sandbox.requests().await.is_empty(), "the CRM is not called before it is kept");
    world.signup_with_key(&form, "key-1").await.json_of(201);
    assert_eq!(world.get("/readyz").await.status, 200);
}
