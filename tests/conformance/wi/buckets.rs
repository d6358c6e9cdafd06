//! Wi's "Buckets Leads Status API".

use harness::{Program, SECRETS, Setup, World};
use serde_json::{Value, json};

use crate::command::ask as asked;

const TOKEN: &str = "sandbox-wi-token";
const BUCKET: &str = "69ce524d741e8f2238329fff";

const TABLES: &str = r#"
[[affiliates]]
id = "b-1"
connection = "wi"
crm_id = "1234567890"
buckets = [{ id = "69ce524d741e8f2238329fff", sources = ["facebook_ads"] }]
[[affiliates]]
id = "b-2"
connection = "wi"
crm_id = "2"
buckets = [{ id = "bucket-2" }]
credential = { api_key = "env:OWN_TOKEN" }
"#;

fn setup() -> Setup {
    Setup::new()
        .set("connections.wi", "identification_token", r#""env:WI_TOKEN""#)
        .set("connections.wi", "crm_url", "\"{sandbox}/wi\"")
        .set("connections.wi", "timeout_seconds", "1")
        .more(TABLES)
}

async fn start() -> World {
    let world = World::start(setup()).await;
    seed(&world).await;
    world
}

async fn seed(world: &World) {
    let buckets = json!([{"id": BUCKET, "affiliateID": "1234567890", "sources": ["facebook_ads"]}, {"id": "bucket-2", "affiliateID": "2"}]);
    let leads = json!([
        {"id": BUCKET, "email": "user1@example.com", "affiliateID": "1234567890", "sourceId": "facebook_ads",
         "createdDate": "2021-01-01T00:00:00.000Z", "ftd": "2021-01-01T00:00:00.000Z"},
        {"id": "l-2", "email": "user2@example.com", "affiliateID": "1234567890", "createdDate": "2024-01-01T00:00:00.000Z", "ftd": null},
    ]);
    let tokens = json!([{"token": "made-up-token-2", "affiliateID": "2"}]);
    world.sandbox.seed(json!({"buckets": buckets, "leads": leads, "tokens": tokens})).await;
}

fn ask<'a>(operation: &'a str, settings: &[&'a str], affiliate: Option<&'a str>) -> Vec<&'a str> {
    let mut arguments = vec!["wi", operation];
    settings.iter().for_each(|setting| arguments.extend(["--set", setting]));
    affiliate.into_iter().for_each(|affiliate| arguments.extend(["--affiliate", affiliate]));
    arguments
}

const OF: [&str; 2] = ["bucket=69ce524d741e8f2238329fff", "affiliateID=\"1234567890\""];

async fn last(world: &World) -> Value {
    world.sandbox.requests().await.pop().expect("a request")
}

#[tokio::test]
async fn the_examples_of_the_document_on_the_wire() {
    let world = start().await;
    let path = format!("/api/public/buckets/{BUCKET}/1234567890/leads");
    let found = json!({"user1@example.com": {
        "id": BUCKET, "email": "user1@example.com", "affiliateID": "1234567890", "status": "active",
        "createdDate": "2021-01-01T00:00:00.000Z", "ftd": "2021-01-01T00:00:00.000Z",
    }});
    // "Request body".
    let settings = [
        &OF[..],
        &["emails=[\"user1@example.com\"]", "ids=[\"69ce524d741e8f2238329fff\"]", "keyBy=email"],
        &["createdDate=[\"1676172330450\",\"1776172330450\"]", "limit=100", "offset=0"],
    ]
    .concat();
    assert_eq!(asked(&world, &ask("BucketLeads", &settings, None)).await, Ok(json!({})), "created before");
    let request = last(&world).await;
    assert_eq!((&request["method"], &request["path"], request.get("query")), (&json!("POST"), &json!(path), None));
    assert_eq!((&request["headers"]["authorization"], &request["headers"]["content-type"]), (&json!(TOKEN), &json!("application/json")));
    assert_eq!(request["headers"].get("x-api-key"), None);
    assert_eq!(
        request["body"],
        json!({"emails": ["user1@example.com"], "ids": [BUCKET], "keyBy": "email",
               "filters": {"createdDate": ["1676172330450", "1776172330450"]}, "limit": 100, "offset": 0})
    );
    // "Without sourceId".
    let settings = [&OF[..], &["emails=[\"user1@example.com\"]", "ids=[\"69ce524d741e8f2238329fff\"]", "limit=50", "offset=0"]].concat();
    let answer = asked(&world, &ask("BucketLeads", &settings, None)).await.expect("leads");
    let created = answer["user1@example.com"]["createdDate"].clone();
    assert!(created.as_str().is_some_and(|date| date.starts_with("2021-01-01T00:00:00")), "{created}");
    let mut expected = found.clone();
    for member in ["createdDate", "ftd"] {
        expected["user1@example.com"][member] = answer["user1@example.com"][member].clone();
    }
    assert_eq!(answer, expected);
    assert_eq!(last(&world).await["body"], json!({"emails": ["user1@example.com"], "ids": [BUCKET], "limit": 50, "offset": 0}));
    // "With sourceId".
    let settings = [&OF[..], &["source=facebook_ads", "createdDate=[1676172330450,\"2026-04-14T13:12:10.450Z\"]"]].concat();
    assert_eq!(asked(&world, &ask("BucketLeadsBySource", &settings, None)).await, Ok(json!({})));
    let request = last(&world).await;
    assert_eq!(request["path"], format!("{path}/facebook_ads"));
    assert_eq!(request["body"], json!({"filters": {"createdDate": ["1676172330450", "1776172330450"]}}));
}

#[tokio::test]
async fn missing_members_are_absent() {
    let world = start().await;
    let answer = asked(&world, &ask("BucketLeads", &[&OF[..], &["keyBy=id"]].concat(), None)).await.expect("leads");
    let second = &answer["l-2"];
    assert_eq!((second.get("ftd"), &second["email"], &second["status"]), (None, &json!("user2@example.com"), &json!("active")));
    assert_eq!(last(&world).await["body"], json!({"keyBy": "id"}));
}

#[tokio::test]
async fn any_number_of_keys_is_looked_up_by_hundreds() {
    let world = start().await;
    let lead = |number: usize| json!({"id": format!("n-{number}"), "email": format!("n{number}@example.com"), "affiliateID": "1234567890"});
    let leads: Vec<_> = (0..250).map(lead).collect();
    world.sandbox.seed(json!({ "leads": leads })).await;
    let emails: Vec<_> = (0..240).map(|number| format!("n{number}@example.com")).collect();
    let emails = format!("emails={}", json!(emails));
    let ids = format!("ids={}", json!(["n-240", "n-241", "n-1", "unknown"]));
    let answer = asked(&world, &ask("BucketLeads", &[&OF[..], &[&emails, &ids]].concat(), None)).await.expect("leads");
    assert_eq!(answer.as_object().map(serde_json::Map::len), Some(242), "each once");
    assert!(answer.get("n241@example.com").is_some());
    let sizes: Vec<_> =
        world.sandbox.bodies().await.iter().map(|body| ["emails", "ids"].map(|name| body[name].as_array().map_or(0, Vec::len))).collect();
    // A full page has to be asked behind.
    assert_eq!(sizes, [[100, 0], [100, 0], [100, 0], [100, 0], [40, 0], [0, 4]]);
    let error = asked(&world, &ask("BucketLeads", &[&OF[..], &[&emails, "limit=10"]].concat(), None)).await.expect_err("refused");
    assert!(error.contains("limit and offset"), "{error}");
}

#[tokio::test]
async fn a_list_goes_by_id_until_a_page_is_empty() {
    let world = start().await;
    let lead =
        |number: usize| json!({"id": format!("n-{number}"), "email": format!("n{}@example.com", number / 2), "affiliateID": "1234567890"});
    let leads: Vec<_> = (0..248).map(lead).collect();
    world.sandbox.seed(json!({ "leads": leads })).await;
    let answer = asked(&world, &ask("BucketLeads", &["bucket=69ce524d741e8f2238329fff", "all=true"], Some("b-1"))).await.expect("leads");
    assert_eq!(answer.as_object().map(serde_json::Map::len), Some(250), "two with one address are two");
    let bodies = world.sandbox.bodies().await;
    let page = |offset: u32| json!({"keyBy": "id", "limit": 100, "offset": offset});
    assert_eq!(bodies, [page(0), page(100), page(200), page(300)]);
    // Looked up by their address, the one created last stays; by id, both are there.
    let by_email = asked(&world, &ask("BucketLeads", &[&OF[..], &["emails=[\"n0@example.com\"]"]].concat(), None)).await.expect("leads");
    assert_eq!(by_email.as_object().map(serde_json::Map::len), Some(1));
    let by_id = asked(&world, &ask("BucketLeads", &[&OF[..], &["emails=[\"n0@example.com\"]", "keyBy=id"]].concat(), None)).await;
    assert_eq!(by_id.expect("leads").as_object().map(serde_json::Map::len), Some(2));
}

#[tokio::test]
async fn an_affiliate_is_let_into_its_own_buckets() {
    let world = start().await;
    let own = ["bucket=bucket-2"];
    assert_eq!(asked(&world, &ask("BucketLeads", &own, Some("b-2"))).await, Ok(json!({})));
    let request = last(&world).await;
    assert_eq!(
        (&request["headers"]["authorization"], &request["path"]),
        (&json!("made-up-token-2"), &json!("/api/public/buckets/bucket-2/2/leads"))
    );
    let count = world.sandbox.requests().await.len();
    let bucket = "bucket=69ce524d741e8f2238329fff";
    for (operation, settings, affiliate, words) in [
        ("BucketLeads", &[bucket][..], Some("b-2"), "bucket: affiliate b-2 has no such bucket"),
        ("BucketLeads", &["bucket=bucket-2", "affiliateID=\"1234567890\""], Some("b-2"), "affiliateID: is not that of affiliate b-2"),
        ("BucketLeadsBySource", &["bucket=bucket-2", "source=any"], Some("b-2"), "has no such source"),
        ("BucketLeadsBySource", &[bucket, "source=google"], Some("b-1"), "has no such source"),
        ("BucketLeadsBySource", &[bucket], Some("b-1"), "source: is demanded"),
        ("BucketLeads", &[bucket, "source=facebook_ads"], Some("b-1"), "source: is for BucketLeadsBySource"),
        ("BucketLeads", &[bucket], None, "affiliateID: is demanded"),
        ("BucketLeads", &[], Some("b-1"), "missing field `bucket`"),
        ("BucketLeads", &["bucket=..", "affiliateID=x"], None, "cannot stand in an address"),
        ("BucketLeads", &[bucket, "createdDate=[\"2\",\"1\"]"], Some("b-1"), "createdDate: ends before it begins"),
        ("BucketLeads", &[bucket, "createdDate=[\"yesterday\",\"1\"]"], Some("b-1"), "createdDate: is neither"),
        ("BucketLeads", &[bucket, "all=true", "limit=5"], Some("b-1"), "all: goes with neither"),
        ("BucketLeads", &[bucket, "limit=0"], Some("b-1"), "limit: is at least 1"),
        ("BucketLeads", &[bucket, "keyBy=phone"], Some("b-1"), "keyBy"),
        ("BucketLeads", &[bucket, "colour=red"], Some("b-1"), "unknown field"),
    ] {
        let error = asked(&world, &ask(operation, settings, affiliate)).await.expect_err("refused");
        assert!(error.contains(words), "{settings:?}: {error}");
    }
    assert_eq!(world.sandbox.requests().await.len(), count, "none of it reached the CRM");
}

#[tokio::test]
async fn every_error_of_the_document() {
    let world = start().await;
    let token = |more: Value| {
        let mut token = json!({ "token": TOKEN });
        token.as_object_mut().expect("a table").extend(more.as_object().expect("a table").clone());
        json!({ "tokens": [token] })
    };
    for (records, settings, let_us, words) in [
        (json!({}), &["bucket=none", "affiliateID=1"][..], false, "the CRM has no such bucket: Bucket with"),
        (json!({}), &["bucket=bucket-2", "affiliateID=\"1\""], false, "the bucket is another affiliate's in the CRM: Provided bucketId"),
        (json!({}), &[OF[0], OF[1], "source=google"], false, "the source is not the bucket's in the CRM: Provided sourceId"),
        (token(json!({"permissions": []})), &OF, true, "\"Buckets: View Own\""),
        (token(json!({"expires": "2020-01-01"})), &OF, true, "CODE: X-0005"),
        (token(json!({"ips": ["192.0.2.1"]})), &OF, true, "its whitelist lacks this machine's address"),
        (json!({"invalidTokenStatus": 400}), &OF, true, "Invalid or missing token"),
    ] {
        world.sandbox.seed(records).await;
        let settings: Vec<_> =
            settings.iter().map(|setting| if *setting == "affiliateID=1" { "affiliateID=\"1\"" } else { setting }).collect();
        let operation = if settings.iter().any(|setting| setting.starts_with("source")) { "BucketLeadsBySource" } else { "BucketLeads" };
        let error = asked(&world, &ask(operation, &settings, None)).await.expect_err("refused");
        let start = if let_us { "the CRM does not let us" } else { "the CRM refuses" };
        assert!(error.contains(start) && error.contains(words), "{words}: {error}");
    }
}

#[tokio::test]
async fn every_hostile_answer() {
    let world = start().await;
    for (fault, words) in [
        (json!({"kind": "html"}), "cannot be read"),
        (json!({"kind": "redirect"}), "redirects are not followed"),
        (json!({"kind": "status", "status": 500}), "does not answer"),
        (json!({"kind": "status", "status": 403}), "does not let us"),
        (json!({"kind": "status", "status": 404}), "crm_url"),
        (json!({"kind": "rate-limited", "retryAfterSeconds": 7}), "slow down"),
        (json!({"kind": "reset-before"}), "does not answer"),
        (json!({"kind": "reset-after"}), "does not answer"),
        (json!({"kind": "broken-json"}), "cannot be read"),
        (json!({"kind": "empty"}), "cannot be read"),
        (json!({"kind": "huge-body", "bytes": 30_000_000}), "cannot be read"),
        (json!({"kind": "slow-body", "ms": 3_000}), "cannot be read"),
        (json!({"kind": "nulls"}), "lead 1: is not an object"),
        (json!({"kind": "other-types"}), "lead 1: "),
        (json!({"kind": "delay", "ms": 3_000}), "does not answer"),
    ] {
        world.sandbox.fault(fault.clone()).await;
        let error = asked(&world, &ask("BucketLeads", &OF, None)).await.expect_err("no answer");
        assert!(error.contains(words), "{fault}: {error}");
        assert!(!error.contains("user1@example.com"), "{fault}: {error}");
    }
    world.sandbox.fault(json!({"kind": "no-members"})).await;
    assert_eq!(asked(&world, &ask("BucketLeads", &OF, None)).await, Ok(json!({})), "an object without members is nobody found");
}

#[tokio::test]
async fn check_tries_each_affiliates_bucket() {
    let world = start().await;
    let lines = |stdout: &str| stdout.lines().filter(|line| line.contains("connection wi: ")).map(str::to_owned).collect::<Vec<_>>();
    let ended = world.latchkey(&["check"]).await;
    assert_eq!(ended.code, Some(0), "{} {}", ended.stdout, ended.stderr);
    let ready = |what: &str| format!("ok: connection wi: {what}: the CRM answers and accepts it");
    let good = [ready("signup_key"), ready(&format!("bucket {BUCKET} of affiliate b-1")), ready("bucket bucket-2 of affiliate b-2")];
    assert_eq!(lines(&ended.stdout), good);
    assert!(!ended.stdout.contains("warning"), "{}", ended.stdout);
    let bodies: Vec<_> = world.sandbox.bodies().await;
    assert_eq!(bodies, [json!({}), json!({"limit": 1}), json!({"limit": 1})]);
    let environment = SECRETS.map(|(name, value)| (name, if name == "WI_TOKEN" { "another-made-up-token" } else { value }));
    let denied = Program::run("latchkey", world.folder(), &["check"], &environment).await;
    assert_eq!(denied.code, Some(1));
    assert!(lines(&denied.stdout)[1].contains("is not accepted") && lines(&denied.stdout)[1].contains("X-0005"), "{}", denied.stdout);
    assert!(lines(&denied.stdout)[2].starts_with("ok: "), "its own token goes first: {}", denied.stdout);
    let path = world.folder().join("latchkey.toml");
    let config = std::fs::read_to_string(&path).expect("the configuration");
    let without: Vec<_> = config.lines().filter(|line| !line.starts_with("buckets = ")).collect();
    std::fs::write(&path, without.join("\n")).expect("written");
    let untried = world.latchkey(&["check"]).await;
    assert_eq!(untried.code, Some(0));
    assert!(
        untried.stdout.contains("warning: connection wi: identification_token: not tried: no affiliate has a bucket"),
        "{}",
        untried.stdout
    );
}
