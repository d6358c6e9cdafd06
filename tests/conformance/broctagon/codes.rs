//! `POST …/codes`: what is asked of the CRM, and what a visitor is told.

use serde_json::json;

use super::*;

const REQUEST: &str = "/public/v1/account/register/request";

#[tokio::test]
async fn a_code_on_its_way_is_not_sent_again() {
    let world = start().await;
    let (crm, fields) = (crm(&world), person());
    code(&world, "register", "email_code", &fields).await.json_of(202);
    // In capitals it is the same address.
    let upper = with(fields.clone(), "email", &fields["email"].as_str().expect("a text").to_uppercase());
    for fields in [&fields, &upper] {
        let answer = code(&world, "register", "email_code", fields).await;
        answer.problem(429, "too-soon");
        let wait: u64 = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
    }
    assert_eq!(received(&crm, REQUEST).await.len(), 1, "the CRM is not asked");
    code(&world, "register", "email_code", &person()).await.json_of(202);
}

#[tokio::test]
async fn the_crms_own_patience_is_passed_on() {
    let world = start().await;
    let (crm, fields) = (crm(&world), person());
    code(&world, "register", "email_code", &fields).await.json_of(202);
    // A proxy that was started anew knows nothing of it; the CRM does.
    let mut world = world;
    world.terminate();
    assert!(world.exit().await.success());
    world.restart().await;
    let answer = code(&world, "register", "email_code", &fields).await;
    answer.problem(429, "too-soon");
    assert_eq!(answer.header("retry-after"), "60");
    assert_eq!(received(&crm, REQUEST).await.len(), 2);
    crm.fault(json!({ "kind": "rate-limited", "retryAfterSeconds": 7 })).await;
    let answer = code(&world, "register", "email_code", &person()).await;
    answer.problem(429, "too-soon");
    assert_eq!(answer.header("retry-after"), "7");
}

#[tokio::test]
async fn what_stands_before_the_code_has_to_be_right() {
    let world = start().await;
    let crm = crm(&world);
    let errors = |answer: Answer| answer.errors();
    let answer = code(&world, "register", "email_code", &json!({ "email": "jane@mail.example" })).await;
    assert!(errors(answer).contains(&("name".to_owned(), "required".to_owned())));
    let answer = code(&world, "register", "email_code", &with(person(), "email", "nobody")).await;
    assert_eq!(errors(answer), [("email".to_owned(), "email".to_owned())]);
    let answer = code(&world, "register", "email_code", &with(person(), "desk", "x")).await;
    assert_eq!(errors(answer), [("desk".to_owned(), "unknown_field".to_owned())]);
    let answer = code(&world, "register", "email_code", &with(person(), "form_id", "regform2")).await;
    assert_eq!(errors(answer), [("form_id".to_owned(), "not_allowed".to_owned())]);
    let answer = code(&world, "register", "name", &person()).await;
    assert_eq!(errors(answer), [("field".to_owned(), "unknown_field".to_owned())]);
    // The code that is sent to a phone needs one.
    let mut no_phone = person();
    no_phone.as_object_mut().expect("an object").remove("phone");
    let answer = code(&world, "register", "phone_code", &no_phone).await;
    assert_eq!(errors(answer), [("phone".to_owned(), "required".to_owned())]);
    code(&world, "lead", "email_code", &json!({})).await.errors();
    assert!(received(&crm, REQUEST).await.is_empty());
    let body = json!({ "field": "email_code", "fields": person() });
    assert_eq!(post(&world, "register", "codes", &body).await.errors(), [("formToken".to_owned(), "required".to_owned())]);
    let other = send(world.request(Method::POST, "/api/v1/funnels/register/codes").header("origin", "https://other.example").json(&body));
    other.await.problem(403, "origin-not-allowed");
}

#[tokio::test]
async fn a_refusal_is_told_on_its_field() {
    let world = start().await;
    crm(&world).fault(json!({ "kind": "refuse", "message": "\"phone.number\" must be digits" })).await;
    // Before the form is known the first request is for the form: it is known after this.
    let first = code(&world, "register", "email_code", &person()).await;
    first.problem(503, "crm-unavailable");
    crm(&world).no_faults().await;
    code(&world, "register", "email_code", &person()).await.json_of(202);
    for (message, field) in
        [("\"phone.number\" must be digits", "phone"), ("\"custom_fields.country\" must be a country", "custom_fields.country")]
    {
        crm(&world).fault(json!({ "kind": "refuse", "message": message })).await;
        let answer = code(&world, "register", "email_code", &person()).await;
        assert_eq!(answer.errors(), [(field.to_owned(), "refused".to_owned())], "{message}");
        assert!(!answer.text().contains("must be"));
    }
}

#[tokio::test]
async fn whatever_is_answered_it_can_be_asked_for_again() {
    let world = World::start(setup().set("connections.broctagon", "timeout_seconds", "2")).await;
    let crm = crm(&world);
    code(&world, "register", "email_code", &person()).await.json_of(202);
    let fields = person();
    for fault in [
        json!({ "kind": "html" }),
        json!({ "kind": "redirect" }),
        json!({ "kind": "status", "status": 403 }),
        json!({ "kind": "status", "status": 500 }),
        json!({ "kind": "reset-before" }),
        json!({ "kind": "delay", "ms": 4_000 }),
    ] {
        // One address is sent four in a row.
        let fields = if fault["kind"] == "delay" { person() } else { with(fields.clone(), "email", &email()) };
        crm.fault(fault.clone()).await;
        let answer = code(&world, "register", "email_code", &fields).await;
        answer.problem(503, "crm-unavailable");
        says_nothing_of_the_crm(&answer, &world);
        crm.no_faults().await;
        if fault["kind"] == "reset-before" {
            code(&world, "register", "email_code", &fields).await.json_of(202);
        }
    }
    assert!(!world.logs().contains("jane.doe"), "no address in the logs");
}
