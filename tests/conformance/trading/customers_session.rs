//! What the customer's own session opens: by the refresh token of a sign-up's answer, which is named and never written.

use harness::World;
use serde_json::{Value, json};

use super::{answered, ask, crm, john, sign_up, to, unanswered, wire, world};

/// Puts a fresh refresh token of the customer into a file, since each works once: as a log-in at the CRM gives it.
async fn session(world: &World) -> String {
    let body = json!({ "username": "jane@gmail.com", "password": "made-up-password" });
    let opened = harness::send(world.client.post(format!("{}/sessions", crm(world).base_url())).json(&body)).await.json();
    std::fs::write(world.folder().join("session"), opened["refreshToken"].as_str().unwrap()).unwrap();
    "session=file:session".to_owned()
}

#[tokio::test]
async fn a_sign_ups_refresh_token_opens_it() {
    let world = world().await;
    sign_up(&world, john(1), json!({})).await.json_of(201);
    let token = to(&world, "/affiliates/customers").await[0]["answer"]["body"]["refreshToken"].as_str().unwrap().to_owned();
    std::fs::write(world.folder().join("session"), &token).unwrap();
    let answer = answered(&world, "CheckEmailConfirmed", &["session=file:session"]).await;
    assert_eq!(answer, json!({ "confirmed": false }));
    let grant = &to(&world, "/oauth/token").await[0];
    assert_eq!((&grant["method"], &grant["headers"]["content-type"]), (&json!("POST"), &json!("application/x-www-form-urlencoded")));
    assert_eq!(grant["body"], format!("grant_type=refresh_token&refresh_token={token}"));
    assert_eq!((grant["headers"].get("x-api-key"), grant["headers"].get("authorization")), (None, None));
    let spent = unanswered(&world, "CheckEmailConfirmed", &["session=file:session"]).await;
    assert!(spent.contains("does not let us") && !spent.contains(&token), "{spent}");
    let literal = unanswered(&world, "CheckEmailConfirmed", &["session=made-up-literal"]).await;
    assert!(literal.contains("session: a secret is named, never written") && !literal.contains("made-up-literal"), "{literal}");
}

#[tokio::test]
async fn phone_and_email_are_confirmed() {
    let world = world().await;
    let jane = json!({ "email": "jane@gmail.com", "firstname": "Jane", "mobilenumber": "+015500475947", "password": "made-up-password" });
    crm(&world).seed(json!({ "customers": [jane] })).await;
    let pending = answered(&world, "GetPendingOnboardingSteps", &[&session(&world).await, "stage=SignUp"]).await;
    assert!(pending["steps"].as_array().unwrap().contains(&json!("PhoneConfirmation")), "{pending}");
    let done = json!({ "success": true });
    assert_eq!(answered(&world, "SendMobileConfirmationCode", &[&session(&world).await, "--yes"]).await, done);
    let code = crm(&world).outbox().await.into_iter().rfind(|sent| sent["kind"] == "phone").unwrap()["code"].as_str().unwrap().to_owned();
    let wrong = unanswered(&world, "VerifyMobileConfirmationCode", &[&session(&world).await, "confirmationToken=x", "--yes"]).await;
    assert!(wrong.contains("The confirmation code is wrong"), "{wrong}");
    let token = format!("confirmationToken={code}");
    assert_eq!(answered(&world, "VerifyMobileConfirmationCode", &[&session(&world).await, &token, "--yes"]).await, done);
    let resent = answered(&world, "ResendConfirmationEmail", &[&session(&world).await, "--yes"]).await;
    assert_eq!(resent, json!({ "success": true, "email": "jane@gmail.com" }));
    let calls: Vec<Value> = crm(&world).requests().await.iter().filter(|request| wire_is_customers(request)).map(wire).collect();
    assert_eq!(
        calls,
        [
            json!({ "call": "GET /onboarding-steps/pending/SignUp", "credential": "bearer" }),
            json!({ "call": "POST /users/mobile-confirmation", "credential": "bearer" }),
            json!({ "call": "POST /users/mobile-confirmation/verify", "credential": "bearer", "body": { "confirmationToken": "x" } }),
            json!({ "call": "POST /users/mobile-confirmation/verify", "credential": "bearer", "body": { "confirmationToken": code } }),
            json!({ "call": "POST /users/email-confirmation", "credential": "bearer" }),
        ]
    );
    let without = ask(&world, "SendMobileConfirmationCode", &["session=file:session"]).await;
    assert!(without.stderr.contains("--yes"), "it changes something: {}", without.stderr);
    let stage = unanswered(&world, "GetPendingOnboardingSteps", &["session=file:session", "stage=Never"]).await;
    assert!(stage.contains("stage: is none of SignUp"), "{stage}");
}

fn wire_is_customers(request: &Value) -> bool {
    let path = request["path"].as_str().unwrap();
    path.starts_with("/users/") || path.starts_with("/onboarding-steps/pending/")
}
