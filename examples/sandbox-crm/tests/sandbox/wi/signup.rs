//! The sign-up, held against the document.

use serde_json::{Value, json};

use crate::client::send;
use crate::server::{KEY, SIGN_UP, Server, jane, jane_with};

fn refused(server: &Server, body: &Value, message: &str) {
    let answer = server.sign_up(body);
    assert_eq!(answer.status, 400, "{body}: {}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json(), json!({ "message": message, "providerStatus": 400 }), "{body}");
    assert_eq!(server.users().len(), 0, "{body}");
}

#[test]
fn the_basic_example_registers() {
    let server = Server::start();
    let answer = server.sign_up(&jane());
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    let id = body["id"].as_str().unwrap();
    assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 4);
    let link = body["url"].as_str().unwrap().strip_prefix(&format!("http://{}/wi/autologin/", server.address)).unwrap();
    let token = link.strip_suffix('/').unwrap();
    assert!(uuid::Uuid::parse_str(token).is_ok() && token != id);
    assert_eq!(server.users()[0]["id"], id);
}

#[test]
fn the_full_example_and_every_field_of_the_reference_register() {
    let server = Server::start();
    let example = json!({
        "email": "user@example.com", "phone": "+1234567890", "firstName": "Jane", "lastName": "Doe", "affiliateID": "AFF-123",
        "subID": "SUB-1", "campaignId": "CMP-456", "sourceId": "facebook_ads", "project": "default", "desk": "sales", "sendEmail": true
    });
    assert_eq!(server.sign_up(&example).status, 200);

    let everything = json!({
        "email": "jane@example.com", "phone": "+1234567890", "firstName": "Jane", "middleName": "M", "lastName": "Doe",
        "gender": "female", "dateOfBirth": "1990-02-28", "nationality": "US", "passport": "X1", "additionalPhone": "+1234567891",
        "affiliateID": "a", "subID": "b", "campaignId": "c", "sourceId": "d", "meta": "e", "externalId": "f", "project": "g",
        "desk": "h", "manager": "i", "status": "j", "state": "live", "type": "k", "companyFeeGroup": "l", "processed": false,
        "verificationLevel": "m", "verificationStatus": "n", "allowToCreateAsset": true, "sendEmail": false,
        "agreements": [{ "label": "Terms and Conditions", "ip": "127.0.0.1", "signedAt": "2026-01-01T12:00:00Z" }],
        "billing": { "country": "US", "region": "NY", "city": "New York", "postcode": "10001", "address": "Wall Street 1" }
    });
    let answer = server.sign_up(&everything);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(server.users()[1]["fields"], everything);
}

#[test]
fn a_wrong_or_missing_key_is_unauthorized() {
    let server = Server::start();
    let key_sets: [&[(&str, &str)]; 4] = [&[], &[("x-api-key", "wrong")], &[("x-api-key", "")], &[("authorization", KEY)]];
    for keys in key_sets {
        let headers = [keys, &[("content-type", "application/json")]].concat();
        // The key is looked at before the body: this one is wrong too.
        let answer = send(server.address, "POST", SIGN_UP, &headers, b"{}").unwrap();
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json(), json!({ "message": "Invalid secret key", "providerStatus": 401 }));
    }
    assert!(server.users().is_empty());
}

#[test]
fn only_json_is_taken() {
    let server = Server::start();
    let body = jane().to_string();
    let post = |content_type: &[(&str, &str)], body: &[u8]| {
        let headers = [&[("x-api-key", KEY)], content_type].concat();
        let answer = send(server.address, "POST", SIGN_UP, &headers, body).unwrap();
        (answer.status, answer.json()["message"].as_str().unwrap_or_default().to_owned())
    };
    let wrong_type = (400, "Content-Type must be application/json".to_owned());
    assert_eq!(post(&[], body.as_bytes()), wrong_type);
    assert_eq!(post(&[("content-type", "text/plain")], body.as_bytes()), wrong_type);
    assert_eq!(post(&[("content-type", "application/jsonp")], body.as_bytes()), wrong_type);
    let json = [("content-type", "application/json")];
    assert_eq!(post(&json, b"{\"email\""), (400, "Request body is not valid JSON".to_owned()));
    assert_eq!(post(&json, b""), (400, "Request body is not valid JSON".to_owned()));
    assert_eq!(post(&json, b"[]"), (400, "Request body must be a JSON object".to_owned()));
    assert_eq!(post(&json, &vec![b' '; 1024 * 1024 + 1]), (413, "Request body is too large".to_owned()));
    assert_eq!(post(&[("content-type", "Application/JSON; charset=utf-8")], body.as_bytes()).0, 200);

    let answer = send(server.address, "GET", SIGN_UP, &[("x-api-key", KEY)], b"").unwrap();
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    assert_eq!(answer.json()["providerStatus"], 405);
}

#[test]
fn email_phone_and_first_name_are_required() {
    let server = Server::start();
    for name in ["email", "phone", "firstName"] {
        let mut without = jane();
        without.as_object_mut().unwrap().remove(name);
        for body in [without, jane_with(name, json!("")), jane_with(name, json!("  ")), jane_with(name, Value::Null)] {
            refused(&server, &body, "Email, phone and first name are required");
        }
    }
    refused(&server, &json!({}), "Email, phone and first name are required");
}

#[test]
fn a_wrong_type_is_refused_by_name() {
    let server = Server::start();
    let strings = [
        "email",
        "phone",
        "firstName",
        "middleName",
        "lastName",
        "gender",
        "dateOfBirth",
        "nationality",
        "passport",
        "additionalPhone",
        "affiliateID",
        "subID",
        "campaignId",
        "sourceId",
        "meta",
        "externalId",
        "project",
        "desk",
        "manager",
        "status",
        "state",
        "type",
        "companyFeeGroup",
        "verificationLevel",
        "verificationStatus",
    ];
    for name in strings {
        refused(&server, &jane_with(name, json!(5)), &format!("Field \"{name}\" must be a string"));
    }
    for name in &strings[3..] {
        refused(&server, &jane_with(name, Value::Null), &format!("Field \"{name}\" must be a string"));
    }
    for name in ["processed", "allowToCreateAsset", "sendEmail"] {
        for value in [json!("true"), json!(1), Value::Null] {
            refused(&server, &jane_with(name, value), &format!("Field \"{name}\" must be a boolean"));
        }
    }
    refused(&server, &jane_with("billing", json!("US")), "Field \"billing\" must be an object");
    refused(&server, &jane_with("billing", Value::Null), "Field \"billing\" must be an object");
    refused(&server, &jane_with("agreements", json!({})), "Field \"agreements\" must be an array");
    for name in ["country", "region", "city", "postcode", "address"] {
        refused(&server, &jane_with("billing", json!({ name: 1 })), &format!("Field \"billing.{name}\" must be a string"));
    }
}

#[test]
fn what_the_document_does_not_list_is_refused_by_name() {
    let server = Server::start();
    for name in ["affiliateId", "subId", "firstname", "utm_source", "id", "billing.country"] {
        refused(&server, &jane_with(name, json!("x")), &format!("Field \"{name}\" is unknown"));
    }
    refused(&server, &jane_with("billing", json!({ "zip": "1" })), "Field \"billing.zip\" is unknown");
}

#[test]
fn addresses_and_dates_must_look_like_some() {
    let server = Server::start();
    for email in ["jane", "@example.com", "jane@", "jane@example", "jane@.com", "jane@example.", "ja ne@example.com", "a@b@c.de"] {
        refused(&server, &jane_with("email", json!(email)), "Field \"email\" must be an email address");
    }
    for date in ["", "28.02.1990", "1990-02-30", "1990-2-3", "19900203", "1990-02-03T", "yesterday"] {
        refused(&server, &jane_with("dateOfBirth", json!(date)), "Field \"dateOfBirth\" must be an ISO date");
    }
    assert_eq!(server.sign_up(&jane_with("dateOfBirth", json!("1990-02-28T00:00:00.000Z"))).status, 200);
}

#[test]
fn agreements_are_checked_one_by_one() {
    let server = Server::start();
    let good = json!({ "label": "Terms and Conditions", "ip": "2001:db8::1", "signedAt": "2026-01-01T12:00:00.123+02:00" });
    let with = |name: &str, value: Value| {
        let mut second = good.clone();
        second[name] = value;
        jane_with("agreements", json!([good, second]))
    };
    for name in ["label", "ip", "signedAt"] {
        let mut second = good.clone();
        second.as_object_mut().unwrap().remove(name);
        refused(&server, &jane_with("agreements", json!([good, second])), &format!("Field \"agreements[1].{name}\" is required"));
        refused(&server, &with(name, json!(7)), &format!("Field \"agreements[1].{name}\" must be a string"));
    }
    refused(&server, &with("label", json!(" ")), "Field \"agreements[1].label\" is required");
    for ip in ["", "256.0.0.1", "localhost", "127.0.0.1:80"] {
        refused(&server, &with("ip", json!(ip)), "Field \"agreements[1].ip\" must be an IP address");
    }
    for date in
        ["2026-01-01", "2026-01-01 12:00:00Z", "2026-01-01T12:00:00", "2026-02-30T12:00:00Z", "2026-01-01T12:00:00.Z", "1767268800000"]
    {
        refused(&server, &with("signedAt", json!(date)), "Field \"agreements[1].signedAt\" must be an ISO date with time and zone");
    }
    refused(&server, &with("version", json!("1")), "Field \"agreements[1].version\" is unknown");
    refused(&server, &jane_with("agreements", json!(["yes"])), "Field \"agreements[0]\" must be an object");
    assert_eq!(server.sign_up(&jane_with("agreements", json!([good]))).status, 200);
}

#[test]
fn an_email_is_taken_once_and_everything_else_twice() {
    let server = Server::start();
    let first = server.sign_up(&jane()).json();
    let again = server.sign_up(&jane_with("email", json!("USER@Example.com")));
    assert_eq!(again.status, 400);
    assert_eq!(again.json(), json!({ "message": "User with this email already exists", "providerStatus": 400 }));
    let other = server.sign_up(&jane_with("email", json!("other@example.com"))).json();
    assert_ne!(first["id"], other["id"]);
    assert_eq!(server.users().len(), 2);
}

#[test]
fn without_autologin_there_is_no_url() {
    let server = Server::start_with(&["--without-autologin"]);
    let body = server.sign_up(&jane()).json();
    assert_eq!(body, json!({ "id": server.users()[0]["id"] }));
}

#[test]
fn a_header_that_comes_twice_is_none() {
    let server = Server::start();
    let headers = [("Content-Type", "application/json"), ("X-Api-Key", KEY), ("X-Api-Key", KEY)];
    let answer = send(server.address, "POST", SIGN_UP, &headers, jane().to_string().as_bytes()).unwrap();
    assert_eq!((answer.status, answer.json()["message"].as_str()), (401, Some("Invalid secret key")));
}
