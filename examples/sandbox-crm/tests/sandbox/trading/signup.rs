//! What visitors do without a log-in.

use serde_json::{Value, json};

use super::{Crm, KEY, john, refused};
use crate::client::Answer;

#[test]
fn a_user_is_created_and_is_the_referrers() {
    let crm = Crm::start();
    let body = json!({
        "firstname": "Jane", "lastname": "Doe", "email": "jane@example.com", "mobilenumber": "+491234567", "country": "DE",
        "communicationLanguage": "de", "wtreferrer": "OTHER-REF", "wants_to_become_leader": null,
        "skipOnboardingSteps": ["PhoneConfirmation"], "source": null
    });
    let created = crm.open("POST", "/users", Some(&body)).json();
    let members: Vec<_> = created.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["redirectUrl", "refreshToken", "success"]);
    let user = &crm.control("users")[0];
    assert_eq!((&user["affiliateId"], &user["fields"]), (&json!("other"), &body));
    assert_eq!(crm.with_key("other-key", "GET", "/affiliates/customers/count", None).json(), json!({ "count": 1 }));
    assert_eq!(crm.with_key(KEY, "GET", "/affiliates/customers/count", None).json(), json!({ "count": 0 }));

    let post = |body: &Value| crm.open("POST", "/users", Some(body));
    refused(&post(&body), 400, "Customer with this email already exists");
    refused(&post(&json!({ "firstname": "x" })), 400, "Field \"email\" is required");
    refused(&post(&json!({ "email": "x@example.com", "password": "x" })), 400, "Field \"password\" is unknown");
    refused(&post(&json!({ "email": "x@example.com", "externalId": "x" })), 400, "Field \"externalId\" is unknown");
    let leader = json!({ "email": "x@example.com", "wants_to_become_leader": "yes" });
    refused(&post(&leader), 400, "Field \"wants_to_become_leader\" must be a boolean");
    refused(&post(&json!({ "email": "x@example.com", "wtreferrer": "x" })), 400, "Field \"wtreferrer\" is not a known reference key");
}

#[test]
fn a_lead_is_created() {
    let crm = Crm::start();
    let post = |body: &Value| -> Answer { crm.open("POST", "/leads", Some(body)) };
    let body = json!({ "name": "Jane Doe", "email": "jane@example.com", "mobilenumber": "+491234567", "source": "FB" });
    let lead = post(&body).json()["lead"].clone();
    assert_eq!((&lead["name"], &lead["email"], &lead["canBeCalled"]), (&body["name"], &body["email"], &json!(true)));
    assert_eq!(lead.as_object().unwrap().len(), 11);
    let users = crm.control("users");
    assert_eq!((&users[0]["id"], &users[0]["kind"], &users[0]["fields"]), (&lead["id"], &json!("lead"), &body));
    assert_eq!(crm.control("requests")[1]["createdUserId"], lead["id"]);
    assert_eq!(post(&json!({ "name": "Jane", "email": null, "mobilenumber": "+491234567" })).status, 200);

    refused(&post(&json!({ "email": "jane@example.com" })), 400, "Field \"name\" is required");
    refused(&post(&json!({ "name": "Jane" })), 400, "Field \"email\" or \"mobilenumber\" is required");
    refused(&post(&json!({ "name": "Jane", "email": "jane" })), 400, "Field \"email\" must be an email address");
    refused(&post(&json!({ "name": null, "email": "jane@example.com" })), 400, "Field \"name\" must be a string");
    refused(&post(&json!({ "name": "Jane", "email": "jane@example.com", "country": "DE" })), 400, "Field \"country\" is unknown");
}

#[test]
fn a_signup_code_is_somebodys_reference_key() {
    let crm = Crm::start();
    assert_eq!(crm.open("GET", "/leads/signup-code?code=0BaHeZI1Je", None).json(), json!({ "code": "0BaHeZI1Je" }));
    refused(&crm.open("GET", "/leads/signup-code?code=nobody", None), 404, "Unknown signup code");
    refused(&crm.open("GET", "/leads/signup-code", None), 400, "Parameter \"code\" is required");
}

#[test]
fn countries_and_the_captcha_key_are_told() {
    let crm = Crm::start_with(&["--trading-captcha-site-key", "site-key"]);
    let countries = crm.open("GET", "/countries", None).json();
    assert_eq!(countries["countries"].as_array().unwrap().len(), 249);
    assert!(countries["countries"].as_array().unwrap().contains(&json!({ "id": "HR", "name": "Croatia", "enabled": true })));
    assert_eq!(crm.open("GET", "/settings/captcha-site-key", None).json(), json!({ "value": "site-key" }));

    crm.seed(&json!({ "countries": [{ "id": "HR", "name": "Croatia", "enabled": false }] }));
    let answer = crm.with_key(KEY, "POST", "/affiliates/customers", Some(&john()));
    refused(&answer, 400, "Field \"country\" must be one of the countries served");
}

#[test]
fn forms_and_steps_are_told() {
    let crm = Crm::start();
    let form = |step: &str| crm.open("GET", &format!("/forms/{step}"), None);
    let real = form("SignupRealForm").json()["customerFieldConfigurations"].clone();
    assert_eq!(real[0], json!({ "field": "firstname", "step": "SignupRealForm", "required": true, "editable": true }));
    let names: Vec<_> = real.as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect();
    assert_eq!(names, ["firstname", "lastname", "email", "mobilenumber", "country", "password", "communicationLanguage"]);
    assert_eq!(form("SignupDemoForm").json()["customerFieldConfigurations"].as_array().unwrap().len(), 6);
    assert_eq!(form("KYC").json(), json!({ "customerFieldConfigurations": [] }));
    let answer = form("Signup");
    assert!(answer.status == 400 && answer.text().contains("Parameter \\\"step\\\" must be one of SignupDemoForm, "), "{}", answer.text());

    let stages = json!({ "stages": ["SignUp", "BeforeSignIn", "BeforeDeposit", "BeforeWithdrawal"] });
    assert_eq!(crm.open("GET", "/onboarding-steps/stages", None).json(), stages);
    let steps = crm.open("GET", "/onboarding-steps", None).json();
    assert_eq!(steps["configurations"][0], json!({ "step": "SignupRealForm", "stage": "SignUp" }));

    let fields = json!([{ "field": "email", "required": true, "editable": false }]);
    crm.seed(&json!({ "forms": { "SignupRealForm": fields }, "onboardingSteps": [{ "step": "KYC", "stage": "SignUp" }] }));
    assert_eq!(form("SignupRealForm").json()["customerFieldConfigurations"].as_array().unwrap().len(), 1);
    assert_eq!(crm.open("GET", "/onboarding-steps", None).json(), json!({ "configurations": [{ "step": "KYC", "stage": "SignUp" }] }));
}
