//! Nobody sees what is another's: every route of the contract's table, with twenty affiliates over four CRMs and two portals.

use std::fs;

use harness::{Answer, World, send};
use latchkey_contract::partner::{Opens, ROOT, ROUTES, Route};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stage::{ACME, ACME_SECRET, EVERYTHING, NORTH, NORTH_SECRET, portal, setup};

const CRMS: [&str; 4] = ["wi", "trading", "impact", "broctagon"];
const OF_EACH: usize = 5;

/// One of the twenty; what is planted with it stands in its records and nowhere else.
struct Affiliate {
    id: String,
    crm: &'static str,
    number: usize,
    origin: &'static str,
    secret: &'static str,
    token: String,
}

impl Affiliate {
    fn planted(&self) -> String {
        planted(self.crm, self.number)
    }
}

fn planted(crm: &str, number: usize) -> String {
    format!("planted{}{number}z", crm.replace('a', "o"))
}

fn affiliates() -> Vec<Affiliate> {
    let all = CRMS.into_iter().flat_map(|crm| (0..OF_EACH).map(move |number| (crm, number)));
    all.map(|(crm, number)| {
        let (origin, secret) = if number % 2 == 0 { (ACME, ACME_SECRET) } else { (NORTH, NORTH_SECRET) };
        Affiliate { id: format!("x-{crm}-{number}"), crm, number, origin, secret, token: String::new() }
    })
    .collect()
}

/// Adds them all, each with a credential of its own where its CRM tells affiliates apart by it.
async fn add(world: &World, folder: &TempDir, affiliates: &[Affiliate]) {
    let mut csv = "id,connection,crm_id,buckets,portals,scopes,user,password\n".to_owned();
    for Affiliate { id, crm, number, secret, .. } in affiliates {
        let portal = if *secret == ACME_SECRET { "acme" } else { "north" };
        let buckets = if *crm == "wi" { format!("bucket-{number}=source-{number}") } else { String::new() };
        let secret = |name: &str, text: String| {
            let path = folder.path().join(format!("{id}-{name}"));
            fs::write(&path, text).expect("a secret");
            format!("file:{}", path.display())
        };
        let login = match *crm {
            "trading" => (secret("user", format!("x{number}@example.com")), secret("password", format!("made-up-password-{number}"))),
            _ => (String::new(), String::new()),
        };
        csv.push_str(&format!("{id},{crm},CRM-{crm}-{number},{buckets},{portal},{},{},{}\n", EVERYTHING.join(" "), login.0, login.1));
    }
    let file = folder.path().join("affiliates.csv");
    fs::write(&file, csv).expect("a file");
    let ended = world.latchkey(&["affiliates", "import", &file.display().to_string()]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

/// Records of each in each CRM, with what is planted wherever a text can be.
async fn plant(world: &World) {
    let range = 0..OF_EACH;
    let word = planted;
    let buckets: Vec<Value> = range
        .clone()
        .map(|n| json!({ "id": format!("bucket-{n}"), "affiliateID": format!("CRM-wi-{n}"), "sources": [format!("source-{n}")] }))
        .collect();
    let leads: Vec<Value> = range
        .clone()
        .map(|n| json!({ "id": format!("{}-lead", word("wi", n)), "email": format!("{}@mail.example", word("wi", n)), "affiliateID": format!("CRM-wi-{n}"),
                         "sourceId": format!("source-{n}"), "status": word("wi", n) }))
        .collect();
    world.sandbox.of("wi").seed(json!({ "buckets": buckets, "leads": leads })).await;

    let of = |n: usize| format!("CRM-trading-{n}");
    let affiliates: Vec<Value> = range
        .clone()
        .map(|n| json!({ "id": of(n), "username": format!("x{n}@example.com"), "password": format!("made-up-password-{n}"), "apiKey": format!("made-up-key-{n}"),
                         "name": word("trading", n), "walletId": 700 + n,
                         "landingPages": [{ "id": "1", "name": word("trading", n), "url": format!("https://broker.example/{}", word("trading", n)) }] }))
        .collect();
    let customers: Vec<Value> = range
        .clone()
        .map(|n| json!({ "affiliate": of(n), "id": format!("{}-lead", word("trading", n)), "email": format!("{}@mail.example", word("trading", n)),
                         "firstname": word("trading", n), "source": word("trading", n), "status": word("trading", n) }))
        .collect();
    let transactions: Vec<Value> =
        range.clone().map(|n| json!({ "affiliate": of(n), "type": "BONUS", "amount": "10.00", "comment": word("trading", n) })).collect();
    let commissions: Vec<Value> = range
        .clone()
        .map(|n| json!({ "affiliate": of(n), "commissionAmount": "5.00", "referralId": format!("{}-lead", word("trading", n)), "actionType": word("trading", n) }))
        .collect();
    let payouts: Vec<Value> =
        range.clone().map(|n| json!({ "affiliate": of(n), "requestedAt": "2026-03-01T00:00:00Z", "rejectedAt": "2026-03-02T00:00:00Z", "rejectReason": word("trading", n) })).collect();
    let records = json!({ "affiliates": affiliates, "customers": customers, "transactions": transactions, "commissions": commissions, "payouts": payouts });
    world.sandbox.of("trading").seed(records).await;

    let utm = |n: usize| json!({ "affiliate_id": format!("CRM-impact-{n}"), "utm_source": word("impact", n), "sub_id": word("impact", n) });
    let person = |n: usize| json!({ "id": format!("{}-lead", word("impact", n)), "email": format!("{}@mail.example", word("impact", n)), "firstName": word("impact", n), "utmDetails": utm(n) });
    let registration = |n: usize| {
        let mut person = person(n);
        person["id"] = json!(format!("{}-customer", word("impact", n)));
        person["accounts"] = json!([{ "loginId": word("impact", n), "platformServer": "mt4-1", "type": "live" }]);
        person
    };
    let transaction = |n: usize| json!({ "transactionId": format!("{}-t", word("impact", n)), "transactionDate": "2026-03-01T00:00:00Z", "amount": "1.00", "loginId": word("impact", n), "platformServer": "mt4-1" });
    let position = |n: usize| json!({ "positionId": format!("{}-p", word("impact", n)), "loginId": word("impact", n), "serverTag": "mt4-1", "closeDate": "2026-03-01T00:00:00Z" });
    let records = json!({
        "servers": { "mt4": ["mt4-1"] },
        "leads": range.clone().map(person).collect::<Vec<_>>(),
        "registrations": range.clone().map(registration).collect::<Vec<_>>(),
        "transactions": range.clone().map(transaction).collect::<Vec<_>>(),
        "positions": range.map(position).collect::<Vec<_>>(),
    });
    world.sandbox.of("impact").seed(records).await;
}

/// Where a route is asked for, about that affiliate: its ids in the path and the body. A route that is not known here is no route.
fn wanted(route: &Route, about: &Affiliate) -> (Method, String, Option<Value>) {
    let path = route.path.replace("{id}", &format!("{}-lead", about.planted()));
    let path = path.replace("{bucket}", &format!("bucket-{}", about.number)).replace("{source}", &format!("source-{}", about.number));
    assert!(!path.contains('{'), "a parameter that this test does not know: {path}");
    let (query, body) = match (route.method, route.path) {
        ("GET", "/capabilities" | "/overview" | "/sources" | "/downline" | "/servers" | "/wallet" | "/links" | "/creatives") => ("", None),
        ("GET", "/leads" | "/registrations" | "/transactions" | "/positions" | "/commissions" | "/payouts") => ("?choices=true", None),
        ("GET", "/leads/{id}") => ("", None),
        ("GET", "/series") => ("?metric=signups", None),
        // Not confirmed: nothing is asked for.
        ("POST", "/payouts") => ("", Some(json!({ "wallet": (700 + about.number).to_string(), "confirmed": false }))),
        ("POST", "/buckets/{bucket}/leads" | "/buckets/{bucket}/leads/{source}") => (
            "",
            Some(
                json!({ "emails": [format!("{}@mail.example", about.planted())], "ids": [format!("{}-lead", about.planted())], "keyBy": "id" }),
            ),
        ),
        ("POST", "/exports") => ("", Some(json!({ "table": "leads" }))),
        (method, path) => panic!("a route that this test does not know: {method} {path}"),
    };
    let method = route.method.parse().expect("a method");
    (method, format!("{ROOT}{path}{query}"), body)
}

async fn ask(world: &World, route: &Route, about: &Affiliate, token: Option<&str>, origin: Option<&str>) -> Answer {
    let (method, path, body) = wanted(route, about);
    let mut request = world.request(method, &path);
    request = origin.into_iter().fold(request, |request, origin| request.header("origin", origin));
    request = token.into_iter().fold(request, |request, token| request.header("authorization", format!("Bearer {token}")));
    send(body.iter().fold(request, |request, body| request.json(body))).await
}

/// That nothing of anybody else's is in it; whether something of this one's is.
fn assert_own(text: &str, own: &Affiliate, all: &[Affiliate], what: &str) -> bool {
    for other in all.iter().filter(|other| other.id != own.id) {
        assert!(!text.contains(&other.planted()), "{what}: {} sees what is {}'s: {text}", own.id, other.id);
        assert!(!text.contains(&format!("\"{}\"", other.id)), "{what}: {} sees {}: {text}", own.id, other.id);
    }
    text.contains(&own.planted())
}

async fn start(folder: &TempDir) -> (World, Vec<Affiliate>) {
    // Of what is read once, nothing changes.
    let world = World::start(setup().set("partner", "fresh_seconds", "3600")).await;
    plant(&world).await;
    let mut affiliates = affiliates();
    add(&world, folder, &affiliates).await;
    for affiliate in &mut affiliates {
        let minted = send(portal(&world, Method::POST, affiliate.secret).json(&json!({ "affiliate": affiliate.id }))).await.json_of(201);
        affiliate.token = minted["token"].as_str().expect("a token").to_owned();
    }
    for affiliate in affiliates.iter().filter(|affiliate| affiliate.crm != "broctagon") {
        harness::until(&format!("the mirror of {}", affiliate.id), async || {
            let route = ROUTES.iter().find(|route| route.path == "/leads").expect("leads");
            let page = ask(&world, route, affiliate, Some(&affiliate.token), Some(affiliate.origin)).await.json_of(200);
            (page["age"]["asOf"].is_string()).then_some(())
        })
        .await;
    }
    (world, affiliates)
}

#[tokio::test]
async fn nobody_sees_what_is_anothers() {
    let folder = TempDir::new().expect("a folder");
    let (world, all) = start(&folder).await;
    for own in &all {
        let mut seen = Vec::new();
        for route in &ROUTES {
            let what = format!("{} {}", route.method, route.path);
            let answer = ask(&world, route, own, Some(&own.token), Some(own.origin)).await;
            assert!(matches!(answer.status, 200 | 201 | 409 | 501 | 404), "{what}: {} {}", answer.status, answer.text());
            let mut text = answer.text();
            if let Some(url) = answer.json()["url"].as_str() {
                text.push_str(&send(world.client.get(url)).await.text());
            }
            if assert_own(&text, own, &all, &what) {
                seen.push(route.path);
            }
            // With another's ids in path and body.
            for other in all.iter().filter(|other| other.id != own.id && other.crm == own.crm) {
                let answer = ask(&world, route, other, Some(&own.token), Some(own.origin)).await;
                let text = answer.text();
                if route.path.contains('{') {
                    assert!(matches!(answer.status, 404 | 501), "{what} of {}: {} {text}", other.id, answer.status);
                }
                assert_own(&text, own, &all, &what);
            }
        }
        let least: &[&str] = match own.crm {
            "wi" => &["/leads", "/leads/{id}", "/registrations", "/buckets/{bucket}/leads", "/buckets/{bucket}/leads/{source}", "/exports"],
            "trading" => &["/leads", "/leads/{id}", "/sources", "/transactions", "/commissions", "/payouts", "/links", "/exports"],
            "impact" => &["/leads", "/leads/{id}", "/transactions", "/positions", "/exports"],
            _ => &[],
        };
        for path in least {
            assert!(seen.contains(path), "{} does not even see its own in {path}: {seen:?}", own.id);
        }
    }
    // Whoever names another affiliate in the query names a column that there is not.
    let (own, other) = (&all[0], &all[1]);
    for name in ["affiliate", "affiliateID", "affiliate_id", "crm_id"] {
        let request = world.request(Method::GET, &format!("{ROOT}/leads?{name}={}", other.id)).header("origin", own.origin);
        let answer = send(request.header("authorization", format!("Bearer {}", own.token))).await;
        answer.problem(422, "invalid");
        let request = world.request(Method::GET, &format!("{ROOT}/overview?{name}={}", other.id)).header("origin", own.origin);
        let text = send(request.header("authorization", format!("Bearer {}", own.token))).await.text();
        assert_own(&text, own, &all, "an overview");
    }
}

#[tokio::test]
async fn a_token_that_is_none_opens_no_route() {
    let folder = TempDir::new().expect("a folder");
    let (world, all) = start(&folder).await;
    let own = &all[OF_EACH];
    let mint = async || {
        let minted = send(portal(&world, Method::POST, own.secret).json(&json!({ "affiliate": own.id }))).await.json_of(201);
        minted["token"].as_str().expect("a token").to_owned()
    };
    let (revoked, expired) = (mint().await, mint().await);
    send(portal(&world, Method::DELETE, own.secret).json(&json!({ "token": revoked }))).await.json_of(200);
    let one_over = format!(
        "UPDATE embed_tokens SET expires_at = 1 WHERE affiliate = '{}' AND hash <> (SELECT hash FROM embed_tokens WHERE affiliate = '{}' ORDER BY expires_at LIMIT 1)",
        own.id, own.id
    );
    world.store.change(&one_over).await;
    let mut altered: Vec<char> = own.token.chars().collect();
    altered[20] = if altered[20] == 'A' { 'B' } else { 'A' };
    let altered: String = altered.into_iter().collect();
    for route in &ROUTES {
        let what = format!("{} {}", route.method, route.path);
        for (kind, bad) in
            [("revoked", revoked.as_str()), ("expired", &expired), ("truncated", &own.token[..42]), ("altered", &altered), ("empty", "")]
        {
            let answer = ask(&world, route, own, Some(bad), Some(own.origin)).await;
            assert_eq!(answer.status, 401, "{what}, {kind}: {}", answer.text());
            assert!(!assert_own(&answer.text(), own, &all, &what));
        }
        assert_eq!(ask(&world, route, own, None, Some(own.origin)).await.status, 401, "{what}");
        let elsewhere = if own.origin == ACME { NORTH } else { ACME };
        for origin in [Some(elsewhere), Some("https://evil.example"), Some("null"), None] {
            let answer = ask(&world, route, own, Some(&own.token), origin).await;
            assert_eq!(answer.status, 403, "{what} from {origin:?}: {}", answer.text());
            assert!(!assert_own(&answer.text(), own, &all, &what));
        }
        // A token that has every scope but this one's.
        if let Opens::Scope(scope) = route.opens {
            let others: Vec<&str> = EVERYTHING.into_iter().filter(|name| *name != scope.as_str()).collect();
            let minted =
                send(portal(&world, Method::POST, own.secret).json(&json!({ "affiliate": own.id, "scopes": others }))).await.json_of(201);
            let answer = ask(&world, route, own, minted["token"].as_str(), Some(own.origin)).await;
            answer.problem(403, "scope");
        }
        assert_ne!(ask(&world, route, own, Some(&own.token), Some(own.origin)).await.status, 401, "the good one is good: {what}");
    }
}
