//! Exports: a one-use address, streamed CSV.

use harness::{Answer, World, send};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ACME, fresh, minted, post, token, world};

async fn seed(world: &World, count: u32) {
    let customer = |index: u32| {
        json!({ "affiliate": "t-1", "id": format!("c-{index:05}"), "email": format!("person{index}@mail.example"), "firstname": "=cmd|' /C calc'!A0",
                "lastname": "", "country": "DE", "depositTotal": -1.5, "createdAt": "2026-03-01T00:00:00Z", "updatedAt": "2026-03-01T00:00:00Z" })
    };
    world.sandbox.of("trading").seed(json!({ "customers": (0..count).map(customer).collect::<Vec<_>>() })).await;
}

async fn download(world: &World, answer: &Value) -> Answer {
    let url = answer["url"].as_str().expect("an address");
    assert!(url.starts_with(&world.url("/api/v1/partner/exports/")), "{url}");
    send(world.client.get(url).header("origin", ACME)).await
}

fn rows(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn a_table_is_downloaded_once_with_its_filters_and_columns() {
    let world = world().await;
    seed(&world, 2_503).await;
    let token = token(&world, "t-1").await;
    fresh(&world, "/leads", &token).await;
    let body = json!({ "table": "leads", "query": "country=DE&sort=id&limit=3", "columns": ["id", "name", "email", "total"] });
    let export = post(&world, "/exports", &token, &body).await.json_of(201);
    assert_eq!((&export["rows"], &export["name"]), (&json!(2_503), &json!("leads.csv")));
    let answer = download(&world, &export).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"leads.csv\"");
    assert_eq!((answer.header("cache-control"), answer.header("access-control-allow-origin")), ("no-store", ACME));
    let rows = rows(&answer);
    assert_eq!(rows.len(), 2_504);
    assert_eq!(rows[0], ["id", "name", "email", "total"]);
    assert_eq!(rows[1], ["c-00000", "'=cmd|' /C calc'!A0", "person0@mail.example", "-1.5"], "what a spreadsheet would run is a text");
    assert!(rows[1..].iter().map(|row| &row[0]).is_sorted());
    download(&world, &export).await.problem(404, "unknown-export");
}

#[tokio::test]
async fn it_is_masked_and_bound_as_the_token_is() {
    let world = world().await;
    seed(&world, 3).await;
    let token = minted(&world, json!({ "affiliate": "t-1", "scopes": ["leads"] })).await;
    fresh(&world, "/leads", &token).await;
    let export = post(&world, "/exports", &token, &json!({ "table": "leads" })).await.json_of(201);
    let answer = download(&world, &export).await;
    assert!(answer.text().contains("p***@m***.example") && !answer.text().contains("mail.example"), "{}", answer.text());
    post(&world, "/exports", &token, &json!({ "table": "commissions" })).await.problem(403, "scope");
    assert_eq!(post(&world, "/exports", &token, &json!({ "table": "leads", "columns": ["password"] })).await.errors()[0].0, "columns");
    assert_eq!(post(&world, "/exports", &token, &json!({ "table": "leads", "query": "nonsense=1" })).await.errors()[0].0, "nonsense");
    let late = post(&world, "/exports", &token, &json!({ "table": "leads" })).await.json_of(201);
    world.store.change("UPDATE exports SET expires_at = 1").await;
    download(&world, &late).await.problem(404, "unknown-export");
    send(world.request(Method::GET, "/api/v1/partner/exports/nonsense")).await.problem(404, "unknown-export");
}
