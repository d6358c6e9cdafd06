//! "Authentication", "Authentication V2", and what is said of requests in general.

use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::{Broctagon, KEY, LEAD, MULTISTEP, REQUEST, lead, registration, request, v2, with};

fn denied(crm: &Broctagon, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) {
    let headers = [&[("content-type", "application/json")], headers].concat();
    let answer = crm.try_send(method, path, &headers, body).unwrap();
    assert_eq!((answer.status, answer.json()), (403, json!({ "type": "access_denied", "message": "Access denied" })), "{headers:?}");
}

#[test]
fn every_operation_wants_the_key() {
    let crm = Broctagon::start();
    let body = lead().to_string();
    let signature = v2(body.as_bytes());
    for path in [LEAD, REQUEST, MULTISTEP, "/public/v1/nothing"] {
        for key in [&[][..], &[("key", "wrong")], &[("key", "")], &[("x-api-key", KEY)], &[("authorization", KEY)]] {
            denied(&crm, "POST", path, &[&[("signature", signature.as_str())], key].concat(), body.as_bytes());
        }
    }
    for path in ["form/registration/trader", "form/kyc/collections", "form/kyc/kycindiv", "config/countries", "nothing"] {
        denied(&crm, "GET", &format!("/public/v1/{path}"), &[("key", "wrong")], b"");
    }
    assert!(crm.users().is_empty());
}

#[test]
fn every_body_wants_a_signature_of_its_bytes() {
    let crm = Broctagon::start();
    let body = lead().to_string();
    let right = v2(body.as_bytes());
    let upper = format!("sha256={}", right["sha256=".len()..].to_uppercase());
    let altered = body.replace("Jane", "Jeff");
    let spaced = body.replace(':', ": ");
    denied(&crm, "POST", LEAD, &[("key", KEY)], body.as_bytes());
    for (signature, body) in [
        ("", &body),
        (&right["sha256=".len()..], &body),
        (&upper, &body),
        (&v2(b"other"), &body),
        (&v1(&lead()), &body),
        (&right, &altered),
        // The same JSON, but not the same bytes.
        (&right, &spaced),
    ] {
        denied(&crm, "POST", LEAD, &[("key", KEY), ("signature", signature)], body.as_bytes());
    }
    denied(&crm, "POST", LEAD, &[("key", KEY), ("signature", &right), ("signature", &right)], body.as_bytes());
    for path in [REQUEST, MULTISTEP] {
        denied(&crm, "POST", path, &[("key", KEY), ("signature", &right)], altered.as_bytes());
    }
    assert!(crm.users().is_empty() && crm.listed("outbox").is_empty());

    // Umlauts are signed as UTF-8.
    assert_eq!(crm.post(LEAD, &with(lead(), "name", json!("Jürgen Groß"))).status, 201);
}

/// As the sample of "Authentication" does it, for the values of these tests.
fn v1(body: &Value) -> String {
    let mut pairs: Vec<_> = body.as_object().unwrap().iter().map(|(name, value)| (name, text(value))).collect();
    pairs.sort();
    let text: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    hex::encode_upper(Sha1::digest(format!("{}{KEY}", text.join("&"))))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| "[object Object]".to_owned(), str::to_owned)
}

#[test]
fn v1_signs_the_sorted_parameters() {
    let crm = Broctagon::start_with(&["--broctagon-signature", "v1"]);
    let post = |path: &str, body: &Value, signature: &str| {
        let headers = [("key", KEY), ("content-type", "application/json"), ("signature", signature)];
        crm.try_send("POST", path, &headers, body.to_string().as_bytes()).unwrap().status
    };
    let body = with(lead(), "phone", json!({ "country_code": "49", "number": "15112345678" }));
    assert_eq!(post(LEAD, &body, &v1(&body)), 201);
    assert_eq!(post(LEAD, &with(body.clone(), "name", json!("Jeff")), &v1(&body)), 403);
    assert_eq!(post(LEAD, &body, &v1(&body).to_lowercase()), 403);
    assert_eq!(post(LEAD, &body, &v2(body.to_string().as_bytes())), 403);
    assert_eq!(post(REQUEST, &request(), &v1(&request())), 204);
    let code = crm.listed("outbox")[0]["code"].as_str().unwrap().to_owned();
    assert_eq!(post(MULTISTEP, &registration(&code), &v1(&registration(&code))), 204);
    denied(&crm, "POST", LEAD, &[("key", KEY), ("signature", &v1(&lead()))], b"not json");
    assert_eq!(crm.users().len(), 2);
}

#[test]
fn only_json_is_taken_and_only_by_post() {
    let crm = Broctagon::start();
    let post = |content_type: &str, body: &[u8]| {
        let signature = v2(body);
        let headers = [("key", KEY), ("content-type", content_type), ("signature", &signature)];
        let answer = crm.try_send("POST", LEAD, &headers, body).unwrap();
        (answer.status, answer.json()["message"].as_str().unwrap_or_default().to_owned())
    };
    let refused = |message: &str| (400, message.to_owned());
    assert_eq!(post("text/plain", lead().to_string().as_bytes()), refused("Content-Type must be application/json"));
    assert_eq!(post("application/json", b"{\"name\""), refused("Request body is not valid JSON"));
    assert_eq!(post("application/json", b"[]"), refused("Request body must be a JSON object"));
    assert_eq!(post("application/json", b""), refused("Request body is not valid JSON"));
    assert_eq!(post("application/json; charset=utf-8", lead().to_string().as_bytes()).0, 201);

    let not_found = json!({ "type": "not_found", "message": "Resource not found" });
    for (method, path) in [("GET", LEAD), ("PUT", LEAD), ("DELETE", LEAD), ("POST", "/public/v1/config/countries"), ("GET", "/public")] {
        let answer = crm.try_send(method, path, &[("key", KEY)], b"").unwrap();
        assert_eq!((answer.status, answer.json()), (404, not_found.clone()), "{method} {path}");
    }
    let answer = crm.try_send("GET", "/public/v1/config/countries", &[("key", KEY)], b"{}").unwrap();
    assert_eq!((answer.status, &answer.json()["message"]), (400, &json!("A GET request has no body")));
}

#[test]
fn the_key_is_what_the_command_line_says() {
    let crm = Broctagon::start_with(&["--broctagon-api-key", "another"]);
    assert_eq!(crm.get("/public/v1/config/countries").status, 403);
    assert_eq!(crm.try_send("GET", "/public/v1/config/countries", &[("key", "another")], b"").unwrap().status, 200);
}
