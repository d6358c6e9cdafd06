//! Nothing that a browser can get, and nothing on the disk in plain, holds what it must not: built with known values, then
//! searched for.

use std::io::Read;

use harness::{Answer, CRM_KEY, DESK, LANDING, PINNED_AFFILIATE, PROJECT, STORE_KEY, Setup, World, send, until};
use reqwest::Method;
use serde_json::{Value, json};

/// Everything that a browser was told, headers and all.
struct Told(Vec<(String, Vec<u8>)>);

impl Told {
    /// `/go`'s `Location` is the one place where the CRM's address may stand, for the visitor alone.
    fn add(&mut self, what: &str, answer: &Answer) {
        let mut bytes = answer.body.clone();
        for (name, value) in &answer.headers {
            if what != "go" || name != "location" {
                bytes.extend([b"\n", name.as_str().as_bytes(), b": ", value.as_bytes()].concat());
            }
        }
        let mut decoded = Vec::new();
        match answer.header("content-encoding") {
            "br" => drop(brotli::Decompressor::new(&answer.body[..], 4096).read_to_end(&mut decoded).expect("brotli")),
            "gzip" => drop(flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut decoded).expect("gzip")),
            _ => {}
        }
        bytes.extend(decoded);
        self.0.push((what.to_owned(), bytes));
    }

    fn assert_without(&self, needles: &[String]) {
        for needle in needles {
            assert!(needle.len() >= 6, "{needle:?} is too short to search for");
            for (what, bytes) in &self.0 {
                assert!(!holds(bytes, needle), "{what} holds {needle:?}: {}", String::from_utf8_lossy(bytes));
            }
        }
    }
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

async fn asset_paths(world: &World) -> Vec<String> {
    let loader = world.get("/embed/latchkey.js").await.text();
    let line = loader.lines().next().and_then(|line| line.strip_prefix("const LATCHKEY=")?.strip_suffix(';')).expect("the loader's line");
    let line: Value = serde_json::from_str(line).expect("JSON");
    let elements = line["partner"]["elements"].as_object().expect("the portal's elements");
    let code = std::iter::once(&line).chain(elements.values());
    code.flat_map(|code| ["glue", "wasm"].map(|member| format!("/{}", code[member].as_str().expect("an address")))).collect()
}

#[tokio::test]
async fn no_secret_and_no_crm_address_in_anything_that_a_browser_gets() {
    let world = World::start(Setup::new().patience(1_000)).await;
    let mut told = Told(Vec::new());
    let mut links = Vec::new();

    let mut files = asset_paths(&world).await;
    assert_eq!(files.len(), 6);
    files.extend(
        [
            "/embed/demo.js",
            "/embed/demo.js?locale=de",
            "/embed/latchkey.js",
            "/embed/partner.json",
            "/api/v1/funnels/demo",
            "/healthz",
            "/readyz",
        ]
        .map(str::to_owned),
    );
    for path in &files {
        for encoding in ["br", "gzip", "identity"] {
            let answer = send(world.request(Method::GET, path).header("accept-encoding", encoding).header("origin", LANDING)).await;
            assert_eq!(answer.status, 200, "{path}");
            told.add(path, &answer);
        }
    }
    let visits = || world.request(Method::POST, "/api/v1/funnels/demo/visits").header("origin", LANDING);
    told.add("visit", &send(visits()).await);
    told.add("preflight", &send(world.request(Method::OPTIONS, "/api/v1/funnels/demo/signups").header("origin", LANDING)).await);

    // Every way that a signup ends, and its status.
    let faults = [
        (Value::Null, 201),
        (json!({ "kind": "no-link" }), 201),
        (json!({ "kind": "foreign-link" }), 201),
        (json!({ "kind": "script-link" }), 201),
        (json!({ "kind": "status", "status": 500 }), 202),
        (json!({ "kind": "status", "status": 401 }), 202),
        (json!({ "kind": "reset-after" }), 202),
        (json!({ "kind": "broken-json" }), 202),
        (json!({ "kind": "html" }), 202),
        (json!({ "kind": "redirect", "to": format!("{}/elsewhere", world.sandbox.origin) }), 202),
        (json!({ "kind": "refuse", "message": format!("{} already exists at {}", CRM_KEY, world.sandbox.origin) }), 409),
        (json!({ "kind": "refuse", "message": format!("Phone is refused by desk {DESK} at {}", world.sandbox.origin) }), 422),
        (json!({ "kind": "refuse", "message": format!("closed; key {CRM_KEY}") }), 422),
        // What only the configuration sets is no visitor's fault: they are thanked.
        (json!({ "kind": "refuse", "message": format!("desk {DESK} is closed; key {CRM_KEY}") }), 202),
        (json!({ "kind": "delay", "ms": 1_500 }), 202),
    ];
    for (fault, status) in faults {
        if !fault.is_null() {
            world.sandbox.fault(fault.clone()).await;
        }
        let answer = world.signup(&world.form().await).await;
        assert_eq!(answer.status, status, "{fault}");
        told.add(&format!("the answer to {fault}"), &answer);
        let body = answer.json();
        if let (Some(id), Some(key)) = (body["id"].as_str(), body["key"].as_str()) {
            told.add(&format!("the status after {fault}"), &world.status(id, key).await);
        }
        if let Some(url) = body.pointer("/next/url").and_then(Value::as_str).filter(|_| status == 201) {
            told.add("head", &send(world.client.head(url)).await);
            told.add("prefetch", &send(world.client.get(url).header("sec-purpose", "prefetch")).await);
            told.add("frame", &send(world.client.get(url).header("sec-fetch-dest", "iframe")).await);
            let go = send(world.client.get(url)).await;
            assert_eq!(go.status, 303);
            links.push(go.header("location").to_owned());
            told.add("go", &go);
        }
    }
    assert_eq!(links.len(), 1);

    // Every refusal.
    let form = world.form().await;
    for (field, value) in [("desk", json!(DESK)), ("email", json!("wrong")), ("phone", json!(7))] {
        let mut form = form.clone();
        form["fields"][field] = value;
        // What the page itself sent may be named; the value that it sent is not.
        told.add(&format!("{field} refused"), &world.signup(&form).await);
    }
    told.add("no origin", &send(world.request(Method::POST, "/api/v1/funnels/demo/signups").json(&form)).await);
    told.add("not JSON", &send(world.signup_request().header("content-type", "application/json").body("{")).await);
    told.add("media type", &send(world.signup_request().body("x")).await);
    told.add("too large", &send(world.signup_request().header("content-type", "application/json").body("x".repeat(40_000))).await);
    for path in [
        "/",
        "/metrics",
        "/embed/none.js",
        "/assets/x/y",
        "/go/x",
        "/api/v1/signups/x",
        "/api/v1/funnels/none",
        "/f/demo",
        "/.env",
        "/latchkey.toml",
    ] {
        told.add(path, &world.get(path).await);
    }
    assert!(told.0.len() > 60, "{} answers were looked at", told.0.len());

    let compressed = |needle: &str| told.0.iter().filter(|(what, bytes)| what.starts_with("/embed/demo") && holds(bytes, needle)).count();
    assert_eq!(compressed("firstName"), 6, "the search sees through every encoding");

    let host = world.sandbox.origin.strip_prefix("http://").unwrap().to_owned();
    let mut needles: Vec<String> =
        [CRM_KEY, STORE_KEY, PROJECT, DESK, PINNED_AFFILIATE, "tradersroom", "/autologin/", "evil.example", "x-api-key", "WI_SIGNUP_KEY"]
            .map(str::to_owned)
            .to_vec();
    needles.push(host);
    needles.extend(links);
    told.assert_without(&needles);
}

/// The demo's funnels of the other CRMs, and what a visitor sends who has filled them in.
fn of_the_others() -> [(&'static str, &'static str, Value); 3] {
    let trading = json!({
        "firstname": "Jane", "lastname": "Doe", "email": "jane@mail.example", "mobilenumber": "+442079460958", "country": "GB",
    });
    let impact = json!({
        "firstName": "Jane", "lastName": "Doe", "email": "jane@mail.example", "phone": "+442079460958", "natonalityCountryCode": "GB",
    });
    let broctagon = json!({
        "name": "Jane Doe", "email": "jane@mail.example", "custom_fields.date_of_birth": "1990-01-02", "custom_fields.country": "DE",
        "custom_fields.state": "DE-BE", "custom_fields.city": "berlin", "custom_fields.terms": "true", "kyc.custom_fields.nationality": "DE",
        "kyc.custom_fields.address": "1 Made-up Street", "email_code": "000000",
    });
    [
        ("trading", include_str!("../examples/demo/funnels/trading.toml"), trading),
        ("impact", include_str!("../examples/demo/funnels/impact.toml"), impact),
        ("broctagon", include_str!("../examples/demo/funnels/broctagon.toml"), broctagon),
    ]
}

#[tokio::test]
async fn nor_does_anything_of_the_other_crms() {
    let setup = of_the_others().iter().fold(Setup::new().patience(2_000), |setup, (kind, funnel, _)| {
        let funnel = funnel.replace("http://127.0.0.1:8000", LANDING);
        setup.connect(kind).funnel(kind, &format!("{funnel}\n[bots]\nleast_fill_ms = 0\n"))
    });
    let world = World::start(setup).await;
    let mut told = Told(Vec::new());
    let mut links = Vec::new();
    for (kind, _, fields) in of_the_others() {
        let path = |rest: &str| format!("/api/v1/funnels/{kind}{rest}");
        until("the funnel is there", async || (world.get(&path("")).await.status == 200).then_some(())).await;
        for page in [path(""), path("/options/custom_fields.country"), path("/options/country"), path("/options/none")] {
            told.add(&page, &send(world.request(Method::GET, &page).header("origin", LANDING)).await);
        }
        told.add("loader", &world.get(&format!("/embed/{kind}.js")).await);
        let crm = world.sandbox.of(kind);
        let words = format!("somebody refuses this at {}", world.sandbox.origin);
        let faults = [
            json!({ "kind": "refuse", "message": words }),
            json!({ "kind": "status", "status": 401 }),
            json!({ "kind": "status", "status": 403 }),
            json!({ "kind": "html" }),
            json!({ "kind": "broken-json" }),
            json!({ "kind": "foreign-link" }),
            Value::Null,
        ];
        for (number, fault) in faults.into_iter().enumerate() {
            let token = world.visit_of(kind).await;
            let mut fields = fields.clone();
            fields["email"] = format!("jane.{kind}.{number}@mail.example").into();
            if !fault.is_null() {
                crm.fault(fault.clone()).await;
            }
            let code = json!({ "field": "email_code", "fields": fields, "formToken": token, "locale": "en" });
            told.add("code", &send(world.request(Method::POST, &path("/codes")).header("origin", LANDING).json(&code)).await);
            crm.no_faults().await;
            if !fault.is_null() {
                crm.fault(fault.clone()).await;
            }
            let agreements: &[&str] = if kind == "impact" { &["Terms and Conditions"] } else { &[] };
            let body = json!({ "fields": fields, "agreements": agreements, "formToken": token, "locale": "en" });
            let answer = send(world.request(Method::POST, &path("/signups")).header("origin", LANDING).json(&body)).await;
            told.add(&format!("{kind}: the answer to {fault}"), &answer);
            crm.no_faults().await;
            let told_url = answer.json().pointer("/next/url").and_then(Value::as_str).map(str::to_owned);
            if let Some(url) = told_url.filter(|url| url.contains("/go/")) {
                let go = send(world.client.get(&url)).await;
                links.push(go.header("location").to_owned());
                told.add("go", &go);
            }
        }
    }
    // Impact's "foreign link" is a token with an address in it, which stays a token.
    assert_eq!(links.len(), 3, "two of the three log their clients in: {links:?}");
    let host = world.sandbox.origin.strip_prefix("http://").unwrap().to_owned();
    let mut needles: Vec<String> = harness::SECRETS.iter().map(|(_, secret)| (*secret).to_owned()).collect();
    needles.extend(["brand.example", "evil.example", "x-api-key", "x-domain", "TRADING_KEY", "refreshToken", "sha256="].map(str::to_owned));
    needles.push(host);
    needles.extend(links);
    told.assert_without(&needles);
}

#[tokio::test]
async fn a_ticket_leads_to_the_link_in_its_location_only() {
    let world = World::start(Setup::new()).await;
    let answer = world.signup(&world.form().await).await.json_of(201);
    let go = send(world.client.get(answer["next"]["url"].as_str().unwrap())).await;
    let location = go.header("location");
    assert!(location.contains("/autologin/"));
    let others = go.headers.iter().filter(|(_, value)| value.as_bytes() == location.as_bytes()).count();
    assert_eq!((others, go.body.len()), (1, 0));
}

#[tokio::test]
async fn personal_data_and_links_are_sealed_on_the_disk() {
    // In SQLite's file, which can be searched whole. PostgreSQL is given the same bytes: they are sealed before.
    let mut world = World::start(Setup::new().patience(500).behind_a_proxy().on_sqlite()).await;
    let mut needles: Vec<String> =
        ["zebulonia", "quackenbush", "442079460958", "1990-02-28", "203.0.113.77", "sealed-gclid", CRM_KEY, STORE_KEY]
            .map(str::to_owned)
            .to_vec();
    let faults = [
        Value::Null,
        json!({ "kind": "refuse", "message": "Zebulonia already exists" }),
        json!({ "kind": "status", "status": 500 }),
        json!({ "kind": "foreign-link" }),
        json!({ "kind": "delay", "ms": 20_000 }),
    ];
    for (index, fault) in faults.iter().enumerate() {
        if !fault.is_null() {
            world.sandbox.fault(fault.clone()).await;
        }
        let mut form = world.form().await;
        form["fields"] = json!({
            "email": format!("zebulonia.{index}@private.example"), "phone": "+44 20 7946 0958", "firstName": "Zebulonia",
            "lastName": "Quackenbush", "dateOfBirth": "1990-02-28",
        });
        form["tracking"] = json!({ "gclid": "sealed-gclid" });
        let key = format!("idempotency-key-{index}");
        let request = world.signup_request().header("idempotency-key", &key).header("x-forwarded-for", "203.0.113.77").json(&form);
        let answer = send(request).await.json();
        if let Some(url) = answer.pointer("/next/url").and_then(Value::as_str).filter(|url| url.contains("/go/")) {
            needles.push(send(world.client.get(url)).await.header("location").to_owned());
        }
        needles.push(key);
    }
    needles.extend(["private.example".to_owned(), "/autologin/".to_owned(), "evil.example".to_owned()]);
    let search = |world: &World| {
        let files = world.database_files();
        assert!(!files.is_empty());
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            for needle in &needles {
                assert!(!holds(&bytes, needle), "{needle:?} is in {}", file.file_name().unwrap().display());
            }
        }
    };
    search(&world);
    world.kill();
    search(&world);
    world.restart().await;
    world.terminate();
    assert!(world.exit().await.success());
    search(&world);
    let ids: Vec<_> = world.signups().await.iter().map(|signup| signup["id"].as_str().unwrap().to_owned()).collect();
    let mut emails = String::new();
    for id in &ids {
        emails.push_str(&world.latchkey(&["signups", "show", id, "--personal"]).await.stdout);
    }
    // Each as a field, and as what tells people apart.
    assert_eq!(emails.matches("@private.example").count(), 10, "with the key it is all there");
}
