//! "Send Multi-Step Registration Request for Approval".

use serde_json::{Value, json};

use super::{Broctagon, MULTISTEP, REQUEST, registration, request, with};

const WORDS: &str = "No Email or phone otp is sent";

fn code_refused(crm: &Broctagon, body: &Value) {
    crm.refused(MULTISTEP, body, "invalid_validation_code", WORDS);
}

#[test]
fn a_code_by_email_registers() {
    let crm = Broctagon::start();
    let code = crm.code("email");
    let mut body = with(registration(&code), "register.link_id", json!("link0001"));
    body = with(body, "register.referrer_id", json!("refer001"));
    body = with(body, "register.name", json!("Jane Doe"));
    body["register"]["phone"] = request()["phone"].clone();
    body["register"]["custom_fields"] = json!({
        "date_of_birth": "1990-02-28", "country": "DE", "state": "DE-BE", "city": "berlin", "employment": "self_employed",
        "experience": "none", "interests": ["forex", "metals"], "account_type": "individual", "terms": true
    });
    body["kyc"]["custom_fields"]["source_of_funds"] = json!(["salary"]);
    let answer = crm.post(MULTISTEP, &body);
    assert_eq!((answer.status, answer.body.len()), (204, 0), "{}", answer.text());

    let user = &crm.users()[0];
    let told = (&user["kind"], &user["email"], &user["loggedIn"], &user["fields"]);
    assert_eq!(told, (&json!("account"), &json!("jane@example.com"), &json!(false), &body));
    assert_eq!(crm.listed("requests")[1]["createdUserId"], user["id"]);

    // Used up, and the address is taken.
    crm.refused(MULTISTEP, &body, "account_exists", "Account with this email already exists");
    let again = with(request(), "email", json!("JANE@example.com"));
    crm.refused(REQUEST, &again, "account_exists", "Account with this email already exists");
}

#[test]
fn a_code_by_phone_registers_that_phone() {
    let crm = Broctagon::start();
    let code = crm.code("phone");
    let body = with(registration(""), "register.phone_code", json!(code));
    let other = with(body.clone(), "register.phone", json!({ "country_code": "49", "number": "15100000000" }));
    code_refused(&crm, &other);
    code_refused(&crm, &with(body.clone(), "register.email_code", json!(code)));
    // The same number, written the other way.
    let same = with(body, "register.phone", json!({ "country_code": "+49", "number": "15112345678" }));
    assert_eq!(crm.post(MULTISTEP, &same).status, 204);
}

#[test]
fn a_code_that_does_not_hold_is_refused() {
    let crm = Broctagon::start_with(&["--broctagon-code-wait-seconds", "0"]);
    code_refused(&crm, &registration("000000"));
    code_refused(&crm, &registration(""));
    let code = crm.code("email");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    code_refused(&crm, &registration(wrong));
    // Somebody else's.
    code_refused(&crm, &with(registration(&code), "register.email", json!("other@example.com")));
    // Of the other type.
    code_refused(&crm, &with(registration(&code), "register.phone_code", json!(code)));
    crm.invalid(MULTISTEP, &registration("12345"), "\"register.email_code\" must be 6 characters long");

    let newer = crm.code("email");
    if newer != code {
        code_refused(&crm, &registration(&code));
    }
    assert_eq!(crm.post(MULTISTEP, &registration(&newer)).status, 204);
}

#[test]
fn a_code_holds_for_its_time() {
    let crm = Broctagon::start_with(&["--broctagon-code-ttl-seconds", "1"]);
    let code = crm.code("email");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    code_refused(&crm, &registration(&code));
}

#[test]
fn an_installation_may_demand_both_codes_or_one_by_email() {
    let crm = Broctagon::start_with(&["--broctagon-codes", "both"]);
    let (email, phone) = (crm.code("email"), crm.code("phone"));
    let body = with(registration(&email), "register.phone_code", json!(phone));
    crm.invalid(MULTISTEP, &with(body.clone(), "register.email_code", Value::Null), "\"register.email_code\" is required");
    crm.invalid(MULTISTEP, &with(body.clone(), "register.phone_code", Value::Null), "\"register.phone_code\" is required");
    assert_eq!(crm.post(MULTISTEP, &body).status, 204);

    let crm = Broctagon::start_with(&["--broctagon-codes", "email"]);
    crm.invalid(MULTISTEP, &registration(""), "\"register.email_code\" is required");
    assert_eq!(crm.post(MULTISTEP, &registration(&crm.code("email"))).status, 204);
}

#[test]
fn what_the_table_does_not_allow_is_refused_and_costs_no_code() {
    let crm = Broctagon::start();
    let code = crm.code("email");
    for name in
        ["trader_register", "register", "kyc", "register.email", "register.type", "register.password", "register.form_id", "kyc.form_id"]
    {
        crm.invalid(MULTISTEP, &with(registration(&code), name, Value::Null), &format!("\"{name}\" is required"));
    }
    for (path, value, message) in [
        ("trader_register", json!("yes"), "\"trader_register\" must be one of trader_register"),
        ("register", json!("jane"), "\"register\" must be an object"),
        ("kyc", json!([]), "\"kyc\" must be an object"),
        ("form_id", json!("regform1"), "\"form_id\" is not allowed"),
        ("register.type", json!("ib"), "\"register.type\" must be one of trader"),
        ("register.email_code", json!(123_456), "\"register.email_code\" must be a string"),
        ("register.repeat_password", json!("other"), "\"register.repeat_password\" must be the password"),
        ("register.link_id", json!("x"), "\"register.link_id\" must be 8 characters long"),
        ("register.otp_type", json!("email"), "\"register.otp_type\" is not allowed"),
        ("kyc.status", json!("verified"), "\"kyc.status\" is not allowed"),
    ] {
        crm.invalid(MULTISTEP, &with(registration(&code), path, value), message);
    }
    for path in ["register.form_id", "kyc.form_id"] {
        let body = with(registration(&code), path, json!("nothing0"));
        crm.refused(MULTISTEP, &body, "form_not_found", "Cannot find form from form_id");
    }
    assert_eq!(crm.post(MULTISTEP, &registration(&code)).status, 204);
}

#[test]
fn the_fields_of_both_forms_are_held_against_them() {
    let crm = Broctagon::start();
    let code = crm.code("email");
    for (path, absent) in [
        ("register.custom_fields.date_of_birth", json!("")),
        ("register.custom_fields.country", Value::Null),
        ("register.custom_fields.terms", json!(false)),
        ("kyc.custom_fields.nationality", Value::Null),
    ] {
        crm.invalid(MULTISTEP, &with(registration(&code), path, absent), &format!("\"{path}\" is required"));
    }
    crm.invalid(MULTISTEP, &with(registration(&code), "kyc.custom_fields", Value::Null), "\"kyc.custom_fields.nationality\" is required");
    for (field, value, what) in [
        ("date_of_birth", json!("28.02.1990"), "must be a date"),
        ("date_of_birth", json!("1990-02-30"), "must be a date"),
        ("country", json!("Germany"), "must be a country"),
        ("state", json!("Berlin"), "must be a state"),
        ("city", json!("atlantis"), "must be a city"),
        ("employment", json!("astronaut"), "must be one of its options"),
        ("employment", json!(["retired"]), "must be a string"),
        ("experience", json!("much"), "must be one of its options"),
        ("interests", json!("forex"), "must be an array"),
        ("interests", json!(["forex", "stamps"]), "must be some of its options"),
        ("terms", json!("yes"), "must be a boolean"),
        // Read-only: only what it offers.
        ("account_type", json!("corporate"), "must be one of its options"),
        // Disabled, unknown, and members of the request itself.
        ("campaign", json!("spring"), "is not allowed"),
        ("shoe_size", json!("44"), "is not allowed"),
        ("email", json!("jane@example.com"), "is not allowed"),
    ] {
        let path = format!("register.custom_fields.{field}");
        crm.invalid(MULTISTEP, &with(registration(&code), &path, value), &format!("\"{path}\" {what}"));
    }
    assert_eq!(crm.post(MULTISTEP, &registration(&code)).status, 204);
}
