//! Bodies that no widget sends: each is refused in words, nothing is kept, and the CRM hears of none.

use harness::{Answer, Setup, World, send};
use serde_json::{Value, json};

use crate::words::{assert_errors, text};

async fn post(world: &World, body: impl Into<reqwest::Body>) -> Answer {
    send(world.signup_request().header("content-type", "application/json").body(body)).await
}

async fn nothing_happened(world: &World) {
    assert!(world.sandbox.requests().await.is_empty(), "the CRM heard of it");
    assert!(world.signups().await.is_empty(), "it was kept");
    assert_eq!(world.signup(&world.form().await).await.status, 201, "and the proxy goes on");
}

#[tokio::test]
async fn what_is_not_json_is_a_400() {
    let world = World::start(Setup::new()).await;
    let whole = world.form().await.to_string();
    let deep = format!("{}{}", "[".repeat(15_000), "]".repeat(15_000));
    let deep_fields = format!("{{\"fields\":{}1{}}}", "{\"a\":".repeat(3_000), "}".repeat(3_000));
    let bodies: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b" ".to_vec(),
        b"email=a@b.example&phone=123".to_vec(),
        b"{".to_vec(),
        b"{'fields':{}}".to_vec(),
        b"{\"fields\":{\"email\":\"\xff\xfe\"}}".to_vec(),
        b"{\"fields\":{\"email\":\"\\ud800\"}}".to_vec(),
        b"{\"fields\":{\"email\":\"a\x01b\"}}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        format!("{whole}{whole}").into_bytes(),
        whole.as_bytes()[..whole.len() - 1].to_vec(),
        whole.as_bytes()[..whole.len() / 2].to_vec(),
        deep.into_bytes(),
        deep_fields.into_bytes(),
    ];
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let answer = post(&world, body).await;
        assert_eq!(answer.status, 400, "{shown}: {}", answer.text());
        answer.problem(400, "not-json");
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn json_of_another_shape_is_a_422_that_says_where() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    for body in [json!(null), json!("text"), json!(7), json!([]), json!([form["fields"], form["agreements"], {}, "en", form["formToken"]])]
    {
        assert_errors(&post(&world, body.to_string()).await, &[("", "type")], &body.to_string());
    }
    for (member, value, field) in [
        ("fields", json!([]), "fields"),
        ("fields", json!("x"), "fields"),
        ("fields", Value::Null, "fields"),
        ("agreements", json!("Terms and Conditions"), "agreements"),
        ("agreements", json!({}), "agreements"),
        ("agreements", json!(["Terms and Conditions", 7]), "agreements[1]"),
        ("agreements", json!([["Terms and Conditions"]]), "agreements[0]"),
        ("tracking", json!([]), "tracking"),
        ("tracking", json!("utm_source=x"), "tracking"),
        ("locale", json!(7), "locale"),
        ("locale", json!(["en"]), "locale"),
        ("formToken", json!(7), "formToken"),
        ("formToken", json!({}), "formToken"),
    ] {
        let mut form = form.clone();
        form[member] = value.clone();
        assert_errors(&post(&world, form.to_string()).await, &[(field, "type")], &format!("{member} = {value}"));
    }
    let mut without = form.clone();
    without.as_object_mut().unwrap().remove("fields");
    assert_errors(&post(&world, without.to_string()).await, &[("", "type")], "no fields");
    for member in ["extra", "Fields", "id", "key", "__proto__"] {
        let mut form = form.clone();
        form[member] = json!({});
        assert_errors(&post(&world, form.to_string()).await, &[(member, "unknown_field")], member);
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn an_unknown_field_is_refused() {
    let world = World::start(Setup::new()).await;
    for name in ["nickname", "Email", "email ", "", "middleName", "billing", "billing.region", "agreement-1", "__proto__", "constructor"] {
        let mut form = world.form().await;
        form["fields"][name] = json!("x");
        assert_errors(&world.signup(&form).await, &[(name, "unknown_field")], name);
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn names_of_ten_thousand_characters_are_refused() {
    let world = World::start(Setup::new()).await;
    let long = "x".repeat(10_000);
    for field in ["email", "phone", "firstName", "lastName", "gender", "dateOfBirth", "billing.country", "billing.city"] {
        let mut form = world.form().await;
        form["fields"][field] = json!(long);
        assert_errors(&world.signup(&form).await, &[(field, "too_long")], field);
    }
    let mut form = world.form().await;
    form["fields"][&long] = json!("x");
    assert_errors(&world.signup(&form).await, &[(&long, "unknown_field")], "a field with a long name");
    let mut form = world.form().await;
    form["agreements"] = json!(["Terms and Conditions", long]);
    let answer = world.signup(&form).await;
    assert_errors(&answer, &[("agreements", "option")], "a long agreement");
    assert!(answer.body.len() < 1_000, "what was sent is not sent back at length");
    nothing_happened(&world).await;
}

#[tokio::test]
async fn control_characters_are_refused_everywhere() {
    let world = World::start(Setup::new()).await;
    for character in ['\0', '\u{7}', '\u{1b}', '\n', '\r', '\t', '\u{7f}', '\u{85}', '\u{2028}', '\u{202e}', '\u{2066}', '\u{feff}'] {
        for field in ["firstName", "lastName", "billing.city", "email"] {
            let mut form = world.form().await;
            form["fields"][field] = json!(format!("ab{character}cd"));
            assert_errors(&world.signup(&form).await, &[(field, "characters")], &format!("{field} with {character:?}"));
        }
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn only_json_is_taken() {
    let world = World::start(Setup::new()).await;
    let body = world.form().await.to_string();
    for media_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp", "json", ""]
    {
        let answer = send(world.signup_request().header("content-type", media_type).body(body.clone())).await;
        assert_eq!(answer.status, 415, "{media_type:?}");
        answer.problem(415, "media-type");
    }
    send(world.signup_request().body(body.clone())).await.problem(415, "media-type");
    nothing_happened(&world).await;
    let answer = send(world.signup_request().header("content-type", "Application/JSON ; charset=utf-8").body(body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_a_413() {
    let world = World::start(Setup::new().limit("body_bytes", 2_048)).await;
    let mut form = world.form().await;
    form["tracking"] = json!({ "gclid": "g".repeat(900) });
    assert!(form.to_string().len() < 2_048);
    form["tracking"]["gclid"] = json!("g".repeat(3_000));
    let problem = post(&world, form.to_string()).await.problem(413, "too-large");
    assert!(text(&problem, "/detail").contains("2048"), "{problem}");
    post(&world, "x".repeat(20_000)).await.problem(413, "too-large");
    // In pieces, whose length no header tells.
    send(world.signup_request().header("content-type", "application/json").header("transfer-encoding", "chunked").body("x".repeat(20_000)))
        .await
        .problem(413, "too-large");
    nothing_happened(&world).await;
}
