//! `latchkey check`: ready, denied, unreachable, by calls that change nothing.

use harness::{Program, SECRETS, World, free_port};
use serde_json::json;

use super::{crm, setup, wire, world};

#[tokio::test]
async fn every_credential_is_tried() {
    let affiliate = "[[affiliates]]\nid = \"acme\"\nconnection = \"trading\"\ncrm_id = \"x\"\ncredential = { api_key = \"env:IMPACT_KEY\" }\n[[affiliates]]\nid = \"bare\"\nconnection = \"trading\"\ncrm_id = \"y\"";
    let world = World::start(setup().more(affiliate)).await;
    let denied = world.latchkey(&["check"]).await;
    assert_eq!(denied.code, Some(1));
    for line in [
        "ok: connection trading: countries: the CRM answers and accepts it",
        "ok: connection trading: api_key: the CRM answers and accepts it",
        "ok: connection trading: login: the CRM answers and accepts it",
        "error: connection trading: api_key of the affiliate acme is not accepted",
        "warning: connection trading: credential of the affiliate bare: not tried",
    ] {
        assert!(denied.stdout.contains(line), "{line}\n{}", denied.stdout);
    }
    let affiliate = json!({ "id": "acme", "apiKey": "sandbox-impact-key", "username": "acme", "password": "p" });
    crm(&world).seed(json!({ "affiliates": [affiliate] })).await;
    let good = world.latchkey(&["check"]).await;
    assert_eq!(good.code, Some(0), "{} {}", good.stdout, good.stderr);
    let calls: std::collections::BTreeSet<_> =
        crm(&world).requests().await.iter().map(|request| wire(request)["call"].as_str().unwrap().to_owned()).collect();
    assert_eq!(calls.into_iter().collect::<Vec<_>>(), ["GET /affiliates/customers/count", "GET /countries", "POST /sessions"]);
    assert!(crm(&world).users().await.is_empty());
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    let world = world().await;
    let with = |name: &'static str| {
        let changed = |(known, value): (&'static str, &'static str)| (known, if known == name { "made-up-and-wrong" } else { value });
        SECRETS.map(changed)
    };
    for (name, key) in [("TRADING_KEY", "api_key"), ("TRADING_PASSWORD", "login")] {
        let ended = Program::run("latchkey", world.folder(), &["check"], &with(name)).await;
        assert_eq!(ended.code, Some(1));
        assert!(ended.stdout.contains(&format!("error: connection trading: {key} is not accepted")), "{}", ended.stdout);
        assert!(!(ended.stdout + &ended.stderr).contains("made-up-and-wrong"));
    }
    crm(&world).fault(json!({ "kind": "html" })).await;
    let odd = world.latchkey(&["check"]).await;
    assert!(odd.code == Some(1) && odd.stdout.contains("error: connection trading: countries: "), "{}", odd.stdout);
    let config = std::fs::read_to_string(world.folder().join("latchkey.toml")).unwrap();
    let nobody = format!("http://127.0.0.1:{}", free_port());
    std::fs::write(world.folder().join("nobody.toml"), config.replace(&crm(&world).base_url(), &nobody)).unwrap();
    let unreachable = world.latchkey(&["check", "--config", "nobody.toml"]).await;
    assert_eq!(unreachable.code, Some(1));
    assert!(unreachable.stdout.contains(&format!("error: connection trading: api_key: {nobody}")), "{}", unreachable.stdout);
}
