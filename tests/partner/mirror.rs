//! The mirror: filled once, kept fresh by what the CRM says has changed, shown with its age where the CRM is down.

use harness::World;
use serde_json::{Value, json};

use crate::stage::{column, fresh, get, open, setup, token, world};

async fn customer(world: &World, id: &str, more: Value) {
    let mut customer = json!({ "affiliate": "t-1", "id": id, "email": format!("{id}@mail.example"), "createdAt": "2026-03-01T12:00:00Z" });
    customer.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    world.sandbox.of("trading").seed(json!({ "customers": [customer] })).await;
}

#[tokio::test]
async fn what_changes_in_the_crm_changes_in_the_mirror() {
    let world = world().await;
    customer(&world, "one", json!({ "status": "new" })).await;
    customer(&world, "two", json!({ "status": "new" })).await;
    let token = token(&world, "t-1").await;
    assert_eq!(column(&fresh(&world, "/leads?sort=id", &token).await, "status"), ["new", "new"]);
    customer(&world, "two", json!({ "status": "active", "hasFTD": true })).await;
    customer(&world, "three", json!({ "status": "new" })).await;
    let page = fresh(&world, "/leads?sort=id", &token).await;
    assert_eq!(
        (column(&page, "id"), column(&page, "status")),
        (vec!["one".to_owned(), "three".to_owned(), "two".to_owned()], vec!["new".to_owned(), "new".to_owned(), "active".to_owned()])
    );
}

#[tokio::test]
async fn of_many_records_only_those_that_changed_are_read_again() {
    let world = World::start(setup()).await;
    open(&world).await;
    let customer = |index: u32| {
        json!({ "affiliate": "t-1", "id": format!("c-{index}"), "email": format!("c{index}@mail.example"), "createdAt": "2026-03-01T12:00:00Z",
                "updatedAt": "2026-03-01T12:00:00Z" })
    };
    let crm = world.sandbox.of("trading");
    crm.seed(json!({ "customers": (0..2_101).map(customer).collect::<Vec<_>>() })).await;
    let token = token(&world, "t-1").await;
    assert_eq!(fresh(&world, "/leads?limit=1", &token).await["total"], 2_101);
    let asked = async |since: usize| {
        let requests = crm.requests().await;
        requests[since..]
            .iter()
            .filter(|request| request["path"] == "/affiliates/customers")
            .map(|request| request["query"].as_str().unwrap_or_default().contains("updatedSince"))
            .collect::<Vec<_>>()
    };
    let before = crm.requests().await.len();
    let mut changed = customer(7);
    changed["status"] = json!("active");
    changed["updatedAt"] = json!(jiff::Timestamp::now());
    crm.seed(json!({ "customers": [changed] })).await;
    assert_eq!(fresh(&world, "/leads?status=active", &token).await["total"], 1);
    let asked = asked(before).await;
    assert!(!asked.is_empty() && asked.iter().all(|since| *since), "{asked:?}");
    assert_eq!(get(&world, "/leads?limit=1", &token).await.json_of(200)["total"], 2_101);
}

#[tokio::test]
async fn while_the_crm_is_down_the_last_figures_are_shown_with_their_age() {
    let world = world().await;
    customer(&world, "one", json!({})).await;
    let (one, other) = (token(&world, "t-1").await, token(&world, "t-2").await);
    let before = fresh(&world, "/leads", &one).await;
    assert_eq!(before["age"]["stale"], false);
    let wallet = get(&world, "/wallet", &one).await.json_of(200);
    assert_eq!(wallet["age"]["stale"], false);
    world.sandbox.of("trading").fault_for_good(json!({ "kind": "status", "status": 503 })).await;
    let page = harness::until("the age is told", async || {
        let page = get(&world, "/leads", &one).await.json_of(200);
        (page["age"]["stale"] == true).then_some(page)
    })
    .await;
    assert_eq!((&page["rows"], page["total"].clone()), (&before["rows"], json!(1)));
    assert!(page["age"]["asOf"].is_string());
    let told = get(&world, "/wallet", &one).await.json_of(200);
    assert_eq!((&told["wallets"], &told["age"]["stale"]), (&wallet["wallets"], &json!(true)));
    // Who never saw anything sees that there is nothing yet.
    let nothing = get(&world, "/leads", &other).await.json_of(200);
    assert_eq!((&nothing["rows"], nothing["age"].get("asOf")), (&json!([]), None));
    get(&world, "/wallet", &other).await.problem(503, "crm-unavailable");
}

#[tokio::test]
async fn many_who_open_their_dashboards_at_once_make_few_calls() {
    let setup = setup().set("partner", "fresh_seconds", "60").set("partner", "cache_seconds", "30");
    let world = World::start(setup).await;
    open(&world).await;
    customer(&world, "one", json!({})).await;
    let token = token(&world, "t-1").await;
    let crm = world.sandbox.of("trading");
    let before = crm.requests().await.len();
    let paths = ["/overview", "/leads", "/wallet", "/series?metric=signups", "/commissions"];
    let all = (0..100).flat_map(|_| paths).map(|path| get(&world, path, &token));
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let calls = crm.requests().await.len() - before;
    assert!(calls <= 15, "{calls} calls for 500 requests");
}

#[tokio::test]
async fn a_mirror_is_rebuilt_on_demand_and_dropped_with_its_affiliate() {
    let mut world = world().await;
    customer(&world, "one", json!({})).await;
    let token = token(&world, "t-1").await;
    fresh(&world, "/leads", &token).await;
    assert_eq!(world.store.number("SELECT COUNT(*) FROM records").await, Some(1));
    // What the CRM does not have any more.
    world
        .store
        .change("INSERT INTO records (affiliate, kind, id, at, seen_at) SELECT affiliate, kind, 'ghost', at, 9000000000000000 FROM records")
        .await;
    let ended = world.latchkey(&["affiliates", "rebuild", "t-1"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(column(&fresh(&world, "/leads", &token).await, "id"), ["one"]);
    let shown = world.latchkey(&["affiliates", "show", "t-1", "--json"]).await;
    let shown: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    assert_eq!((&shown["mirror"]["people"], shown["mirror"]["asOf"].is_string()), (&json!(1), true));
    // The affiliate is taken out of the configuration.
    let path = world.folder().join("latchkey.toml");
    let text = std::fs::read_to_string(&path).expect("the configuration").replace("id = \"t-1\"", "id = \"t-9\"");
    std::fs::write(&path, text).expect("it is written");
    world.kill();
    world.restart().await;
    harness::until("its mirror goes", async || {
        (world.store.number("SELECT COUNT(*) FROM records WHERE affiliate LIKE 't-1@%'").await == Some(0)).then_some(())
    })
    .await;
    get(&world, "/leads", &token).await.problem(401, "token");
}
