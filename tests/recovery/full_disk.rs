//! SQLite's file on a disk that is full.

use harness::{Setup, World, until};
use serde_json::json;

use crate::small_disk::SmallDisk;

/// More than fit into what the log has left.
const MANY: u32 = 3_000;

#[tokio::test]
async fn a_full_disk_is_a_503_and_with_space_everything_goes_on() {
    let Some(disk) = SmallDisk::inside("full_disk::a_full_disk_is_a_503_and_with_space_everything_goes_on") else { return };
    let world = World::start(Setup::new().on_sqlite().set("store", "url", &disk.url())).await;
    let mut answered = vec![world.signup(&world.form().await).await.json_of(201)["id"].clone()];
    disk.fill();
    let mut refused = None;
    for number in 0..MANY {
        let (form, key) = (world.form().await, format!("key-{number}"));
        let answer = world.signup_with_key(&form, &key).await;
        match answer.status {
            201 | 202 => answered.push(answer.json()["id"].clone()),
            _ => {
                refused = Some((form, key, answer));
                break;
            }
        }
    }
    let (form, key, answer) = refused.expect("the disk is full at some time");
    answer.problem(503, "not-kept");
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|wait| wait > 0));
    until("it says that it is not ready", async || (world.get("/readyz").await.status == 503).then_some(())).await;
    assert_eq!(world.get("/healthz").await.status, 200, "it lives all the same");
    world.signup_with_key(&form, &key).await.problem(503, "not-kept");

    disk.free();
    until("it is ready by itself", async || (world.get("/readyz").await.status == 200).then_some(())).await;
    answered.push(world.signup_with_key(&form, &key).await.json_of(201)["id"].clone());
    let stored = until("all are registered", async || {
        let stored = world.signups().await;
        stored.iter().all(|signup| signup["state"] == "registered").then_some(stored)
    })
    .await;
    for id in &answered {
        assert!(stored.iter().any(|signup| signup["id"] == *id), "{id} was answered and is lost");
    }
    assert_eq!((stored.len(), world.sandbox.users().await.len()), (answered.len(), answered.len()), "each of them once");
}

/// The CRM has registered somebody, and the disk is full when that is to be written down.
#[tokio::test]
async fn what_the_crm_said_is_written_down_when_there_is_space() {
    let Some(disk) = SmallDisk::inside("full_disk::what_the_crm_said_is_written_down_when_there_is_space") else { return };
    let world = World::start(Setup::new().on_sqlite().patience(0).set("store", "url", &disk.url())).await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        world.sandbox.fault(json!({ "kind": "delay", "ms": 2_500 })).await;
        ids.push(world.signup(&world.form().await).await.json_of(202)["id"].clone());
    }
    world.sandbox.received(20).await;
    disk.fill();
    until("it cannot write", async || world.logs().contains("cannot write down").then_some(())).await;
    disk.free();
    for id in &ids {
        world.becomes(id, "registered").await;
    }
    assert_eq!(world.sandbox.users().await.len(), 20, "nobody was sent again");
}
