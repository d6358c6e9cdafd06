//! `latchkey keys rotate`: another key, while the proxy runs.

use std::fs;

use harness::{Setup, World, send};
use serde_json::json;

use crate::people::{email, misconfigured, sign_up, signups, text};

/// Replaces the keys, and starts the proxy again.
async fn configure(world: &mut World, keys: &str) {
    let path = world.folder().join("latchkey.toml");
    let config = fs::read_to_string(&path).expect("the configuration");
    let lines: Vec<_> = config.lines().map(|line| if line.starts_with("keys = ") { keys } else { line }).collect();
    assert_ne!(lines.join("\n"), config.trim_end(), "nothing was replaced");
    fs::write(path, lines.join("\n")).expect("written");
    world.terminate();
    assert!(world.exit().await.success());
    world.restart().await;
}

#[tokio::test]
async fn an_old_key_can_be_taken_out_when_everything_is_sealed_anew() {
    let mut world = World::start(Setup::new()).await;
    let form = world.form().await;
    let registered = world.signup_with_key(&form, "key-1").await.json_of(201);
    let parked = misconfigured(&world, "demo").await;
    fs::write(world.folder().join("new-key"), "another-made-up-store-key-0123456789\n").unwrap();

    configure(&mut world, r#"keys = ["file:new-key", "env:LATCHKEY_KEY"]"#).await;
    let ticket = registered["next"]["url"].as_str().unwrap();
    assert_eq!(send(world.client.get(ticket)).await.status, 303, "the ticket that the old key signed");
    let again = world.signup_with_key(&form, "key-1").await.json_of(201);
    assert_eq!(again["id"], registered["id"], "the old key still tells who asks again");
    let ticket = again["next"]["url"].as_str().unwrap();
    let rotated = world.latchkey(&["keys", "rotate"]).await;
    assert_eq!((rotated.code, rotated.stdout.as_str()), (Some(0), "2 of 2 signups sealed anew\n"), "{}", rotated.stderr);
    let again = world.latchkey(&["keys", "rotate"]).await;
    assert_eq!(again.stdout, "0 of 2 signups sealed anew\n");
    assert_eq!(send(world.client.get(ticket)).await.status, 303, "under the proxy that runs, its link was sealed anew");

    configure(&mut world, r#"keys = ["file:new-key"]"#).await;
    assert_eq!(send(world.client.get(ticket)).await.status, 303, "the ticket that the new key signed");
    let address = email(&world, &parked).await;
    assert_eq!(signups(&world, &["retry", text(&parked)]).await.code, Some(0));
    world.becomes(&parked, "registered").await;
    let purged = signups(&world, &["purge", "--email", &address]).await;
    let receipt: serde_json::Value = serde_json::from_str(&purged.stdout).unwrap();
    assert_eq!(receipt["forgotten"], json!([parked]), "it is found under the new key");
    sign_up(&world, "demo", |_| {}).await.json_of(201);
}

#[tokio::test]
async fn without_the_key_that_sealed_it_nothing_is_lost() {
    let mut world = World::start(Setup::new()).await;
    let id = misconfigured(&world, "demo").await;
    fs::write(world.folder().join("new-key"), "another-made-up-store-key-0123456789\n").unwrap();
    configure(&mut world, r#"keys = ["file:new-key"]"#).await;
    let shown = signups(&world, &["show", text(&id), "--personal"]).await;
    assert!(shown.code == Some(1) && shown.stderr.contains("does not open with any of the configured keys"), "{}", shown.stderr);
    let rotated = world.latchkey(&["keys", "rotate"]).await;
    assert!(
        rotated.code == Some(1) && rotated.stderr.contains(&format!("{}: no key of store.keys opens it", text(&id))),
        "{}",
        rotated.stderr
    );
    configure(&mut world, r#"keys = ["env:LATCHKEY_KEY"]"#).await;
    assert!(email(&world, &id).await.contains('@'));
}
