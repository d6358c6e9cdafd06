//! 422: each rule of the contract, on the field that breaks it.

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::words::{assert_errors, text};

#[tokio::test]
async fn each_rule_is_answered_on_its_field() {
    let world = World::start(Setup::new()).await;
    let long = "a".repeat(41);
    let next_year = format!("{}-01-01", jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year() + 1);
    let child = format!("{}-06-15", jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year() - 10);
    let cases: &[(&str, &str, &str)] = &[
        ("email", "", "required"),
        ("email", "   ", "required"),
        ("email", "no address", "email"),
        ("email", "user@localhost", "email"),
        ("email", "user@xn--a.example\u{f4}.\u{300}", "email"),
        ("email", "user@\u{300}.example", "email"),
        ("phone", "", "required"),
        ("phone", "12345", "phone"),
        ("phone", "+1234567890123456", "phone"),
        ("phone", "call me", "phone"),
        ("firstName", "", "required"),
        ("firstName", "Ja\u{0}ne", "characters"),
        ("firstName", "Ja\nne", "characters"),
        ("firstName", "Jane\u{202e}", "characters"),
        ("firstName", "Jane\u{fffd}", "characters"),
        ("lastName", &long, "too_long"),
        ("gender", "x", "option"),
        ("dateOfBirth", "28.02.1990", "date"),
        ("dateOfBirth", "1990-02-30", "date"),
        ("dateOfBirth", "1899-12-31", "date_range"),
        ("dateOfBirth", &next_year, "date_range"),
        ("dateOfBirth", &child, "too_young"),
        ("billing.country", "Germany", "option"),
        ("billing.country", "de", "option"),
        ("additionalPhone", "1", "phone"),
    ];
    for (field, value, code) in cases {
        let mut form = world.form().await;
        form["fields"][*field] = json!(value);
        assert_errors(&world.signup(&form).await, &[(field, code)], &format!("{field} = {value:?}"));
    }
    assert!(world.sandbox.requests().await.is_empty(), "nothing of it reached the CRM");
    assert!(world.signups().await.is_empty(), "nothing of it is kept");
}

#[tokio::test]
async fn all_errors_come_at_once_in_the_funnels_order() {
    let world = World::start(Setup::new()).await;
    let mut form = world.form().await;
    form["fields"] = json!({ "dateOfBirth": "x", "desk": "y", "nickname": "z" });
    form["agreements"] = json!([]);
    let expected = [
        ("desk", "not_allowed"),
        ("nickname", "unknown_field"),
        ("email", "required"),
        ("phone", "required"),
        ("firstName", "required"),
        ("dateOfBirth", "date"),
        ("agreement-1", "required"),
    ];
    assert_errors(&world.signup(&form).await, &expected, "everything wrong");
}

#[tokio::test]
async fn errors_are_in_the_visitors_language() {
    let world = World::start(Setup::new()).await;
    let mut form = world.form().await;
    form["fields"]["firstName"] = json!("");
    let mut messages = Vec::new();
    for locale in ["en", "de"] {
        form["locale"] = json!(locale);
        messages.push(text(&world.signup(&form).await.problem(422, "invalid"), "/errors/0/message").to_owned());
    }
    assert_eq!(messages[0], "First name is needed.");
    assert!(messages[1].contains("Vorname"), "{messages:?}");
}

#[tokio::test]
async fn addresses_of_the_real_world_are_taken() {
    let world = World::start(Setup::new()).await;
    for email in [
        "o'hara+tag@sub.mail.example",
        "käthe.is.ascii@köln.example".trim_start_matches("käthe."),
        "a@b.museum",
        "用户.is@例子.example".trim_start_matches("用户."),
    ] {
        let mut form = world.form().await;
        form["fields"]["email"] = json!(email);
        let answer = world.signup(&form).await;
        assert_eq!(answer.status, 201, "{email}: {}", answer.text());
    }
    assert_eq!(world.sandbox.users().await.len(), 4);
}

#[tokio::test]
async fn a_value_of_another_type_is_an_error_on_its_field() {
    let world = World::start(Setup::new()).await;
    for field in ["email", "phone", "firstName", "lastName", "gender", "dateOfBirth", "billing.country", "billing.city"] {
        for value in [json!(7), json!(true), json!(null), json!(["x"]), json!({ "x": "y" })] {
            let mut form = world.form().await;
            form["fields"][field] = value.clone();
            assert_errors(&world.signup(&form).await, &[(field, "type")], &format!("{field} = {value}"));
        }
    }
    let nested: Value = json!({ "country": "DE" });
    let mut form = world.form().await;
    form["fields"]["billing"] = nested;
    assert_errors(&world.signup(&form).await, &[("billing", "unknown_field")], "a nested address");
    assert!(world.sandbox.requests().await.is_empty());
}
