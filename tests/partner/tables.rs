//! Tables: pages, order, filters, search, and what is personal in them.

use std::collections::BTreeSet;

use harness::World;
use serde_json::{Value, json};

use crate::stage::{column, fresh, get, minted, post, token, world};

/// 130 customers of one affiliate, three of each day, in four countries.
async fn seed(world: &World) {
    let customer = |index: u32| {
        let country = ["CY", "DE", "FR", "IT"][index as usize % 4];
        json!({ "affiliate": "t-1", "id": format!("c-{index:03}"), "email": format!("Person{index}@mail.example"), "firstname": "Jane",
                "lastname": format!("Doe{index}"), "mobilenumber": format!("+4420794600{index:03}"), "country": country,
                "status": if index.is_multiple_of(5) { "active" } else { "new" }, "source": if index.is_multiple_of(2) { "google" } else { "mail" },
                "hasFTD": index.is_multiple_of(7), "depositTotal": f64::from(index) * 10.5 - 100.0,
                "createdAt": format!("2026-03-{:02}T12:00:00Z", index % 28 + 1), "updatedAt": "2026-03-31T00:00:00Z" })
    };
    world.sandbox.of("trading").seed(json!({ "customers": (0..130).map(customer).collect::<Vec<_>>() })).await;
}

/// All rows, page by page.
async fn all(world: &World, query: &str, token: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(world, &format!("/leads?limit=7&{query}{cursor}"), token).await.json_of(200);
        rows.extend(page["rows"].as_array().expect("rows").iter().cloned());
        assert_eq!(page.get("total").is_some(), cursor.is_empty(), "how many there are is told once");
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

#[tokio::test]
async fn every_row_is_on_one_page_in_any_order() {
    let world = world().await;
    seed(&world).await;
    let token = token(&world, "t-1").await;
    let first = fresh(&world, "/leads?limit=3&choices=true", &token).await;
    assert_eq!(first["total"], 130);
    assert_eq!(first["choices"]["country"], json!(["CY", "DE", "FR", "IT"]));
    assert_eq!(first["choices"]["status"], json!(["active", "new"]));
    assert_eq!(first["rows"][0]["created"], "2026-03-28T12:00:00Z", "the newest come first");
    for sort in ["", "created", "-status", "country", "-total", "total", "id", "source"] {
        let rows = all(&world, &format!("sort={sort}"), &token).await;
        let ids: BTreeSet<&str> = rows.iter().map(|row| row["id"].as_str().expect("an id")).collect();
        assert_eq!((rows.len(), ids.len()), (130, 130), "sort={sort}");
        if let "status" | "country" | "id" | "source" = sort.trim_start_matches('-') {
            let name = sort.trim_start_matches('-');
            let mut values: Vec<&str> = rows.iter().map(|row| row[name].as_str().expect("a text")).collect();
            if sort.starts_with('-') {
                values.reverse();
            }
            assert!(values.is_sorted(), "sort={sort}: {values:?}");
        }
        if sort == "total" {
            let totals: Vec<f64> =
                rows.iter().map(|row| row["total"].as_str().and_then(|text| text.parse().ok()).expect("a number")).collect();
            assert!(totals.is_sorted() && totals[0] < 0.0, "as numbers, not as texts: {totals:?}");
        }
    }
}

#[tokio::test]
async fn filters_and_days_and_search_narrow_it() {
    let world = world().await;
    seed(&world).await;
    let token = token(&world, "t-1").await;
    fresh(&world, "/leads", &token).await;
    let total = async |query: &str| get(&world, &format!("/leads?{query}"), &token).await.json_of(200)["total"].clone();
    assert_eq!(total("country=CY").await, 33);
    assert_eq!(total("country=CY&country=DE").await, 66);
    assert_eq!(total("country=CY&status=active").await, 7);
    assert_eq!(total("deposited=true").await, 19);
    assert_eq!(total("from=2026-03-01&to=2026-03-02").await, 10);
    assert_eq!(total("from=2026-03-01&to=2026-03-01&tz=Pacific/Kiritimati").await, 0, "noon is the next day there");
    assert_eq!(total("from=2026-03-02&to=2026-03-02&tz=Pacific/Kiritimati").await, 5);
    assert_eq!(total("search=c-01").await, 10, "the beginning of an id");
    assert_eq!(total("search=person17@MAIL.example").await, 1, "a whole e-mail");
    assert_eq!(total("search=person17@mail").await, 0);
    assert_eq!(total("search=%2B44 20794600017").await, 1, "a phone number, however it is written");
    assert_eq!(total("search=%25").await, 0, "what a database might take for a pattern is none");
    assert_eq!(total("country=CY'--").await, 0);
    let refused = async |query: &str| get(&world, &format!("/leads?{query}"), &token).await.errors()[0].clone();
    for (query, field, code) in [
        ("limit=0", "limit", "range"),
        ("limit=501", "limit", "range"),
        ("sort=email", "sort", "option"),
        ("sort=nonsense", "sort", "option"),
        ("sort=deposited", "sort", "option"),
        ("affiliate=t-2", "affiliate", "unknown_field"),
        ("deposited=maybe", "deposited", "type"),
        ("cursor=nonsense", "cursor", "option"),
    ] {
        assert_eq!(refused(query).await, (field.to_owned(), code.to_owned()), "{query}");
    }
    let next = get(&world, "/leads?limit=5", &token).await.json_of(200)["next"].clone();
    let next = next.as_str().expect("a cursor");
    assert_eq!(refused(&format!("limit=5&sort=status&cursor={next}")).await.0, "cursor", "a cursor is of its order");
}

#[tokio::test]
async fn what_is_personal_is_masked_without_its_scope() {
    let world = world().await;
    seed(&world).await;
    let (whole, masked) = (token(&world, "t-1").await, minted(&world, json!({ "affiliate": "t-1", "scopes": ["leads", "money"] })).await);
    let row = fresh(&world, "/leads?sort=id&limit=1", &whole).await["rows"][0].clone();
    assert_eq!(
        (&row["name"], &row["email"], &row["phone"]),
        (&json!("Jane Doe0"), &json!("Person0@mail.example"), &json!("+4420794600000"))
    );
    let row = get(&world, "/leads?sort=id&limit=1", &masked).await.json_of(200)["rows"][0].clone();
    assert_eq!((&row["name"], &row["email"], &row["phone"]), (&json!("J*** D***"), &json!("P***@m***.example"), &json!("***00")));
    assert_eq!(row["country"], "CY");
    assert_eq!(get(&world, "/leads?search=person17@mail.example", &masked).await.json_of(200)["total"], 0, "nor searched by");
    let detail = get(&world, "/leads/c-003", &masked).await.json_of(200);
    assert_eq!((&detail["record"]["id"], &detail["record"]["email"]), (&json!("c-003"), &json!("P***@m***.example")));
    get(&world, "/leads/c-999", &masked).await.problem(404, "unknown-record");
    for file in world.database_files() {
        let stored = String::from_utf8_lossy(&std::fs::read(file).expect("the store")).into_owned();
        assert!(!stored.contains("mail.example") && !stored.contains("Doe17"), "it is sealed at rest");
    }
}

#[tokio::test]
async fn capabilities_say_what_answers() {
    let world = world().await;
    for (affiliate, tables) in [
        ("w-1", vec!["leads", "registrations"]),
        ("t-1", vec!["leads", "registrations", "transactions", "commissions", "payouts"]),
        ("i-1", vec!["leads", "registrations", "transactions", "positions"]),
        ("b-1", vec![]),
    ] {
        let token = token(&world, affiliate).await;
        let can = get(&world, "/capabilities", &token).await.json_of(200);
        let named: Vec<&str> =
            can["tables"].as_array().expect("tables").iter().map(|view| view["table"].as_str().expect("a name")).collect();
        assert_eq!(named, tables, "{affiliate}");
        for table in ["leads", "registrations", "transactions", "positions", "commissions", "payouts"] {
            let answer = get(&world, &format!("/{table}"), &token).await;
            match tables.contains(&table) {
                true => assert_eq!(answer.status, 200, "{affiliate} {table}: {}", answer.text()),
                false => {
                    answer.problem(501, "not-offered");
                }
            }
        }
        for (name, path) in [
            ("sources", "/sources"),
            ("downline", "/downline"),
            ("servers", "/servers"),
            ("wallet", "/wallet"),
            ("links", "/links"),
            ("creatives", "/creatives"),
        ] {
            let answer = get(&world, path, &token).await;
            assert_eq!(
                (can[name] == json!(true), answer.status),
                (answer.status == 200, if can[name] == json!(true) { 200 } else { 501 }),
                "{affiliate} {path}"
            );
        }
        let is_offered = !can["metrics"].as_array().expect("metrics").is_empty();
        assert_eq!(get(&world, "/overview", &token).await.status, if is_offered { 200 } else { 501 }, "{affiliate}");
    }
    let narrow = minted(&world, json!({ "affiliate": "t-1", "scopes": ["links"] })).await;
    let can = get(&world, "/capabilities", &narrow).await.json_of(200);
    assert_eq!((&can["tables"], &can["metrics"], &can["links"], &can["wallet"]), (&json!([]), &json!([]), &json!(true), &json!(false)));
    let buckets = get(&world, "/capabilities", &token(&world, "w-1").await).await.json_of(200)["buckets"].clone();
    assert_eq!(buckets, json!([{ "id": "bucket-w-1", "sources": ["facebook_ads"] }]));
}

#[tokio::test]
async fn a_customer_who_was_a_lead_is_one_person_with_their_transactions() {
    let world = world().await;
    let utm = json!({ "affiliate_id": "I1", "utm_source": "google", "utm_campaign": "spring", "sub_id": "s-1" });
    let account = |login: &str| json!([{ "loginId": login, "platformServer": "mt4-1", "type": "live" }]);
    let transaction = |id: &str, login: &str, kind: &str, amount: &str, currency: &str, fake: bool| {
        json!({ "transactionId": id, "transactionDate": "2026-02-03T10:00:00Z", "type": kind, "amount": amount, "currency": currency, "loginId": login,
                "platformServer": "mt4-1", "isFake": fake })
    };
    let records = json!({
        "leads": [{ "id": "l-1", "email": "jane@mail.example", "firstName": "Jane", "lastName": "Doe", "registrationDate": "2026-01-01T00:00:00Z", "utmDetails": utm }],
        "registrations": [
            { "id": "r-1", "email": "jane@mail.example", "registrationDate": "2026-02-01T00:00:00Z", "accounts": account("11") },
            { "id": "r-2", "email": "other@mail.example", "registrationDate": "2026-02-01T00:00:00Z", "accounts": account("12"), "utmDetails": { "affiliate_id": "I2" } },
        ],
        "transactions": [
            transaction("d-1", "11", "Deposit", "100.25", "USD", false), transaction("d-2", "11", "Deposit", "0.10", "USD", false),
            transaction("d-3", "11", "Deposit", "999.00", "USD", true), transaction("w-1", "11", "Withdrawal", "50.00", "USD", false),
            transaction("d-4", "12", "Deposit", "77.00", "USD", false),
        ],
    });
    world.sandbox.of("impact").seed(records).await;
    let token = token(&world, "i-1").await;
    let page = fresh(&world, "/leads", &token).await;
    assert_eq!(page["total"], 1, "another affiliate's is another's");
    let expected = json!({ "id": "l-1", "created": "2026-01-01T00:00:00Z", "registered": "2026-02-01T00:00:00Z", "stage": "customer", "source": "google",
        "subId": "s-1", "campaign": "spring", "name": "Jane Doe", "email": "jane@mail.example", "deposited": true, "firstDeposit": "2026-02-03T10:00:00Z",
        "total": "100.35", "currency": "USD" });
    assert_eq!(page["rows"], json!([expected]));
    let transactions = get(&world, "/transactions?sort=amount", &token).await.json_of(200);
    assert_eq!(column(&transactions, "id"), ["d-2", "w-1", "d-1", "d-3"]);
    assert_eq!(get(&world, "/transactions?fake=true", &token).await.json_of(200)["total"], 1);
    let detail = get(&world, "/leads/l-1", &token).await.json_of(200);
    assert_eq!(detail["transactions"].as_array().map(Vec::len), Some(4));
    let without_money = minted(&world, json!({ "affiliate": "i-1", "scopes": ["leads"] })).await;
    assert_eq!(get(&world, "/leads/l-1", &without_money).await.json_of(200)["transactions"], json!([]));
    post(&world, "/exports", &without_money, &json!({ "table": "transactions" })).await.problem(403, "scope");
}
