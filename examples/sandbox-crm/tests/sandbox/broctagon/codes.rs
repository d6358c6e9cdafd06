//! "Send Registration Request for OTP".

use serde_json::{Value, json};

use super::{Broctagon, REQUEST, request, with};

#[test]
fn a_code_goes_where_the_request_says() {
    let crm = Broctagon::start();
    let everything = with(with(request(), "referrer_id", json!("refer001")), "custom_fields", json!({ "country": "DE" }));
    let answer = crm.post(REQUEST, &everything);
    assert_eq!((answer.status, answer.body.len()), (204, 0), "{}", answer.text());
    // The wait is that of each type.
    assert_eq!(crm.post(REQUEST, &with(request(), "otp_type", json!("phone"))).status, 204);

    let outbox = crm.listed("outbox");
    let told: Vec<_> = outbox.iter().map(|code| (code["to"].as_str().unwrap(), code["kind"].as_str().unwrap())).collect();
    assert_eq!(told, [("jane@example.com", "email"), ("4915112345678", "phone")]);
    assert!(outbox.iter().all(|code| code["code"].as_str().unwrap().len() == 6 && code["code"].as_str().unwrap().parse::<u32>().is_ok()));
    assert!(crm.users().is_empty());
}

#[test]
fn another_code_has_to_wait() {
    let crm = Broctagon::start();
    assert_eq!(crm.post(REQUEST, &request()).status, 204);
    let again = with(request(), "email", json!("JANE@example.com"));
    crm.refused(REQUEST, &again, "too_many_requests", "Please wait before requesting another code");
    assert_eq!(crm.post(REQUEST, &with(request(), "email", json!("other@example.com"))).status, 204);
    assert_eq!(crm.listed("outbox").len(), 2);

    let crm = Broctagon::start_with(&["--broctagon-code-wait-seconds", "1"]);
    assert_eq!(crm.post(REQUEST, &request()).status, 204);
    assert_eq!(crm.post(REQUEST, &request()).status, 400);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(crm.post(REQUEST, &request()).status, 204);
}

#[test]
fn what_the_table_does_not_allow_is_refused() {
    let crm = Broctagon::start();
    for name in ["email", "type", "name", "otp_type", "password", "repeat_password", "form_id"] {
        for absent in [Value::Null, json!("")] {
            crm.invalid(REQUEST, &with(request(), name, absent), &format!("\"{name}\" is required"));
        }
        crm.invalid(REQUEST, &with(request(), name, json!(1)), &format!("\"{name}\" must be a string"));
    }
    for (path, value, message) in [
        ("email", json!("jane@"), "\"email\" must be a valid email"),
        ("type", json!("ib"), "\"type\" must be one of trader"),
        ("otp_type", json!("sms"), "\"otp_type\" must be one of email, phone"),
        ("repeat_password", json!("Secret-12345"), "\"repeat_password\" must be the password"),
        ("form_id", json!("form"), "\"form_id\" must be 8 characters long"),
        ("referrer_id", json!("a-17"), "\"referrer_id\" must be 8 characters long"),
        ("phone", json!("15112345678"), "\"phone\" must be an object"),
        ("custom_fields", json!([]), "\"custom_fields\" must be an object"),
        ("custom_fields", json!({ "shoe_size": "44" }), "\"custom_fields.shoe_size\" is not allowed"),
        ("custom_fields", json!({ "country": "XX" }), "\"custom_fields.country\" must be a country"),
        ("link_id", json!("link0001"), "\"link_id\" is not allowed"),
    ] {
        crm.invalid(REQUEST, &with(request(), path, value), message);
    }
    crm.refused(REQUEST, &with(request(), "form_id", json!("kycindiv")), "form_not_found", "Cannot find form from form_id");
    let by_phone = with(request(), "otp_type", json!("phone"));
    crm.invalid(REQUEST, &with(by_phone.clone(), "phone", Value::Null), "\"phone\" is required");
    assert!(crm.listed("outbox").is_empty());

    let crm = Broctagon::start_with(&["--broctagon-codes", "email"]);
    crm.invalid(REQUEST, &by_phone, "\"otp_type\" must be one of email");
    assert_eq!(crm.post(REQUEST, &request()).status, 204);
}

#[test]
fn who_has_an_account_gets_no_code() {
    let crm = Broctagon::start();
    assert_eq!(crm.0.control("POST", "/broctagon/records", &json!({ "accounts": ["Jane@Example.com"] })).status, 204);
    crm.refused(REQUEST, &request(), "account_exists", "Account with this email already exists");
    assert!(crm.listed("outbox").is_empty());
    assert_eq!(crm.users()[0]["kind"], "account");
}
