//! Impact: creating customers and leads.

use serde_json::{Value, json};

use super::{DOMAIN, EVER, JSON, KEY, call, create, created, customer, lead, refused, report, requests, seed, token};
use crate::server::Server;

fn with(name: &str, value: Value) -> Value {
    let mut body = customer("user@example.com");
    body[name] = value;
    body
}

#[test]
fn a_customer_gets_an_id_and_a_token_and_has_a_lead() {
    let server = Server::start();
    let mut body = customer("user@example.com");
    body["utmDetails"] = json!({ "affiliate_id": "17", "utm_source": "google", "gclid": "g-1", "utm_later": "x" });
    body["tradingAccount"] = json!("mt4-live");
    body["vip"] = json!(true);
    let answer = create(&server, "customer", &body);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let answer = answer.json();
    assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
    assert!(uuid::Uuid::parse_str(answer["id"].as_str().unwrap()).is_ok() && answer["token"].is_string());

    let user = &created(&server)[0];
    assert_eq!((&user["id"], &user["kind"], &user["loggedIn"]), (&answer["id"], &json!("customer"), &json!(false)));
    assert_eq!((&user["fields"], &user["metadata"]), (&body, &json!({ "tradingAccount": "mt4-live", "vip": true })));
    assert_eq!(requests(&server)[0]["createdUserId"], answer["id"]);

    let token = token(&server);
    let registration = report(&server, &token, &format!("registrations?{EVER}")).json()["registrations"][0].clone();
    let found = report(&server, &token, &format!("leads?{EVER}")).json()["leads"][0].clone();
    let date = registration["registrationDate"].clone();
    assert_eq!(
        registration,
        json!({
            "id": answer["id"], "firstName": "Jane", "lastName": "Doe", "email": "user@example.com", "registrationDate": date,
            "lastModifiedDate": date, "source": "ib@example.com", "utmDetails": body["utmDetails"], "tags": [], "leadId": found["id"],
            "userAdditionalId": ""
        })
    );
    assert_ne!(found["id"], answer["id"]);
    assert_eq!((&found["email"], &found["utmDetails"], &found["source"]), (&body["email"], &body["utmDetails"], &json!("ib@example.com")));
}

#[test]
fn a_lead_gets_an_id_and_no_token() {
    let server = Server::start();
    let answer = create(&server, "lead", &lead("user@example.com"));
    assert_eq!(answer.status, 200);
    let answer = answer.json();
    assert_eq!(answer, json!({ "id": created(&server)[0]["id"] }));
    let token = token(&server);
    assert_eq!(report(&server, &token, &format!("leads?{EVER}")).json()["leads"][0]["id"], answer["id"]);
    assert_eq!(report(&server, &token, &format!("registrations?{EVER}")).json(), json!({ "total": 0, "registrations": [] }));
}

#[test]
fn a_lead_with_the_same_email_is_linked_and_modified() {
    let server = Server::start();
    seed(
        &server,
        json!({ "leads": [{ "email": "User@example.com", "firstName": "Old", "registrationDate": "2020-01-01",
                            "utmDetails": { "utm_source": "old", "utm_term": "kept" }, "source": "someone@example.com" }] }),
    );
    let mut body = customer("user@example.com");
    body["utmDetails"] = json!({ "utm_source": "new" });
    assert_eq!(create(&server, "customer", &body).status, 200);
    let token = token(&server);
    let leads = report(&server, &token, &format!("leads?{EVER}")).json();
    assert_eq!(leads["total"], 1);
    let lead = &leads["leads"][0];
    assert_eq!((&lead["firstName"], &lead["registrationDate"]), (&json!("Old"), &json!("2020-01-01T00:00:00.000Z")));
    assert_eq!((&lead["utmDetails"], &lead["source"]), (&json!({ "utm_source": "new", "utm_term": "kept" }), &json!("ib@example.com")));
    let today = jiff::Timestamp::now().to_string()[..10].to_owned();
    assert!(lead["lastModifiedDate"].as_str().unwrap() >= today.as_str(), "{lead}");
    let registration = &report(&server, &token, &format!("registrations?{EVER}")).json()["registrations"][0];
    assert_eq!((&registration["leadId"], &registration["utmDetails"]), (&lead["id"], &lead["utmDetails"]));
}

#[test]
fn an_email_is_taken_once() {
    let server = Server::start();
    assert_eq!(create(&server, "lead", &lead("user@example.com")).status, 200);
    refused(&create(&server, "lead", &lead("USER@example.com")), 400, "Lead with this email already exists");
    assert_eq!(create(&server, "customer", &customer("user@example.com")).status, 200);
    refused(&create(&server, "customer", &customer("User@Example.com")), 400, "Customer with this email already exists");
    refused(&create(&server, "lead", &lead("user@example.com")), 400, "Lead with this email already exists");
    assert_eq!(created(&server).len(), 2);
}

#[test]
fn key_and_domain_are_checked_first() {
    let server = Server::start();
    for what in ["customer", "lead"] {
        let path = format!("/api/v1/public/{what}");
        let post = |headers: &[(&str, &str)]| call(&server, "POST", &path, headers, &json!({}));
        refused(&post(&[DOMAIN, JSON]), 401, "Invalid API key");
        refused(&post(&[("X-Api-Key", "wrong"), DOMAIN, JSON]), 401, "Invalid API key");
        refused(&post(&[KEY, JSON]), 403, "X-DOMAIN is not the domain of the API key");
        refused(&post(&[KEY, ("X-DOMAIN", "other.example"), JSON]), 403, "X-DOMAIN is not the domain of the API key");
        refused(&post(&[KEY, DOMAIN]), 400, "Content-Type must be application/json");
        refused(&post(&[KEY, DOMAIN, JSON]), 400, "Field \"firstName\" is required");
        let answer = call(&server, "GET", &path, &[KEY, DOMAIN], &Value::Null);
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    }
    refused(&create(&server, "client", &customer("user@example.com")), 404, "Not Found");
    assert!(created(&server).is_empty());
}

#[test]
fn keys_expire_and_name_the_source() {
    let server = Server::start();
    seed(
        &server,
        json!({ "apiKeys": [
            { "key": "past", "domain": "brand.example", "expires": "2026-01-01" },
            { "key": "a17", "domain": "other.example", "user": "a17@example.com", "expires": "2999-01-01" },
            { "key": "nobodys", "domain": "brand.example" }
        ] }),
    );
    let post = |key: &str, domain: &str, email: &str| {
        call(&server, "POST", "/api/v1/public/lead", &[("X-Api-Key", key), ("X-DOMAIN", domain), JSON], &lead(email))
    };
    refused(&post("past", "brand.example", "a@example.com"), 401, "API key has expired");
    refused(&post("a17", "brand.example", "a@example.com"), 403, "X-DOMAIN is not the domain of the API key");
    assert_eq!(post("a17", "other.example", "a@example.com").status, 200);
    assert_eq!(post("nobodys", "brand.example", "b@example.com").status, 200);
    let leads = report(&server, &token(&server), &format!("leads?{EVER}")).json()["leads"].clone();
    assert_eq!((&leads[0]["source"], &leads[1]["source"]), (&json!("a17@example.com"), &Value::Null));
}

#[test]
fn each_member_is_mandatory() {
    let server = Server::start();
    let complete = customer("user@example.com");
    for name in complete.as_object().unwrap().keys() {
        let mut without = complete.clone();
        without.as_object_mut().unwrap().remove(name);
        for body in [without, with(name, json!("")), with(name, Value::Null)] {
            refused(&create(&server, "customer", &body), 400, &format!("Field \"{name}\" is required"));
        }
        refused(&create(&server, "customer", &with(name, json!(5))), 400, &format!("Field \"{name}\" must be a string"));
    }
    // The right spelling is the wrong name.
    let mut spelled = customer("user@example.com");
    spelled.as_object_mut().unwrap().remove("natonalityCountryCode");
    spelled["nationalityCountryCode"] = json!("CY");
    refused(&create(&server, "customer", &spelled), 400, "Field \"natonalityCountryCode\" is required");
    refused(&create(&server, "lead", &customer("user@example.com")), 400, "Field \"password\" is for customers only");
    assert!(created(&server).is_empty());
}

#[test]
fn values_must_look_right() {
    let server = Server::start();
    let refuse = |name: &str, values: &[&str], what: &str| {
        for value in values {
            let answer = create(&server, "customer", &with(name, json!(value)));
            refused(&answer, 400, &format!("Field \"{name}\" must be {what}"));
        }
    };
    refuse("email", &["jane", "jane@example", "a@b@c.de"], "an email address");
    for name in ["natonalityCountryCode", "phoneCountryCode"] {
        refuse(name, &["cy", "CYP", "UK", "Cyprus", "357"], "an ISO 3166-1 alpha-2 code");
    }
    let phones = ["35799123456", "0035799123456", "+0123456789", "+357 99 123456", "+123", "+1234567890123456", "+"];
    refuse("phone", &phones, "a phone number in international format");
    let passwords = ["Pass12", "Password", "12345678", "Passw0rd!", "Pässw0rd"];
    refuse("password", &passwords, "alphanumeric and have more than six characters");
    for (name, value, message) in [
        ("utmDetails", json!("x"), "Field \"utmDetails\" must be an object"),
        ("utmDetails", json!({ "gclid": 1 }), "Field \"utmDetails.gclid\" must be a string"),
        ("extra", json!({}), "Field \"extra\" must be a string, a number or a boolean"),
        ("extra", Value::Null, "Field \"extra\" must be a string, a number or a boolean"),
    ] {
        refused(&create(&server, "customer", &with(name, value)), 400, message);
    }
    assert!(created(&server).is_empty());
    assert_eq!(create(&server, "customer", &with("password", json!("Passw0r"))).status, 200);
}

#[test]
fn without_autologin_there_is_no_token() {
    let server = Server::start_with(&["--without-autologin"]);
    let answer = create(&server, "customer", &customer("user@example.com")).json();
    assert_eq!(answer, json!({ "id": created(&server)[0]["id"] }));
}
