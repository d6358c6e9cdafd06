//! A store is backed up while the proxy runs, as `docs/operating.md` says, lost, and restored.

use std::{fs, path::Path, process::Command};

use harness::{Postgres, Setup, World, send, until};
use serde_json::{Value, json};

use crate::visitor;

/// What is run on a restored store before the first start: what waited then may have been delivered since.
const RESTORED: &str = "UPDATE signups SET unsure = 1 WHERE state IN ('received', 'parked')";

#[tokio::test]
async fn sqlite_comes_back_and_nobody_is_sent_twice() {
    let saved = async |world: &World, backup: &Path| {
        world.store.change(&format!("VACUUM INTO '{}'", backup.display())).await;
    };
    let restore = async |world: &World, backup: &Path| {
        for file in world.database_files() {
            fs::remove_file(file).unwrap();
        }
        fs::copy(backup, world.folder().join("latchkey.db")).unwrap();
    };
    backed_up(visitor::setup().on_sqlite(), saved, restore).await;
}

#[tokio::test]
async fn postgresql_comes_back_and_nobody_is_sent_twice() {
    let run = |world: &World, program: &str, arguments: &[&str]| {
        let url = world.environment().into_iter().find(|(name, _)| *name == "DATABASE_URL").expect("a database").1;
        let output = Command::new(Postgres::program(program)).arg("--dbname").arg(url).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let saved = async |world: &World, backup: &Path| run(world, "pg_dump", &["--format=custom", "--file", text(backup)]);
    let restore = async |world: &World, backup: &Path| run(world, "pg_restore", &["--clean", "--if-exists", "--no-owner", text(backup)]);
    backed_up(visitor::setup().on_postgres(), saved, restore).await;
}

async fn backed_up(setup: Setup, save: impl AsyncFn(&World, &Path), restore: impl AsyncFn(&World, &Path)) {
    let mut world = visitor::start(setup.patience(500).set("delivery", "first_pause_ms", "1000")).await;
    let registered = sign_up(&world, "trading", "key-1").await;
    assert_eq!(registered["status"], "registered");
    let crm = world.sandbox.of("trading");
    crm.fault_for_good(json!({ "kind": "rate-limited", "retryAfterSeconds": 1 })).await;
    let waiting = sign_up(&world, "trading", "key-2").await;
    let backup = world.folder().join("backup");
    save(&world, &backup).await;

    // All that comes after the backup is lost with the store, but not with the CRM.
    crm.no_faults().await;
    world.becomes(&waiting["id"], "registered").await;
    world.kill();
    restore(&world, &backup).await;
    world.store.change(RESTORED).await;
    world.restart().await;
    for id in [&registered["id"], &waiting["id"]] {
        world.becomes(id, "registered").await;
    }
    assert_eq!(crm.users().await.len(), 2, "each once");
    let later = sign_up(&world, "trading", "key-3").await;
    assert_eq!(until("it goes on", async || Some(world.stored(&later["id"]).await)).await["state"], "registered");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path that is text")
}

async fn sign_up(world: &World, funnel: &str, key: &str) -> Value {
    let body = visitor::body(world, funnel).await;
    let answer = send(visitor::request(world, funnel, &body).header("idempotency-key", key)).await;
    assert!(matches!(answer.status, 201 | 202), "{}", answer.text());
    answer.json()
}
