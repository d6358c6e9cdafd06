//! "Customers - Affiliate APIs".

use serde_json::{Value, json};

use super::{Crm, KEY, OTHER_KEY, john, john_with, refused};
use crate::client::Answer;

fn post(crm: &Crm, body: &Value) -> Answer {
    crm.with_key(KEY, "POST", "/affiliates/customers", Some(body))
}

fn list(crm: &Crm, query: &str) -> Value {
    crm.get(&format!("/affiliates/customers?limit=10&offset=0&orderBy=name|ASC{query}"))
}

fn names(list: &Value) -> Vec<&str> {
    list["customers"].as_array().unwrap().iter().map(|customer| customer["name"].as_str().unwrap()).collect()
}

#[test]
fn the_documents_example_registers() {
    let crm = Crm::start();
    let created = crm.create(&john());
    let members: Vec<_> = created.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["depositUrl", "id", "redirectUrl", "refreshToken", "success"]);
    assert_eq!(created["success"], true);
    let origin = format!("http://{}/trading", crm.server.address);
    assert!(created["redirectUrl"].as_str().unwrap().starts_with(&format!("{origin}/autologin/")));
    assert!(created["depositUrl"].as_str().unwrap().starts_with(&format!("{origin}/deposit/")));
    assert!(created["refreshToken"].as_str().unwrap().starts_with("sandbox-trading-refresh-"));

    let user = &crm.control("users")[0];
    assert_eq!((&user["id"], &user["email"], &user["fields"]), (&created["id"], &json!("johndoe@gmail.com"), &john()));
    assert_eq!((&user["loggedIn"], &user["kind"], &user["affiliateId"]), (&json!(false), &json!("customer"), &json!("broker")));
    assert_eq!(crm.control("requests")[1]["createdUserId"], created["id"]);
}

#[test]
fn what_may_be_null_or_absent_may() {
    let crm = Crm::start();
    crm.create(&json!({ "email": "a@example.com" }));
    crm.create(&json!({ "email": "b@example.com", "externalId": null, "wtreferrer": null, "password": null }));
    let all = json!([
        "SignupDemoForm",
        "SignupRealForm",
        "CompleteAccountBeforeDepositForm",
        "CompleteAccountBeforeWithdrawalForm",
        "EmailConfirmation",
        "KYC",
        "PhoneConfirmation",
        "DisclaimerBeforeDeposit"
    ]);
    crm.create(&json!({ "email": "c@example.com", "skipOnboardingSteps": all }));
    assert_eq!(crm.control("users").len(), 3);
}

#[test]
fn what_is_wrong_is_refused_by_name() {
    let crm = Crm::start();
    let strings = [
        "externalId",
        "firstname",
        "lastname",
        "mobilenumber",
        "email",
        "wtreferrer",
        "country",
        "password",
        "communicationLanguage",
        "source",
    ];
    for name in strings {
        refused(&post(&crm, &john_with(name, json!(5))), 400, &format!("Field \"{name}\" must be a string"));
    }
    for name in ["firstname", "lastname", "mobilenumber", "email", "country", "communicationLanguage", "source"] {
        refused(&post(&crm, &john_with(name, Value::Null)), 400, &format!("Field \"{name}\" must be a string"));
    }
    let mut without = john();
    without.as_object_mut().unwrap().remove("email");
    refused(&post(&crm, &without), 400, "Field \"email\" is required");
    for name in ["firstName", "phone", "id", "affiliateId", "utm_source"] {
        refused(&post(&crm, &john_with(name, json!("x"))), 400, &format!("Field \"{name}\" is unknown"));
    }
    refused(&post(&crm, &john_with("email", json!("john"))), 400, "Field \"email\" must be an email address");
    for phone in ["", "015500475947", "+1 550 047", "+1", "+1234567890123456"] {
        let words = "Field \"mobilenumber\" must be a phone number in international format";
        refused(&post(&crm, &john_with("mobilenumber", json!(phone))), 400, words);
    }
    for country in ["", "hr", "HRV", "ZZ"] {
        refused(&post(&crm, &john_with("country", json!(country))), 400, "Field \"country\" must be one of the countries served");
    }
    refused(&post(&crm, &john_with("wtreferrer", json!("nobody"))), 400, "Field \"wtreferrer\" is not a known reference key");
    refused(&post(&crm, &john_with("wtreferrer", json!("OTHER-REF"))), 400, "Field \"wtreferrer\" is not your reference key");
    for (steps, words) in
        [(json!("KYC"), "\" must be an array"), (json!([1]), "[0]\" must be a string"), (json!(["Kyc"]), "[0]\" must be one of ")]
    {
        let answer = post(&crm, &john_with("skipOnboardingSteps", steps));
        let error = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(answer.status == 400 && error.starts_with(&format!("Field \"skipOnboardingSteps{words}")), "{error}");
    }
    assert!(crm.control("users").is_empty());
}

#[test]
fn an_email_and_an_external_id_are_taken_once() {
    let crm = Crm::start();
    crm.create(&john());
    let again = john_with("externalId", json!("signup-2"));
    refused(&post(&crm, &again), 400, "Customer with this email already exists");
    let mut upper = again;
    upper["email"] = json!("JohnDoe@Gmail.com");
    refused(&post(&crm, &upper), 400, "Customer with this email already exists");
    refused(&post(&crm, &john_with("email", json!("b@example.com"))), 400, "Customer with this externalId already exists");
    // It identifies within one's own system: another affiliate has another.
    let other = json!({ "email": "c@example.com", "externalId": "signup-1" });
    assert_eq!(crm.with_key(OTHER_KEY, "POST", "/affiliates/customers", Some(&other)).status, 200);
}

#[test]
fn a_list_is_paged_and_ordered() {
    let crm = Crm::start();
    for index in 0..5 {
        let name = ["Eve", "Bob", "dan", "Ann", "Cid"][index];
        crm.create(&json!({ "email": format!("{index}@example.com"), "firstname": name }));
    }
    let page = |query: &str| crm.get(&format!("/affiliates/customers?{query}"));
    let first = page("limit=2&offset=0&orderBy=name%7CASC");
    assert_eq!((&first["pages"], names(&first)), (&json!(3), vec!["Ann", "Bob"]));
    assert_eq!(names(&page("limit=2&offset=4&orderBy=name|ASC")), ["Eve"]);
    assert_eq!(names(&page("limit=2&offset=6&orderBy=name|ASC")), Vec::<&str>::new());
    assert_eq!(names(&page("limit=9&offset=0&orderBy=createdAt|DESC")), ["Cid", "Ann", "dan", "Bob", "Eve"]);
    assert_eq!(first["customers"][0].as_object().unwrap().len(), 55);

    for (query, error) in [
        ("offset=0&orderBy=name|ASC", "Parameter \"limit\" is required"),
        ("limit=1&orderBy=name|ASC", "Parameter \"offset\" is required"),
        ("limit=1&offset=0", "Parameter \"orderBy\" is required"),
        ("limit=0&offset=0&orderBy=name|ASC", "Parameter \"limit\" must be a whole number, at least 1"),
        ("limit=-1&offset=0&orderBy=name|ASC", "Parameter \"limit\" must be a whole number, at least 1"),
        ("limit=1&offset=0&orderBy=name", "Parameter \"orderBy\" must be a column and an order, such as name|ASC"),
        ("limit=1&offset=0&orderBy=name|asc", "Parameter \"orderBy\" must be a column and an order, such as name|ASC"),
        ("limit=1&offset=0&orderBy=externalId|ASC", "Parameter \"orderBy\" must be a column and an order, such as name|ASC"),
        ("limit=1&offset=0&orderBy=name|ASC&page=1", "Parameter \"page\" is unknown"),
        ("limit=1&limit=2&offset=0&orderBy=name|ASC", "Parameter \"limit\" must be given once"),
        ("limit=1&offset=0&orderBy=name|ASC&updatedSince=yesterday", "Parameter \"updatedSince\" must be a date, YYYY-MM-DD"),
    ] {
        refused(&crm.with_key(KEY, "GET", &format!("/affiliates/customers?{query}"), None), 400, error);
    }
}

#[test]
fn a_list_is_filtered() {
    let crm = Crm::start();
    crm.seed(&json!({ "customers": [
        { "id": "1", "email": "1@e.org", "firstname": "Ann", "lastname": "Lee", "source": "FB", "accountId": "777", "updatedAt": "2026-01-10T12:00:00Z", "externalId": "x-1" },
        { "id": "2", "email": "2@e.org", "firstname": "Bob", "lastname": "Lee", "source": "GG", "updatedAt": "2026-01-11T00:00:00Z" },
        { "id": "3", "email": "3@e.org", "firstname": "Cid", "lastname": "Ray", "source": "TT", "updatedAt": "2026-01-12T23:59:59Z" },
        { "id": "4", "email": "4@e.org", "firstname": "Dan", "lastname": "Lee", "affiliate": "other", "externalId": "x-4" },
    ]}));
    for (query, expected) in [
        ("", vec!["Ann Lee", "Bob Lee", "Cid Ray"]),
        ("&search=lee", vec!["Ann Lee", "Bob Lee"]),
        ("&search=777", vec!["Ann Lee"]),
        ("&search=1@e.org", vec![]),
        ("&externalId=x-1", vec!["Ann Lee"]),
        ("&externalId=x-4", vec![]),
        ("&externalId=x", vec![]),
        ("&sources=FB&sources=TT", vec!["Ann Lee", "Cid Ray"]),
        ("&updatedSince=2026-01-11", vec!["Bob Lee", "Cid Ray"]),
        ("&updatedTo=2026-01-12", vec!["Ann Lee", "Bob Lee"]),
        ("&updatedSince=2026-01-11&updatedTo=2026-01-11", vec!["Bob Lee"]),
    ] {
        assert_eq!(names(&list(&crm, query)), expected, "{query}");
    }
    assert_eq!(crm.get("/affiliates/sources"), json!(["FB", "GG", "TT"]));
}

#[test]
fn a_customer_is_shown_and_changed() {
    let crm = Crm::start();
    let id = crm.create(&john())["id"].as_str().unwrap().to_owned();
    let path = format!("/affiliates/customers/{id}");
    let shown = crm.get(&path)["customer"].clone();
    assert_eq!((&shown["id"], &shown["name"], &shown["countryName"]), (&json!(id), &json!("John Doe"), &json!("Croatia")));
    assert_eq!((&shown["status"], &shown["affiliateId"], shown.get("externalId")), (&json!("ACTIVE"), &json!("broker"), None));

    let patch = |body: &Value| crm.with_key(KEY, "PATCH", &path, Some(body));
    let changed = patch(&json!({ "source": "GG", "notes": "called" })).json()["customer"].clone();
    assert_eq!((&changed["source"], &changed["notes"]), (&json!("GG"), &json!("called")));
    assert_eq!(crm.get(&path)["customer"], changed);
    refused(&patch(&json!({ "notes": 1 })), 400, "Field \"notes\" must be a string");
    refused(&patch(&json!({ "email": "x@example.com" })), 400, "Field \"email\" is unknown");
}

#[test]
fn another_affiliates_customer_is_not_there() {
    let crm = Crm::start();
    let id = crm.create(&john())["id"].as_str().unwrap().to_owned();
    for path in [format!("/affiliates/customers/{id}"), "/affiliates/customers/nobody".to_owned()] {
        refused(&crm.with_key(OTHER_KEY, "GET", &path, None), 404, "Customer not found");
        refused(&crm.with_key(OTHER_KEY, "PATCH", &path, Some(&json!({ "notes": "x" }))), 404, "Customer not found");
    }
    let all = "/affiliates/customers?limit=9&offset=0&orderBy=name|ASC&externalId=signup-1";
    assert_eq!(crm.with_key(OTHER_KEY, "GET", all, None).json(), json!({ "pages": 0, "customers": [] }));
    assert_eq!(crm.with_key(OTHER_KEY, "GET", "/affiliates/customers/count", None).json(), json!({ "count": 0 }));
    assert_eq!(crm.with_key(OTHER_KEY, "GET", "/affiliates/customers/export", None).text().lines().count(), 1);
}

#[test]
fn the_export_counts_and_quotes() {
    let crm = Crm::start();
    crm.create(&john_with("lastname", json!("Doe, \"Jr\"")));
    assert_eq!(crm.with_key(KEY, "GET", "/affiliates/customers/count", None).json(), json!({ "count": 1 }));
    let answer = crm.with_key(KEY, "GET", "/affiliates/customers/export", None);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    let lines: Vec<_> = answer.text().split("\r\n").collect();
    assert!(lines[0].starts_with("id,accountId,firstname,lastname,email,") && lines.len() == 3);
    assert!(lines[1].contains(",John,\"Doe, \"\"Jr\"\"\",johndoe@gmail.com,+015500475947,HR,Croatia,"), "{}", lines[1]);
}
