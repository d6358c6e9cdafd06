//! Form tokens: a signup comes with the token of a visit of its funnel, in its time.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use harness::{STORE_KEY, Setup, World};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::words::assert_errors;

/// Signs as the proxy does, so that a token of another time can be had without waiting for it.
fn signed(funnel: &str, body: &str) -> String {
    let mut key = [0; 32];
    hkdf::Hkdf::<Sha256>::new(None, STORE_KEY.as_bytes()).expand(b"latchkey sign", &mut key).expect("32 bytes");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key of any length");
    mac.update(format!("form token\0{funnel}.{body}").as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..16]))
}

#[tokio::test]
async fn a_signup_needs_the_token_of_a_visit() {
    let world = World::start(Setup::new().another_funnel("other")).await;
    let good = world.visit().await;
    let expired = signed("demo", "00000000000040008000000000000001.1700000000000.1700007200");
    let (body, signature) = expired.rsplit_once('.').unwrap();
    let later = format!("{}.{signature}", body.replace("1700007200", "4100000000"));
    for (token, code) in [
        (json!(""), "invalid"),
        (json!("x"), "invalid"),
        (json!("...."), "invalid"),
        (json!("a.b.c.d"), "invalid"),
        (json!(format!("{good}x")), "invalid"),
        (json!(good[..good.len() - 1]), "invalid"),
        (json!(good.to_uppercase()), "invalid"),
        (json!(world.visit_of("other").await), "invalid"),
        (json!(signed("other", "00000000000040008000000000000001.1700000000000.4100000000")), "invalid"),
        (json!(later), "invalid"),
        (json!(expired), "expired"),
        (Value::Null, "required"),
    ] {
        let mut form = world.form().await;
        form["formToken"] = token.clone();
        assert_errors(&world.signup(&form).await, &[("formToken", code)], &token.to_string());
    }
    let mut form = world.form().await;
    form.as_object_mut().unwrap().remove("formToken");
    assert_errors(&world.signup(&form).await, &[("formToken", "required")], "no token");
    assert!(world.signups().await.is_empty() && world.sandbox.requests().await.is_empty());
    form["formToken"] = json!(signed("demo", "00000000000040008000000000000001.1700000000000.4100000000"));
    assert_eq!(world.signup(&form).await.status, 201, "the test signs as the proxy does");
}

#[tokio::test]
async fn a_token_is_good_for_a_person_and_not_for_a_flood() {
    let world = World::start(Setup::new()).await;
    let token = world.visit().await;
    let mut form = world.form().await;
    form["formToken"] = json!(token);
    form["fields"]["phone"] = json!("1");
    for _ in 0..30 {
        assert_errors(&world.signup(&form).await, &[("phone", "phone")], "a person who mends one field after the other");
    }
    assert_errors(&world.signup(&form).await, &[("formToken", "spent")], "nobody needs that many");
}
