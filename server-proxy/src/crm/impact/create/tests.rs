//! What is sent, and what an answer means, as far as neither needs a socket.

use secrecy::ExposeSecret;
use serde_json::json;

use super::*;
use crate::crm::SignedAgreement;

fn registration(action: Action) -> Registration {
    let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Registration {
        id: uuid::Uuid::nil(),
        action,
        fields: pairs(&[
            ("firstName", "Jane"),
            ("lastName", "Doe"),
            ("email", "jane@example.com"),
            ("natonalityCountryCode", "CY"),
            ("phone", "+442079460958"),
            ("experience", "none"),
        ]),
        routing: Map::new(),
        finish: Map::new(),
        tracking: pairs(&[
            ("utm_source", "news"),
            ("campaign_id", "c-1"),
            ("gclid", "g-1"),
            ("subID", "s-1"),
            ("email", "mapped"),
            ("affiliate_id", "forged"),
        ]),
        affiliate: Some("17".to_owned()),
        buckets: Vec::new(),
        credential: None,
        agreements: vec![SignedAgreement {
            label: "Terms".to_owned(),
            signed_at: "2026-01-01T12:00:00Z".parse().expect("a time"),
            ip: "127.0.0.1".parse().expect("an address"),
            text_hash: "unsent".to_owned(),
        }],
        locale: "en".to_owned(),
    }
}

#[test]
fn a_body_holds_all_and_nothing_stands_in_the_place_of_what_counts() {
    let password = SecretString::from("made1up");
    let sent = body(&registration(Action::Signup), Some(&password));
    assert_eq!(
        Value::from(sent),
        json!({
            "firstName": "Jane", "lastName": "Doe", "email": "jane@example.com", "natonalityCountryCode": "CY",
            "phone": "+442079460958", "phoneCountryCode": "GB", "password": "made1up", "experience": "none", "subID": "s-1",
            "utmDetails": {"utm_source": "news", "campaign_id": "c-1", "gclid": "g-1", "affiliate_id": "17"},
            "agreements": "Terms (2026-01-01T12:00:00Z, 127.0.0.1)",
            "latchkeySignup": "00000000-0000-0000-0000-000000000000",
        })
    );
    let lead = body(&registration(Action::Lead), None);
    assert!(!lead.contains_key("password"));
}

#[test]
fn a_password_that_a_file_names_is_never_sent_and_a_lead_has_none() {
    let mut wanted = registration(Action::Lead);
    wanted.tracking.insert("password".to_owned(), "mapped".to_owned());
    wanted.fields.insert("password".to_owned(), "typed".to_owned());
    wanted.fields.insert("utmDetails".to_owned(), "typed".to_owned());
    let sent = Value::from(body(&wanted, None));
    assert!(!sent.to_string().contains("typed") && sent.get("password").is_none(), "{sent}");
    assert!(form::CUSTOMER.sets("password") && form::CUSTOMER.takes("password") && !form::LEAD.takes("password"));
    assert!(form::CUSTOMER.takes("tradingExperience"));
}

#[test]
fn a_password_is_the_visitors_or_nobodys() {
    let mut wanted = registration(Action::Signup);
    let made = || password::of(&registration(Action::Signup)).map(|made| made.expose_secret().to_owned());
    assert!(made().is_some() && made() != made());
    wanted.fields.insert("password".to_owned(), "chosen".to_owned());
    let sent = body(&wanted, password::of(&wanted).as_ref());
    assert_eq!(sent["password"], "chosen");
    wanted.action = Action::Lead;
    assert!(password::of(&wanted).is_none());
}

#[test]
fn the_phones_country() {
    let country = |phone: &str, own: Option<&str>| {
        let mut wanted = registration(Action::Signup);
        wanted.fields.insert("phone".to_owned(), phone.to_owned());
        wanted.fields.extend(own.map(|own| ("phoneCountryCode".to_owned(), own.to_owned())));
        body(&wanted, None).get("phoneCountryCode").and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(country("+49301234567", None).as_deref(), Some("DE"));
    assert_eq!(country("+49301234567", Some("AT")).as_deref(), Some("AT"), "the funnel asked for it");
    assert_eq!(country("+80012340000", None).as_deref(), Some("CY"), "nobody's number: the visitor's country");
    assert_eq!(country("0301234567", None), None, "the CRM refuses it, and the visitor mends the phone");
}

#[test]
fn refusals_by_their_words() {
    let wanted = registration(Action::Signup);
    let of = |said: &str| refused(said, &wanted);
    assert_eq!(of("Field \"natonalityCountryCode\" must be an ISO code"), Refused::Field("natonalityCountryCode".to_owned()));
    assert_eq!(of("Field \"phoneCountryCode\" is required"), Refused::Field("phone".to_owned()), "the funnel does not ask for it");
    assert_eq!(of("Field \"phone\" must be international"), Refused::Field("phone".to_owned()));
    assert_eq!(of("firstName and lastName are required"), Refused::Signup);
    assert_eq!(of("password is too short"), Refused::Signup);
}
