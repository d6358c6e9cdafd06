//! The IB reports: what is asked, paged to the end, and shown to whom.

use harness::World;
use serde_json::{Value, json};

use crate::command::ask as asked;
use crate::impact_world::{KEY, OWN_KEY, impact, know_affiliate, on_the_wire, setup};

async fn requests(world: &World) -> Vec<Value> {
    impact(world).requests().await.iter().map(on_the_wire).collect()
}

fn queries(requests: &[Value]) -> Vec<String> {
    let of = |request: &Value| format!("{}?{}", request["path"].as_str().unwrap_or(""), request["query"].as_str().unwrap_or(""));
    requests.iter().map(of).collect()
}

fn ask<'a>(operation: &'a str, settings: &[&'a str], affiliate: Option<&'a str>) -> Vec<&'a str> {
    let mut arguments = vec!["impact", operation];
    settings.iter().for_each(|setting| arguments.extend(["--set", setting]));
    affiliate.into_iter().for_each(|affiliate| arguments.extend(["--affiliate", affiliate]));
    arguments
}

const JANUARY: [&str; 2] = ["registrationDateFrom=2026-01-01", "registrationDateTo=2026-01-31"];

#[tokio::test]
async fn the_log_in_and_a_report_on_the_wire() {
    let world = World::start(setup()).await;
    impact(&world)
        .seed(json!({"leads": [{
            "id": "l-1", "email": "jane@example.com", "firstName": "Jane", "lastName": "Doe", "registrationDate": "2026-01-02",
            "lastModifiedDate": "2026-01-03T12:00:00Z", "source": "ib@example.com", "utmDetails": {"affiliate_id": "17", "gclid": "g"},
            "tags": [{"category": "Campaign", "tags": ["spring"]}], "more": {"undocumented": {"deep": [1]}},
        }]}))
        .await;
    let leads = asked(&world, &ask("Leads", &JANUARY, None)).await.expect("leads");
    let lead = &leads["leads"][0];
    assert!(lead["registrationDate"].as_str().is_some_and(|date| date.starts_with("2026-01-02")), "{lead}");
    assert_eq!(
        leads,
        json!({"leads": [{
            "id": "l-1", "email": "jane@example.com", "firstName": "Jane", "lastName": "Doe",
            "registrationDate": lead["registrationDate"], "lastModifiedDate": lead["lastModifiedDate"], "source": "ib@example.com",
            "utmDetails": {"affiliate_id": "17", "gclid": "g"}, "tags": [{"category": "Campaign", "tags": ["spring"]}],
        }]}),
        "and nothing that no document names"
    );
    let requests = requests(&world).await;
    let token = impact(&world).requests().await[0]["answer"]["body"]["token"].clone();
    assert_eq!(
        requests,
        [
            json!({
                "method": "POST", "path": "/api/v1/auth/login", "query": null, "x-api-key": KEY, "x-domain": "brand.example",
                "x-auth-token": null, "authorization": null, "content-type": "application/json",
                "body": {"email": "ib@example.com", "password": "sandbox-password", "rememberMe": true},
            }),
            json!({
                "method": "GET", "path": "/api/v1/ib/leads",
                "query": "registrationDateFrom=2026-01-01&registrationDateTo=2026-01-31&page=1&pageSize=1000",
                "x-api-key": KEY, "x-domain": "brand.example", "x-auth-token": token, "authorization": null, "content-type": null,
                "body": "",
            }),
        ]
    );
}

#[tokio::test]
async fn each_reports_query_is_the_documents() {
    let world = World::start(setup()).await;
    impact(&world).seed(json!({"servers": {"mt4": ["mt4"], "mt5": ["mt5-1", "mt5-2"]}})).await;
    let servers = asked(&world, &ask("Servers", &[], None)).await.expect("servers");
    assert_eq!(servers, json!({"mt4": ["mt4"], "mt5": ["mt5-1", "mt5-2"]}));
    let modified = ["lastModifiedDateFrom=2017-04-01", "lastModifiedDateTo=2019-12-31"];
    assert_eq!(asked(&world, &ask("Registrations", &modified, None)).await, Ok(json!({"registrations": []})));
    let both = [&JANUARY[..], &modified].concat();
    assert_eq!(asked(&world, &ask("Leads", &both, None)).await, Ok(json!({"leads": []})));
    let transactions = ["transactionDateFrom=2017-04-01", "transactionDateTo=2019-12-31", "includeFake=true"];
    assert_eq!(asked(&world, &ask("Transactions", &transactions, None)).await, Ok(json!({"transactions": []})));
    let positions = ["positionCloseDateFrom=2017-04-01", "positionCloseDateTo=2019-12-31", "serverTag=mt4"];
    assert_eq!(asked(&world, &ask("Positions", &positions, None)).await, Ok(json!({"positions": []})));
    let asked: Vec<_> = queries(&requests(&world).await).into_iter().filter(|query| !query.contains("login")).collect();
    assert_eq!(
        asked,
        [
            "/api/v1/ib/servers?",
            "/api/v1/ib/registrations?lastModifiedDateFrom=2017-04-01&lastModifiedDateTo=2019-12-31&page=1&pageSize=1000",
            "/api/v1/ib/leads?registrationDateFrom=2026-01-01&registrationDateTo=2026-01-31&lastModifiedDateFrom=2017-04-01&lastModifiedDateTo=2019-12-31&page=1&pageSize=1000",
            "/api/v1/ib/transactions?transactionDateFrom=2017-04-01&transactionDateTo=2019-12-31&page=1&pageSize=1000&includeFake=true",
            "/api/v1/ib/positions?positionCloseDateFrom=2017-04-01&positionCloseDateTo=2019-12-31&serverTag=mt4&page=1&pageSize=1000",
        ]
    );
}

#[tokio::test]
async fn what_the_document_demands_is_demanded_before_the_call() {
    let world = World::start(setup()).await;
    for (operation, settings, words) in [
        ("Leads", &[][..], "the CRM demands one"),
        ("Registrations", &["registrationDateFrom=2026-01-01"], "registrationDateTo: is demanded"),
        ("Leads", &["lastModifiedDateTo=2026-01-01"], "lastModifiedDateFrom: is demanded"),
        ("Leads", &["registrationDateFrom=2026-02-01", "registrationDateTo=2026-01-01"], "is after"),
        ("Leads", &["registrationDateFrom=01.02.2026", "registrationDateTo=2026-03-01"], "is no date YYYY-MM-DD"),
        ("Leads", &["registrationDateFrom=2026-02-30", "registrationDateTo=2026-03-01"], "is no date YYYY-MM-DD"),
        ("Leads", &["registrationDateFrom=2026-01-01T00:00", "registrationDateTo=2026-03-01"], "is no date YYYY-MM-DD"),
        ("Leads", &["page=2"], "page: unknown field"),
        ("Transactions", &["includeFake=true"], "transactionDateFrom and transactionDateTo"),
        ("Transactions", &["includeFake=maybe"], "includeFake"),
        ("Positions", &["serverTag=mt4"], "positionCloseDateFrom and positionCloseDateTo"),
        ("Positions", &["positionCloseDateFrom=2026-01-01", "positionCloseDateTo=2026-01-31"], "serverTag: the CRM demands"),
        ("Servers", &["serverTag=mt4"], "unknown field"),
        (
            "Transactions",
            &["transactionDateFrom=2026-01-01", "transactionDateTo=2026-01-31", "registrationDateFrom=2026-01-01"],
            "only an affiliate's",
        ),
    ] {
        let error = asked(&world, &ask(operation, settings, None)).await.expect_err("refused");
        assert!(error.contains(words), "{operation} {settings:?}: {error}");
    }
    assert!(impact(&world).requests().await.is_empty(), "none of it reached the CRM");
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    let world = World::start(setup()).await;
    let leads: Vec<_> =
        (0..2_300).map(|number| json!({"email": format!("lead{number}@example.com"), "registrationDate": "2026-01-02"})).collect();
    for chunk in leads.chunks(500) {
        impact(&world).seed(json!({"leads": chunk})).await;
    }
    let leads = asked(&world, &ask("Leads", &JANUARY, None)).await.expect("leads");
    let emails: std::collections::BTreeSet<_> =
        leads["leads"].as_array().expect("a list").iter().map(|lead| lead["email"].to_string()).collect();
    assert_eq!(emails.len(), 2_300);
    let pages = queries(&requests(&world).await);
    let pages: Vec<_> = pages.iter().filter_map(|query| query.split("&page=").nth(1)).collect();
    assert_eq!(pages, ["1&pageSize=1000", "2&pageSize=1000", "3&pageSize=1000"]);
}

/// Three affiliates' customers, and what they did.
fn trades() -> Value {
    let registration = |email: &str, affiliate: Value, source: &str, accounts: Value| {
        let utm = if affiliate.is_null() { json!({}) } else { json!({ "affiliate_id": affiliate }) };
        json!({"email": email, "registrationDate": "2025-06-01", "utmDetails": utm, "source": source, "accounts": accounts})
    };
    let account = |id: &str, server: &str, kind: &str| json!({"loginId": id, "platformServer": server, "type": kind});
    let transaction = |id: &str, login: &str, server: &str, amount: &str, fake: bool| json!({"transactionId": id, "transactionDate": "2026-01-03", "amount": amount, "loginId": login, "platformServer": server, "isFake": fake});
    let position = |id: &str, login: &str| {
        json!({"positionId": id, "serverTag": "mt4", "loginId": login, "symbol": "EURUSD", "openDate": "2026-01-04", "closeDate": "2026-01-05",
               "volume": "1.00", "profit": "-12.50"})
    };
    json!({
        "servers": {"mt4": ["mt4"], "mt5": ["mt5-1"]},
        "registrations": [
            registration("a@example.com", json!("17"), "ib@example.com", json!([account("1", "mt4", "live"), account("2", "mt5-1", "live"), account("3", "mt4", "demo")])),
            registration("b@example.com", json!("18"), "a18@example.com", json!([account("4", "mt4", "live")])),
            // The same number on another server is somebody else's.
            registration("c@example.com", json!("19"), "ib@example.com", json!([account("1", "mt5-1", "live")])),
            // The second affiliate's by its own key alone; and one that its key made for another.
            registration("d@example.com", Value::Null, "a18@example.com", json!([account("5", "mt4", "live")])),
            registration("e@example.com", json!("17"), "a18@example.com", json!([account("6", "mt4", "live")])),
        ],
        "transactions": [
            transaction("t1", "1", "mt4", "100.10", false), transaction("t2", "2", "mt5-1", "0.30", false), transaction("t3", "4", "mt4", "7", false),
            transaction("t4", "1", "mt5-1", "9", false), transaction("t5", "5", "mt4", "5.00", false), transaction("t6", "1", "mt4", "1", true),
            transaction("t7", "3", "mt4", "1", false), transaction("t8", "", "", "1", false), transaction("t9", "6", "mt4", "6", false),
        ],
        "positions": [position("p1", "1"), position("p2", "4"), position("p3", "5"), position("p4", "3")],
    })
}

fn ids(answer: &Value, name: &str, member: &str) -> Vec<String> {
    let records = answer[name].as_array().unwrap_or_else(|| panic!("{answer}"));
    records.iter().map(|record| record[member].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn an_affiliate_is_shown_its_own() {
    let world = World::start(setup()).await;
    know_affiliate(&world).await;
    impact(&world).seed(trades()).await;
    let people = ["registrationDateFrom=2025-01-01", "registrationDateTo=2026-12-31"];
    let transactions = ["transactionDateFrom=2026-01-01", "transactionDateTo=2026-01-31"];
    let fake = [&transactions[..], &["includeFake=true"]].concat();
    let positions = ["positionCloseDateFrom=2026-01-01", "positionCloseDateTo=2026-01-31", "serverTag=mt4"];
    for (affiliate, registered, transacted, with_fake, closed) in [
        (
            None,
            &["a", "b", "c", "d", "e"][..],
            &["t1", "t2", "t3", "t4", "t5", "t7", "t8", "t9"][..],
            &["t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9"][..],
            &["p1", "p2", "p3", "p4"][..],
        ),
        (Some("i-17"), &["a", "e"], &["t1", "t2", "t9"], &["t1", "t2", "t6", "t9"], &["p1"]),
        (Some("i-18"), &["b", "d"], &["t3", "t5"], &["t3", "t5"], &["p2", "p3"]),
    ] {
        let answer = asked(&world, &ask("Registrations", &people, affiliate)).await.expect("registrations");
        let emails: Vec<_> = registered.iter().map(|name| format!("{name}@example.com")).collect();
        assert_eq!(ids(&answer, "registrations", "email"), emails, "{affiliate:?}");
        let answer = asked(&world, &ask("Leads", &people, affiliate)).await.expect("leads");
        assert_eq!(ids(&answer, "leads", "email"), emails, "{affiliate:?}");
        let answer = asked(&world, &ask("Transactions", &transactions, affiliate)).await.expect("transactions");
        assert_eq!(ids(&answer, "transactions", "id"), transacted, "{affiliate:?}");
        let through = affiliate.map(|_| json!({"registrationDateFrom": "2000-01-01", "registrationDateTo": "2026-01-31"}));
        assert_eq!(answer.get("joinedThrough").cloned(), through);
        let answer = asked(&world, &ask("Transactions", &fake, affiliate)).await.expect("transactions");
        assert_eq!(ids(&answer, "transactions", "id"), with_fake, "{affiliate:?}");
        let answer = asked(&world, &ask("Positions", &positions, affiliate)).await.expect("positions");
        assert_eq!(ids(&answer, "positions", "id"), closed, "{affiliate:?}");
    }
    let since = [&transactions[..], &["registrationDateFrom=2025-07-01"]].concat();
    let answer = asked(&world, &ask("Transactions", &since, Some("i-17"))).await.expect("transactions");
    assert_eq!(answer["transactions"], json!([]), "nobody of its was registered since");
    let own: Vec<_> = requests(&world).await.into_iter().filter(|request| request["x-api-key"] == OWN_KEY).collect();
    assert!(own.iter().any(|request| request["body"]["email"] == "a18@example.com"), "its own log-in, with its own key");
}

#[tokio::test]
async fn a_registration_and_what_it_did_as_they_are_read() {
    let world = World::start(setup()).await;
    impact(&world).seed(trades()).await;
    let people = ["registrationDateFrom=2025-01-01", "registrationDateTo=2026-12-31"];
    let answer = asked(&world, &ask("Registrations", &people, Some("i-17"))).await.expect("registrations");
    let accounts =
        json!([{"loginId": "1", "platformServer": "mt4", "type": "live"}, {"loginId": "2", "platformServer": "mt5-1", "type": "live"}]);
    assert_eq!(answer["registrations"][0]["accounts"], accounts, "live ones only");
    let transactions = ["transactionDateFrom=2026-01-01", "transactionDateTo=2026-01-31"];
    let answer = asked(&world, &ask("Transactions", &transactions, Some("i-17"))).await.expect("transactions");
    let first = &answer["transactions"][0];
    assert_eq!(
        *first,
        json!({"id": "t1", "transactionDate": first["transactionDate"], "type": "Deposit", "amount": "100.10", "currency": "USD",
               "loginId": "1", "platformServer": "mt4", "isFake": false, "tags": []}),
        "an amount keeps its last zero, and N/A is nothing"
    );
    let positions = ["positionCloseDateFrom=2026-01-01", "positionCloseDateTo=2026-01-31", "serverTag=mt4"];
    let answer = asked(&world, &ask("Positions", &positions, Some("i-17"))).await.expect("positions");
    let first = &answer["positions"][0];
    assert_eq!(
        *first,
        json!({"id": "p1", "loginId": "1", "serverTag": "mt4", "symbol": "EURUSD", "openDate": first["openDate"],
               "closeDate": first["closeDate"], "volume": "1.00", "profit": "-12.50", "currency": "USD"})
    );
}

#[tokio::test]
async fn a_spoiled_report_is_no_report() {
    let world = World::start(setup()).await;
    impact(&world).seed(trades()).await;
    let people = ["registrationDateFrom=2025-01-01", "registrationDateTo=2026-12-31"];
    // The records of the simulation say it themselves here: a fault would strike the log-in before.
    for (more, words) in [
        (json!({"tags": "spring"}), "record 1: tags"),
        (json!({"utmDetails": {"affiliate_id": ["17"]}}), "record 1: utmDetails"),
        (json!({"registrationDate": "yesterday"}), "record 1: registrationDate is not a date"),
        (json!({"email": ["a@example.com"]}), "record 1: email is not a text"),
    ] {
        impact(&world).seed(json!({"registrations": [{"email": "a@example.com", "more": more}]})).await;
        let error = asked(&world, &ask("Registrations", &people, None)).await.expect_err("unreadable");
        assert!(error.contains("cannot be read") && error.contains(words), "{more}: {error}");
        assert!(!error.contains("a@example.com"), "{error}");
        let mended = json!({"tags": [], "utmDetails": {}, "registrationDate": "2025-06-01", "email": "a@example.com"});
        impact(&world).seed(json!({"registrations": [{"email": "a@example.com", "more": mended}]})).await;
    }
}

#[tokio::test]
async fn every_refusal_of_the_reports() {
    let world = World::start(setup()).await;
    let servers = ask("Servers", &[], None);
    let cases = [
        (json!({"withoutModules": ["leads", "transactions", "platforms"]}), "module is not enabled"),
        (
            json!({"withoutModules": [], "users": [{"email": "ib@example.com", "password": "sandbox-password", "permissions": []}]}),
            "IB Reports",
        ),
        (json!({"users": [{"email": "ib@example.com", "password": "sandbox-password", "verified": false}]}), "Email is not verified"),
        (json!({"users": [{"email": "ib@example.com", "password": "another"}]}), "Invalid email or password"),
        (json!({"apiKeys": [{"key": KEY, "domain": "other.example"}]}), "X-DOMAIN is not the domain"),
        (json!({"apiKeys": [{"key": KEY, "domain": "brand.example", "expires": "2020-01-01"}]}), "API key has expired"),
    ];
    for (records, words) in cases {
        impact(&world).seed(records).await;
        let error = asked(&world, &servers).await.expect_err("refused");
        assert!(error.contains("the CRM does not let us") && error.contains(words), "{words}: {error}");
    }
    world.sandbox.reset().await;
    let positions = ["positionCloseDateFrom=2026-01-01", "positionCloseDateTo=2026-01-31", "serverTag=mt9"];
    let error = asked(&world, &ask("Positions", &positions, None)).await.expect_err("refused");
    assert!(error.contains("the CRM refuses") && error.contains("mt9"), "{error}");
}
