//! Who is found, and who is not, against a real socket.

use std::sync::Arc;

use axum::{http::StatusCode, response::IntoResponse};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::*;
use crate::{
    config::Problems,
    crm::{
        Action, Credential, Crm, RedirectHosts,
        canned::{Asked, Canned, HOSTILE, registration, told},
        client::{Network, NetworkKeys},
    },
};

fn wi(crm: &Canned) -> Wi {
    crate::install_crypto();
    let base_url = Some(format!("http://{}", crm.address));
    let keys = NetworkKeys { base_url, allow_insecure: true, allow_private: true, ..NetworkKeys::default() };
    Wi {
        network: Network::new("connections.wi", &keys, &mut Problems::of("test")).expect("a network"),
        crm: None,
        signup_key: SecretString::from("made-up-key"),
        identification_token: Some(SecretString::from("made-up-token")),
        redirect_hosts: RedirectHosts::default(),
        duplicate_when: Vec::new(),
    }
}

fn bucket(id: &str, sources: &[&str]) -> Bucket {
    Bucket { id: id.to_owned(), sources: sources.iter().map(|source| (*source).to_owned()).collect() }
}

fn signup(buckets: Vec<Bucket>) -> Registration {
    Registration { affiliate: Some("17".to_owned()), buckets, ..registration(Action::Signup) }
}

/// What the look-up makes of leads that were created so many seconds after the signup came, told by a clock so much ahead of ours.
async fn of(leads: impl Fn(Timestamp) -> Value, ahead: SignedDuration) -> LookedUp {
    // Received some time ago, so that before and after are both in the past.
    let since = Timestamp::now() - SignedDuration::from_mins(5);
    let leads = leads(since + ahead);
    let crm = Canned::start(move |_: &Asked| told(&leads, ahead)).await;
    wi(&crm).look_up(&signup(vec![bucket("b", &[])]), since).await
}

fn after(at: Timestamp, seconds: i64) -> String {
    (at + SignedDuration::from_secs(seconds)).to_string()
}

#[tokio::test]
async fn who_was_created_since_has_arrived_whatever_the_crms_clock_says() {
    for ahead in [SignedDuration::ZERO, SignedDuration::from_hours(1), SignedDuration::from_hours(-1)] {
        let found = of(|at| json!({"u-2": {"id": "u-2", "email": "JANE@mail.example", "createdDate": after(at, 2)}}), ahead).await;
        assert!(matches!(&found, LookedUp::Arrived { id: Some(id), status: 200 } if id == "u-2"), "{ahead}: {found:?}");
        let older = of(|at| json!({"u-1": {"id": "u-1", "email": "jane@mail.example", "createdDate": after(at, -4_000)}}), ahead).await;
        assert!(matches!(older, LookedUp::Absent { status: 200 }), "{ahead}: {older:?}");
        let both = |at| {
            json!({"u-1": {"id": "u-1", "email": "jane@mail.example", "createdDate": after(at, -4_000)},
                   "u-2": {"id": "u-2", "email": "jane@mail.example", "createdDate": after(at, 1)}})
        };
        let both = of(both, ahead).await;
        assert!(matches!(&both, LookedUp::Arrived { id: Some(id), .. } if id == "u-2"), "{ahead}: {both:?}");
    }
    let nobody = of(|_| json!({}), SignedDuration::ZERO).await;
    assert!(matches!(nobody, LookedUp::Absent { .. }), "{nobody:?}");
    // Either the CRM's clock is ahead, or ours was put back.
    let between =
        of(|at| json!({"u-1": {"id": "u-1", "email": "jane@mail.example", "createdDate": after(at, -600)}}), SignedDuration::from_hours(1));
    let between = between.await;
    assert!(matches!(between, LookedUp::Unanswered(_)), "{between:?}");
}

#[tokio::test]
async fn an_external_id_decides() {
    let ours = uuid::Uuid::from_u128(7).to_string();
    let found = of(
        |at| json!({"u": {"id": "u", "email": "jane@mail.example", "externalId": ours, "createdDate": after(at, -9_000)}}),
        SignedDuration::ZERO,
    );
    let found = found.await;
    assert!(matches!(found, LookedUp::Arrived { .. }), "{found:?}");
    let other = of(
        |at| json!({"u": {"id": "u", "email": "jane@mail.example", "externalId": "x", "createdDate": after(at, 1)}}),
        SignedDuration::ZERO,
    );
    let other = other.await;
    assert!(matches!(other, LookedUp::Absent { .. }), "{other:?}");
}

#[tokio::test]
async fn what_tells_neither_is_no_answer() {
    for (leads, words) in [
        (json!({"u": {"id": "u", "email": "other@mail.example", "createdDate": "2100-01-01T00:00:00Z"}}), "others than"),
        (json!({"u": {"id": "u", "createdDate": "2100-01-01T00:00:00Z"}}), "others than"),
        (json!({"u": {"id": "u", "email": "jane@mail.example"}}), "does not say when"),
        (json!({"u": {"id": "u", "email": "jane@mail.example", "createdDate": "2100-01-01"}}), "does not say when"),
        (json!({"u": null}), "cannot be read"),
        (json!({"u": {"id": "u", "email": ["jane@mail.example"], "createdDate": "2100-01-01T00:00:00Z"}}), "cannot be read"),
    ] {
        let looked = of(|_| leads.clone(), SignedDuration::ZERO).await;
        let LookedUp::Unanswered(trouble) = looked else { panic!("{leads}: {looked:?}") };
        assert!(trouble.detail.contains(words) && !trouble.detail.contains("mail.example"), "{leads}: {trouble}");
    }
    // As many as a page holds: there may be more behind them.
    let old =
        |number: usize| (format!("u-{number}"), json!({"id": number, "email": "jane@mail.example", "createdDate": "2020-01-01T00:00:00Z"}));
    let looked = of(|_| Value::Object((0..CHUNK).map(old).collect()), SignedDuration::ZERO).await;
    assert!(matches!(looked, LookedUp::Unanswered(_)), "{looked:?}");
    for (status, body) in HOSTILE {
        let crm = Canned::start(move |_: &Asked| (StatusCode::from_u16(status).expect("a status"), [("retry-after", "7")], body)).await;
        let looked = wi(&crm).look_up(&signup(vec![bucket("b", &[])]), Timestamp::now()).await;
        let LookedUp::Unanswered(trouble) = looked else { panic!("{status} {body}: {looked:?}") };
        let wait = trouble.retry_after.map(|wait| wait.as_secs());
        assert!(status < 400 || wait == Some(7), "{status}: {trouble:?}");
    }
}

#[tokio::test]
async fn every_bucket_is_looked_into_with_the_affiliates_own_token() {
    let now = Timestamp::now();
    let leads = json!({"u": {"id": "u", "email": "jane@mail.example", "createdDate": now.to_string()}});
    let crm = Canned::start(move |asked: &Asked| match asked.path.contains("third") {
        true => told(&leads, SignedDuration::ZERO),
        false if asked.path.contains("second") => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        false => told(&json!({}), SignedDuration::ZERO),
    })
    .await;
    let own = Credential { api_key: Some(SecretString::from("own-made-up-token")), ..Credential::default() };
    let of = |buckets| Registration {
        credential: Some(Arc::new(Credential { api_key: own.api_key.clone(), ..Credential::default() })),
        ..signup(buckets)
    };
    let found = wi(&crm).look_up(&of(vec![bucket("first", &[]), bucket("second", &[]), bucket("third", &[])]), now).await;
    assert!(matches!(found, LookedUp::Arrived { .. }), "{found:?}");
    let asked = crm.asked();
    let paths: Vec<_> = asked.iter().map(|asked| asked.path.as_str()).collect();
    assert_eq!(paths, ["first", "second", "third"].map(|bucket| format!("/api/public/buckets/{bucket}/17/leads")));
    assert_eq!((asked[0].method.as_str(), asked[0].key.as_str()), ("POST", "own-made-up-token"));
    assert_eq!(asked[0].body, json!({"emails": ["Jane@Mail.example", "jane@mail.example"], "keyBy": "id", "limit": 100, "offset": 0}));
    let unknown = wi(&crm).look_up(&of(vec![bucket("first", &[]), bucket("second", &[])]), now).await;
    assert!(matches!(unknown, LookedUp::Unanswered(_)), "one of the two did not answer: {unknown:?}");
}

#[tokio::test]
async fn only_where_there_is_a_bucket_to_look_into() {
    let crm = Canned::start(|_: &Asked| StatusCode::OK).await;
    let wi = wi(&crm);
    let with = |source: Option<&str>, sources: &[&str]| Registration {
        tracking: source.map(|source| ("sourceId".to_owned(), source.to_owned())).into_iter().collect(),
        ..signup(vec![bucket("b", sources)])
    };
    for (registration, can) in [
        (with(None, &[]), true),
        (with(Some("google"), &[]), true),
        (with(Some("google"), &["google"]), true),
        (with(None, &["google"]), true),
        (with(Some("bing"), &["google"]), false),
        (signup(Vec::new()), false),
        (Registration { affiliate: None, ..with(None, &[]) }, false),
    ] {
        assert_eq!(wi.can_look_up(&registration), can, "{registration:?}");
    }
    let without = Wi { identification_token: None, ..wi };
    assert!(!without.can_look_up(&with(None, &[])));
}
