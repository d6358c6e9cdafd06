//! The document's examples and answers, held against the adapter.

use secrecy::SecretString;

use super::*;
use crate::{
    config::Problems,
    crm::{
        Action, NoLink, RedirectHosts, SignedAgreement,
        client::{Network, NetworkKeys},
        clock::Clocks,
    },
};

fn wi() -> Wi {
    let keys = NetworkKeys { base_url: Some("https://trade.example".to_owned()), ..NetworkKeys::default() };
    crate::install_crypto();
    Wi {
        network: Network::new("connections.wi", &keys, &mut Problems::of("test")).expect("a network"),
        crm: None,
        signup_key: SecretString::from("made-up-key"),
        identification_token: None,
        redirect_hosts: RedirectHosts::new(&["your-domain".to_owned()], false).expect("hosts"),
        duplicate_when: vec!["already exists".to_owned()],
    }
}

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).expect("a status"),
        retry_after: None,
        clocks: Clocks::silent(),
        body: body.as_bytes().to_vec(),
    }
}

#[test]
fn the_full_example_of_the_document() {
    let registration = Registration {
        id: uuid::Uuid::nil(),
        action: Action::Signup,
        fields: [
            ("email", "user@example.com"),
            ("phone", "+1234567890"),
            ("firstName", "Jane"),
            ("billing.country", "US"),
            ("billing.city", "New York"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        routing: json!({"project": "default", "desk": "sales", "sendEmail": true}).as_object().cloned().expect("a table"),
        tracking: [("subID", "SUB-1"), ("campaignId", "CMP-456"), ("sourceId", "facebook_ads")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        finish: Map::new(),
        affiliate: Some("AFF-123".to_owned()),
        buckets: Vec::new(),
        credential: None,
        locale: "en".to_owned(),
        agreements: vec![SignedAgreement {
            label: "Terms and Conditions".to_owned(),
            signed_at: "2026-01-01T12:00:00Z".parse().expect("a time"),
            ip: "127.0.0.1".parse().expect("an address"),
            text_hash: "unsent".to_owned(),
        }],
    };
    assert_eq!(
        body(&registration),
        json!({
            "email": "user@example.com", "phone": "+1234567890", "firstName": "Jane",
            "affiliateID": "AFF-123", "subID": "SUB-1", "campaignId": "CMP-456", "sourceId": "facebook_ads",
            "project": "default", "desk": "sales", "sendEmail": true,
            "billing": {"country": "US", "city": "New York"},
            "agreements": [{"label": "Terms and Conditions", "ip": "127.0.0.1", "signedAt": "2026-01-01T12:00:00Z"}],
            "externalId": "00000000-0000-0000-0000-000000000000",
        })
    );
}

#[test]
fn success_with_and_without_autologin() {
    let with = wi().outcome(&answer(200, r#"{"id":"user-uuid","url":"https://your-domain/autologin/uuid/"}"#));
    assert!(
        matches!(&with, Outcome::Registered(Registered { id, link: Ok(link), .. }) if id.as_deref() == Some("user-uuid") && link.expose() == "https://your-domain/autologin/uuid/"),
        "{with:?}"
    );
    let without = wi().outcome(&answer(201, r#"{"id":"user-uuid"}"#));
    assert!(matches!(&without, Outcome::Registered(Registered { link: Err(NoLink::NotGiven), .. })), "{without:?}");
}

#[test]
fn a_link_that_may_not_be_followed_is_left_out_and_the_client_is_registered() {
    for url in [r#""https://evil.example/autologin/uuid/""#, r#""javascript:alert(1)""#, "7", r#""""#] {
        let outcome = wi().outcome(&answer(200, &format!(r#"{{"id":"user-uuid","url":{url}}}"#)));
        assert!(matches!(&outcome, Outcome::Registered(Registered { link: Err(NoLink::Forbidden(_)), .. })), "{url}: {outcome:?}");
    }
}

#[test]
fn what_cannot_be_read_is_unknown() {
    for body in ["", "{", "[]", "null", "<html>", r#"{"url":"https://your-domain/"}"#, r#"{"id":null}"#, r#"{"id":""}"#, r#"{"id":{}}"#] {
        let outcome = wi().outcome(&answer(200, body));
        assert!(matches!(outcome, Outcome::Unknown(_)), "{body}: {outcome:?}");
    }
}

#[test]
fn refusals_by_their_words() {
    let refused = |message: &str| match wi().outcome(&answer(400, &json!({"message": message, "providerStatus": 400}).to_string())) {
        Outcome::Refused(refusal) => refusal.what,
        other => panic!("{message}: {other:?}"),
    };
    assert_eq!(refused("User with this email already exists"), Refused::KnownEmail);
    assert_eq!(refused("Email, phone and first name are required"), Refused::Signup);
    assert_eq!(refused("Phone is not valid"), Refused::Field("phone".to_owned()));
    assert_eq!(refused("additional phone is not valid"), Refused::Field("additionalPhone".to_owned()));
    assert_eq!(refused("Invalid e-mail"), Refused::Field("email".to_owned()));
    assert_eq!(refused("Email address is not valid"), Refused::Field("email".to_owned()));
    assert_eq!(refused("Address is too long"), Refused::Field("billing.address".to_owned()));
    assert_eq!(refused("Smartphone"), Refused::Signup);
    assert_eq!(refused("phone and additional phone are the same"), Refused::Signup);
    assert_eq!(refused("Region is invalid"), Refused::Field("billing.region".to_owned()));
    assert_eq!(refused("No"), Refused::Signup);
    let conflict = wi().outcome(&answer(409, r#"{"message":"E-mail already exists"}"#));
    assert!(matches!(&conflict, Outcome::Refused(Refusal { what: Refused::KnownEmail, .. })), "whatever the status: {conflict:?}");
}

#[test]
fn the_other_errors_of_the_document_and_beyond() {
    let outcome = |status, body| wi().outcome(&answer(status, body));
    assert!(matches!(outcome(401, r#"{"message":"Invalid secret key","providerStatus":401}"#), Outcome::Misconfigured(_)));
    assert!(matches!(outcome(500, r#"{"message":"Internal server error","providerStatus":500}"#), Outcome::Unknown(_)));
    assert!(matches!(outcome(502, "<html>"), Outcome::Unknown(_)));
    assert!(matches!(outcome(429, ""), Outcome::Failed(_)));
    assert!(matches!(outcome(404, ""), Outcome::Misconfigured(_)));
    assert!(matches!(outcome(308, ""), Outcome::Misconfigured(_)));
    assert!(matches!(outcome(303, ""), Outcome::Unknown(_)), "it may answer what was done");
    assert!(matches!(outcome(401, r#"{"message":"already exists"}"#), Outcome::Misconfigured(_)), "that is about the key");
    assert!(
        matches!(outcome(400, r#"{"message":"Phone number already exists"}"#), Outcome::Refused(Refusal { what: Refused::Field(field), .. }) if field == "phone")
    );
    assert!(matches!(outcome(400, "<html>"), Outcome::Unknown(_)), "a 400 that is not the CRM's own says nothing");
}
