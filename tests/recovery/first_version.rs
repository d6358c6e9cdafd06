//! A database of the first version is brought up to date, and what that version left is delivered.

use harness::{Setup, World};
use serde_json::Value;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

/// Made by that version, see there.
const DATABASE: &str = include_str!("first_version.sql");

const REGISTERED: &str = "01a1fed7-83ff-71f7-b070-a0ca2669235f";
const REJECTED: &str = "01a1fed7-8407-7557-bbac-862be8540b9b";
const UNKNOWN: &str = "01a1fed7-840e-76f5-8c71-455283328428";
const HONEYPOT: &str = "01a1fed7-8416-7764-b988-87ad283efc75";
/// In the middle of an attempt, in a CRM that can be asked whether it arrived, and in one that cannot.
const ASKABLE: &str = "01a1fed7-841e-71fb-9d3f-94a9d8ab5c4d";
const UNASKABLE: &str = "01a1fed7-86df-77bb-bc74-95010f2e0c3a";
const RECEIVED: &str = "01a1fed7-89a2-750e-8838-ef6afb84add4";

#[tokio::test]
async fn what_the_first_version_left_is_delivered() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("latchkey.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(DATABASE).execute(&mut database).await.unwrap();
    // It was stopped a moment ago.
    let now = "CAST(strftime('%s', 'now') AS INTEGER) * 1000";
    let latest = "(SELECT MAX(changed_at) FROM signups)";
    let age = format!("UPDATE signups SET received_at = received_at - {latest} + {now}, changed_at = changed_at - {latest} + {now}");
    sqlx::query(sqlx::AssertSqlSafe(age)).execute(&mut database).await.unwrap();
    database.close().await.unwrap();

    let setup = Setup::new()
        .on_sqlite()
        .connect("trading")
        .funnel("trading", include_str!("../chaos/funnels/trading.toml"))
        .set("connections.trading", "settle_ms", "0")
        .set("connections.wi", "settle_ms", "0")
        .set("store", "url", &format!("\"sqlite://{}\"", file.display()));
    let world = World::start(setup).await;
    for id in [RECEIVED, ASKABLE] {
        world.becomes(&Value::from(id), "registered").await;
    }
    let interrupted = world.becomes(&Value::from(UNASKABLE), "parked").await;
    assert!(interrupted["reason"].is_string(), "{interrupted}");
    for (id, state, reason) in [
        (REGISTERED, "registered", Value::Null),
        (REJECTED, "rejected", "known-email".into()),
        (UNKNOWN, "parked", "outcome-unknown".into()),
        (HONEYPOT, "parked", "honeypot".into()),
    ] {
        let stored = world.stored(&Value::from(id)).await;
        assert_eq!((&stored["state"], &stored["reason"]), (&Value::from(state), &reason), "{id}");
    }
    assert_eq!(world.signups().await.len(), 7);
    let emails = |users: Vec<Value>| -> Vec<String> { users.iter().map(|user| user["email"].to_string()).collect() };
    assert_eq!(emails(world.sandbox.users().await).len(), 1, "only the one that was never sent");
    assert_eq!(emails(world.sandbox.of("trading").users().await), ["\"jane.doe.t@mail.example\""], "the CRM did not have them: sent again");
    let shown = world.latchkey(&["signups", "show", RECEIVED, "--personal"]).await;
    assert!(shown.stdout.contains("@mail.example"), "the old seal opens: {} {}", shown.stdout, shown.stderr);
}
