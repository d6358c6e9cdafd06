//! What a funnel asks of a browser before it takes a signup: proof of work, or a captcha.

use harness::{CAPTCHA_SECRET, Captcha, LANDING, Setup, World, send};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::words::{assert_errors, text};

/// The funnel `demo` asks for work, of a kind that a test has done in no time.
fn work() -> Setup {
    Setup::new().set("work", "bits", "8").edit("least_fill_ms = 0", "least_fill_ms = 0\nchallenge = \"work\"")
}

async fn visit(world: &World, funnel: &str) -> Value {
    send(world.request(Method::POST, &format!("/api/v1/funnels/{funnel}/visits")).header("origin", LANDING)).await.json_of(200)
}

/// Does what `widgets/loader/work.js` does.
fn solve(visit: &Value) -> String {
    assert_eq!(visit["challenge"]["kind"], "work", "{visit}");
    let (_, task) = text(visit, "/challenge/url").split_once("?work=").expect("a task");
    let parts: Vec<_> = task.split('.').collect();
    let (bits, signature): (u32, _) = (parts[1].parse().expect("a number"), parts[3]);
    let zeros = |number: &u32| {
        let hash = Sha256::digest(format!("{signature}.{number}"));
        u32::from_be_bytes(hash[..4].try_into().expect("four bytes")).leading_zeros()
    };
    let number = (0..).find(|number| zeros(number) >= bits).expect("there is one");
    format!("{task}.{number}")
}

/// Somebody's signup with this visit and this proof.
async fn form(world: &World, visit: &Value, proof: Value) -> Value {
    let mut form = world.form().await;
    form["formToken"] = visit["formToken"].clone();
    form["proof"] = proof;
    form
}

async fn reason(world: &World, id: &Value) -> (Value, Value) {
    let stored = world.stored(id).await;
    (stored["state"].clone(), stored["reason"].clone())
}

#[tokio::test]
async fn work_is_asked_for_and_its_proof_is_good_once() {
    let world = World::start(work()).await;
    let visit = visit(&world, "demo").await;
    assert!(text(&visit, "/challenge/url").starts_with(&world.url("/challenge/demo?work=")), "{visit}");
    let proof = solve(&visit);
    let another = solve(&self::visit(&world, "demo").await);
    let (task, _) = proof.rsplit_once('.').expect("a number");
    for (wrong, code) in [
        (Value::Null, "required"),
        (json!("x"), "invalid"),
        (json!(another), "invalid"),
        (json!(format!("{task}.x")), "invalid"),
        (json!("9".repeat(20_000)), "invalid"),
    ] {
        let answer = world.signup(&form(&world, &visit, wrong.clone()).await).await;
        assert_errors(&answer, &[("proof", code)], &wrong.to_string());
    }
    let mut mended = form(&world, &visit, json!(proof)).await;
    mended["fields"]["phone"] = json!("1");
    assert_errors(&world.signup(&mended).await, &[("phone", "phone")], "whoever mends a field has done the work");
    mended["fields"]["phone"] = json!("+442079460958");
    world.signup_with_key(&mended, "k-1").await.json_of(201);
    world.signup_with_key(&mended, "k-1").await.json_of(201);
    let again = world.signup(&form(&world, &visit, json!(proof)).await).await;
    assert_errors(&again, &[("proof", "spent")], "one work, one signup");
    assert_eq!(world.sandbox.users().await.len(), 1);
}

#[tokio::test]
async fn who_cannot_prove_anything_is_parked_and_thanked() {
    let world = World::start(work()).await;
    let visit = visit(&world, "demo").await;
    let body = world.signup(&form(&world, &visit, json!("")).await).await.json_of(202);
    assert_eq!(body["status"], "accepted");
    assert_eq!(reason(&world, &body["id"]).await, (json!("parked"), json!("no-proof")));
    // Without a script: the hosted page's form.
    let page = world.get("/f/demo").await.text();
    let sealed = page.split(r#"name="latchkey" value=""#).nth(1).and_then(|rest| rest.split('"').next()).expect("what goes along");
    let entries = [
        ("latchkey", sealed),
        ("email", "j.script@mail.example"),
        ("phone", "+442079460958"),
        ("firstName", "Jane"),
        ("agreement-1", "on"),
    ];
    let answer = send(world.request(Method::POST, "/f/demo").header("origin", &world.address).form(&entries)).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let stored = world.signups().await;
    let found: Vec<_> = stored.iter().map(|signup| signup["reason"].clone()).collect();
    assert_eq!(found, ["no-proof", "no-proof"]);
    assert!(world.sandbox.requests().await.is_empty(), "a person looks first");
    assert_eq!(world.latchkey(&["signups", "retry", text(&body, "/id")]).await.code, Some(0));
    world.becomes(&body["id"], "registered").await;
}

#[tokio::test]
async fn a_funnel_under_attack_asks_everybody_for_harder_work() {
    let setup = Setup::new().set("work", "attack_per_minute", "3").set("work", "bits", "2").set("work", "bits_under_attack", "6");
    let world = World::start(setup.another_funnel("other")).await;
    let before = visit(&world, "demo").await;
    assert_eq!(before["challenge"], Value::Null);
    for _ in 0..2 {
        world.signup(&world.form().await).await.json_of(201);
    }
    // Refused ones are of an attack too.
    assert_errors(&world.signup(&json!({ "fields": {} })).await, &[("formToken", "required")], "the third");
    assert_errors(&world.signup(&form(&world, &before, Value::Null).await).await, &[("proof", "required")], "the fourth");
    let visit = visit(&world, "demo").await;
    assert!(text(&visit, "/challenge/url").contains(".6."), "{visit}");
    world.signup(&form(&world, &visit, json!(solve(&visit))).await).await.json_of(201);
    assert_eq!(self::visit(&world, "other").await["challenge"], Value::Null, "the others are left alone");
    assert!(world.logs().contains("under attack"), "the operator is told");
}

#[tokio::test]
async fn a_captcha_is_asked_about_and_nobody_is_named() {
    let captcha = Captcha::start().await;
    let world = World::start(captcha.setup()).await;
    let visit = visit(&world, "demo").await;
    assert_eq!(visit["challenge"], json!({ "kind": "captcha", "url": world.url("/challenge/demo") }));
    assert_errors(&world.signup(&form(&world, &visit, Value::Null).await).await, &[("proof", "required")], "none");
    assert!(captcha.asked().is_empty());
    assert_errors(&world.signup(&form(&world, &visit, json!("bad")).await).await, &[("proof", "invalid")], "not solved");
    world.signup(&form(&world, &visit, json!("good-1")).await).await.json_of(201);
    assert_errors(&world.signup(&form(&world, &visit, json!("good-1")).await).await, &[("proof", "invalid")], "told before");
    for asked in captcha.asked() {
        let names: Vec<_> = asked.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["secret", "response"], "neither who, nor from where");
    }
}

#[tokio::test]
async fn a_captcha_that_cannot_be_asked_loses_nobody() {
    let captcha = Captcha::start().await;
    let mut world = World::start(captcha.setup()).await;
    captcha.go_down();
    let parked = async |world: &World| {
        let visit = visit(world, "demo").await;
        let body = world.signup(&form(world, &visit, json!("good-2")).await).await.json_of(202);
        assert_eq!(reason(world, &body["id"]).await, (json!("parked"), json!("captcha-unavailable")));
    };
    parked(&world).await;
    let another = Captcha::start().await;
    world.proxy.tell("CAPTCHA_SECRET", Some("made-up-wrong-secret"));
    world.proxy.tell("LATCHKEY__CAPTCHAS__SELLER__VERIFY_URL", Some(&another.verify_url()));
    world.terminate();
    world.exit().await;
    world.restart().await;
    parked(&world).await;
    assert_eq!(another.asked().len(), 1);
    assert!(world.logs().contains("invalid-input-secret") && !world.logs().contains("made-up-wrong-secret"), "{}", world.logs());
    assert!(world.sandbox.requests().await.is_empty());
}

#[tokio::test]
async fn the_page_of_a_challenge_is_for_the_funnels_pages_and_holds_no_secret() {
    let captcha = Captcha::start().await;
    let world = World::start(captcha.setup().another_funnel("other")).await;
    let page = world.get("/challenge/demo").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{}", page.text());
    let (html, policy) = (page.text(), page.header("content-security-policy"));
    assert!(html.contains(r#"data-captcha="turnstile""#) && html.contains("made-up-site-key"), "{html}");
    assert!(html.contains(&format!(r#"content="{LANDING} {}""#, world.address)), "{html}");
    assert!(policy.contains(&format!("frame-ancestors {LANDING} {};", world.address)), "{policy}");
    assert!(policy.contains("https://challenges.cloudflare.com") && policy.contains("script-src 'self' http://127.0.0.1:"), "{policy}");
    assert!(!html.contains(CAPTCHA_SECRET));
    // Work is for whoever is under attack.
    let page = world.get("/challenge/other?work=a.%22%3E1.b.c").await;
    let (html, policy) = (page.text(), page.header("content-security-policy"));
    assert!(html.contains(r#"data-work="a.&quot;&gt;1.b.c""#), "{html}");
    assert!(
        policy.contains("script-src 'self'; worker-src 'self'") && !policy.contains("unsafe") && !policy.contains("https://c"),
        "{policy}"
    );
    for script in ["challenge.js", "work.js"] {
        let folder = html.split("/assets/").nth(1).and_then(|rest| rest.split('/').next()).expect("the script's address");
        let script = world.get(&format!("/assets/{folder}/{script}")).await;
        assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));
    }
    world.get("/challenge/other").await.problem(404, "not-found");
    world.get("/challenge/nobody").await.problem(404, "unknown-funnel");
}
