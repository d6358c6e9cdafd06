//! The machine's clock is set by an hour, forward and back. Deliveries go on, and nobody is sent twice.

use std::{env, fs, path::PathBuf};

use harness::{LANDING, World, send};
use reqwest::Method;
use serde_json::json;

use crate::visitor;

/// Gives a program another clock.
fn library() -> PathBuf {
    let library = env::var_os("LATCHKEY_FAKETIME").unwrap_or_else(|| "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1".into());
    let library = PathBuf::from(library);
    assert!(library.exists(), "libfaketime is not installed, run `cargo xtask test`");
    library
}

/// A world whose proxy has a clock that is as far off as is said in a file.
async fn start(off: &str) -> World {
    let mut world = visitor::start(visitor::setup().on_sqlite().patience(500)).await;
    world.terminate();
    world.exit().await;
    let (library, file) = (library().display().to_string(), clock(&world).display().to_string());
    for (name, value) in [
        ("LD_PRELOAD", library.as_str()),
        ("FAKETIME_TIMESTAMP_FILE", &file),
        ("FAKETIME_NO_CACHE", "1"),
        // Setting a clock does not change how long something takes.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ] {
        world.proxy.tell(name, Some(value));
    }
    put(&world, off);
    world.restart().await;
    world
}

fn clock(world: &World) -> PathBuf {
    world.folder().join("clock")
}

/// Puts the proxy's clock as far off the true time.
fn put(world: &World, off: &str) {
    // Whole at once, so that nobody reads half of it.
    let new = world.folder().join("clock.new");
    fs::write(&new, off).unwrap();
    fs::rename(new, clock(world)).unwrap();
}

/// By the proxy's clock, when a visit that begins now is over.
async fn end_of_a_visit(world: &World) -> jiff::Timestamp {
    let visit = world.request(Method::POST, "/api/v1/funnels/demo/visits").header("origin", LANDING);
    send(visit).await.json_of(200)["expiresAt"].as_str().expect("a time").parse().unwrap()
}

#[tokio::test]
async fn whatever_the_clock_is_set_to_everybody_is_delivered_once() {
    for (before, after, hours) in [("+0h", "+1h", 1), ("+0h", "-1h", -1), ("+1h", "+0h", -1), ("-1h", "+0h", 1)] {
        let world = start(before).await;
        let mut ids = Vec::new();
        for crm in visitor::CRMS {
            // The first one also logs in.
            let body = visitor::body(&world, crm).await;
            let first = send(visitor::request(&world, crm, &body)).await.json();
            world.becomes(&first["id"], "registered").await;
            // The answer is lost; there was no answer; and it is sent right before.
            for fault in ["reset-after", "reset-before", "html"] {
                world.sandbox.of(crm).fault(json!({ "kind": fault })).await;
                let body = visitor::body(&world, crm).await;
                ids.push(send(visitor::request(&world, crm, &body)).await.json_of(202)["id"].clone());
            }
        }
        let end = end_of_a_visit(&world).await;
        put(&world, after);
        let set = end_of_a_visit(&world).await.duration_since(end).as_secs_f64() / 3600.0;
        assert!((set - f64::from(hours)).abs() < 0.1, "the clock was set by {set} h");
        for id in &ids {
            world.becomes(id, "registered").await;
        }
        for crm in visitor::CRMS {
            assert_eq!(world.sandbox.of(crm).users().await.len(), 4, "{crm}, {before} to {after}: each once");
        }
    }
}
