//! Pending steps and confirmations, with the customer's own session.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Crm, john_with, refused};

fn pending(crm: &Crm, token: &str, stage: &str) -> Value {
    crm.with_token(token, "GET", &format!("/onboarding-steps/pending/{stage}"), None).json()["steps"].clone()
}

fn verify(crm: &Crm, token: &str, code: &str) -> crate::client::Answer {
    crm.with_token(token, "POST", "/users/mobile-confirmation/verify", Some(&json!({ "confirmationToken": code })))
}

fn sent(crm: &Crm, kind: &str) -> Vec<Value> {
    crm.control("outbox").into_iter().filter(|message| message["kind"] == kind).collect()
}

#[test]
fn a_phone_is_confirmed_by_the_code_that_was_sent() {
    let crm = Crm::start();
    let (_, token) = crm.customer();
    assert_eq!(pending(&crm, &token, "SignUp"), json!(["PhoneConfirmation"]));
    refused(&verify(&crm, &token, "123456"), 400, "No confirmation code was sent");

    let send = || crm.with_token(&token, "POST", "/users/mobile-confirmation", None);
    assert_eq!(send().json(), json!({ "success": true }));
    assert_eq!(send().json(), json!({ "success": true }));
    let messages = sent(&crm, "phone");
    let codes: Vec<_> = messages.iter().map(|message| message["code"].as_str().unwrap()).collect();
    assert!(messages[1]["to"] == "+015500475947" && codes[1].len() == 6);
    for wrong in [if codes[0] == codes[1] { "x" } else { codes[0] }, ""] {
        assert_eq!(verify(&crm, &token, wrong).status, 400);
    }
    assert_eq!(verify(&crm, &token, codes[1]).json(), json!({ "success": true }));
    assert_eq!(pending(&crm, &token, "SignUp"), json!([]));
    refused(&verify(&crm, &token, codes[1]), 400, "No confirmation code was sent");
    refused(&send(), 400, "The phone number is already confirmed");
}

#[test]
fn a_code_expires() {
    let crm = Crm::start_with(&["--trading-code-ttl-seconds", "1"]);
    let (_, token) = crm.customer();
    crm.with_token(&token, "POST", "/users/mobile-confirmation", None);
    std::thread::sleep(Duration::from_millis(1100));
    let code = sent(&crm, "phone")[0]["code"].as_str().unwrap().to_owned();
    refused(&verify(&crm, &token, &code), 400, "The confirmation code has expired");
}

#[test]
fn an_email_is_confirmed_by_its_link() {
    let crm = Crm::start();
    let (_, token) = crm.customer();
    let check = || crm.with_token(&token, "GET", "/users/email-confirmation", None).json();
    assert_eq!(check(), json!({ "confirmed": false }));
    let resend = || crm.with_token(&token, "POST", "/users/email-confirmation", None);
    assert_eq!(resend().json(), json!({ "success": true, "email": "johndoe@gmail.com" }));
    let messages = sent(&crm, "email");
    assert_eq!((messages.len(), &messages[1]["to"]), (2, &json!("johndoe@gmail.com")));
    let open = |message: &Value| crm.server.get(&format!("/trading/confirm-email/{}", message["code"].as_str().unwrap())).status;
    assert_eq!(open(&messages[0]), 404);
    assert_eq!(check(), json!({ "confirmed": false }));
    assert_eq!((open(&messages[1]), open(&messages[1])), (200, 200));
    assert_eq!(check(), json!({ "confirmed": true }));
    refused(&resend(), 400, "The email is already confirmed");
}

#[test]
fn steps_are_pending_until_taken_or_skipped() {
    let crm = Crm::start();
    let session = |body: &Value| {
        let refresh_token = crm.create(body)["refreshToken"].as_str().unwrap().to_owned();
        crm.grant(&refresh_token).json()["access_token"].as_str().unwrap().to_owned()
    };
    let bare = session(&json!({ "email": "bare@example.com" }));
    assert_eq!(pending(&crm, &bare, "SignUp"), json!(["SignupRealForm", "PhoneConfirmation"]));
    assert_eq!(pending(&crm, &bare, "BeforeSignIn"), json!([]));
    let before_deposit = json!(["CompleteAccountBeforeDepositForm", "EmailConfirmation", "DisclaimerBeforeDeposit"]);
    assert_eq!(pending(&crm, &bare, "BeforeDeposit"), before_deposit);
    refused(&crm.with_token(&bare, "POST", "/users/mobile-confirmation", None), 400, "There is no phone number to send a code to");

    let mailed = sent(&crm, "email").len();
    let skipping = session(&john_with("skipOnboardingSteps", json!(["PhoneConfirmation", "EmailConfirmation", "DisclaimerBeforeDeposit"])));
    assert_eq!(pending(&crm, &skipping, "SignUp"), json!([]));
    assert_eq!(pending(&crm, &skipping, "BeforeDeposit"), json!(["CompleteAccountBeforeDepositForm"]));
    assert_eq!(sent(&crm, "email").len(), mailed);
    let answer = crm.with_token(&bare, "GET", "/onboarding-steps/pending/signup", None);
    refused(&answer, 400, "Parameter \"stage\" must be one of SignUp, BeforeSignIn, BeforeDeposit, BeforeWithdrawal");
}
