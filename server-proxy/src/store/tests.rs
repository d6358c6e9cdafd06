//! The store on a real file.

use std::{collections::BTreeMap, net::IpAddr};

use jiff::SignedDuration;
use secrecy::SecretString;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::crm::{AutologinLink, SignedAgreement};

/// A moment that everything here happens around.
fn now() -> jiff::Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a time")
}

fn later(seconds: i64) -> jiff::Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

struct File {
    folder: TempDir,
}

impl File {
    fn new() -> File {
        File { folder: tempfile::tempdir().expect("a folder") }
    }

    async fn open(&self) -> Store {
        self.open_with("made-up key one").await
    }

    async fn open_with(&self, secret: &str) -> Store {
        let keys = Keyring::new(&[SecretString::from(secret)]).expect("a key");
        Store::open(&Database { path: self.folder.path().join("latchkey.db") }, Arc::new(keys)).await.expect("opens")
    }
}

fn signup(email: &str) -> NewSignup {
    let agreement =
        SignedAgreement { label: "Terms".to_owned(), signed_at: now(), ip: IpAddr::from([203, 0, 113, 9]), text_hash: "00".to_owned() };
    NewSignup {
        id: Uuid::now_v7(),
        funnel: "demo".to_owned(),
        funnel_version: "1".to_owned(),
        connection: "wi".to_owned(),
        received_at: now(),
        content: Content {
            fields: BTreeMap::from([("email".to_owned(), email.to_owned())]),
            agreements: vec![agreement],
            tracking: BTreeMap::from([("gclid".to_owned(), "g".to_owned())]),
            locale: "de".to_owned(),
            ip: IpAddr::from([203, 0, 113, 9]),
        },
        email: email.to_owned(),
        idempotency: None,
        suspect: None,
    }
}

fn keyed(email: &str, key: u8, fingerprint: u8) -> NewSignup {
    NewSignup { idempotency: Some(Idempotency { keys: vec![[key; 32]], fingerprints: vec![[fingerprint; 32]] }), ..signup(email) }
}

async fn keep(store: &Store, signup: &NewSignup) -> Kept {
    store.keep(signup).await.expect("the store answers")
}

async fn state(store: &Store, id: Uuid) -> (State, Option<Reason>) {
    let signup = store.signup(id).await.expect("the store answers").expect("it is there");
    (signup.state, signup.reason)
}

/// Registered, with a link that is good for five minutes.
fn registered() -> Conclusion {
    let link = AutologinLink::checked_before("https://member.example/autologin/1/".to_owned());
    Conclusion {
        state: State::Registered,
        crm_id: Some("user-1".to_owned()),
        link: Some((link, later(300))),
        outcome: "sent",
        crm_status: Some(200),
        ..Conclusion::default()
    }
}

#[tokio::test]
async fn what_is_kept_is_there_after_the_file_is_opened_again() {
    let file = File::new();
    let store = file.open().await;
    let one = signup("jane@mail.example");
    assert!(matches!(keep(&store, &one).await, Kept::New));
    // Not closed: as after a kill.
    let again = file.open().await;
    assert_eq!(state(&again, one.id).await, (State::Received, None));
    let content = again.content(one.id).await.expect("opens").expect("it is there");
    assert_eq!(content.fields, one.content.fields);
    assert_eq!((content.locale.as_str(), content.ip, content.tracking), ("de", one.content.ip, one.content.tracking));
    assert_eq!(content.agreements[0].signed_at, now());
    assert_eq!(again.untried().await.expect("the store answers"), [one.id]);
    assert!(again.content(Uuid::nil()).await.expect("the store answers").is_none());
    assert!(again.signup(Uuid::nil()).await.expect("the store answers").is_none());
}

#[tokio::test]
async fn another_key_opens_nothing() {
    let file = File::new();
    let one = signup("jane@mail.example");
    keep(&file.open().await, &one).await;
    let other = file.open_with("made-up key two").await;
    assert!(matches!(other.content(one.id).await, Err(StoreError::Unopenable(_))));
    assert_eq!(state(&other, one.id).await.0, State::Received, "what is not personal is read all the same");
}

#[tokio::test]
async fn a_signup_is_claimed_once() {
    let (file, one) = (File::new(), signup("jane@mail.example"));
    let store = file.open().await;
    keep(&store, &one).await;
    let (first, second) = tokio::join!(store.claim(one.id, later(1)), store.claim(one.id, later(1)));
    let claims = [first, second].map(|claim| claim.expect("the store answers"));
    assert!(claims[0] != claims[1], "{claims:?}");
    assert_eq!(state(&store, one.id).await.0, State::Delivering);
    assert!(store.untried().await.expect("the store answers").is_empty());
    assert_eq!(store.attempts(one.id).await.expect("the store answers").len(), 1);
    assert!(!store.claim(Uuid::nil(), now()).await.expect("the store answers"));
}

#[tokio::test]
async fn an_attempts_end_is_recorded_with_it() {
    let (file, one) = (File::new(), signup("jane@mail.example"));
    let store = file.open().await;
    keep(&store, &one).await;
    store.claim(one.id, later(1)).await.expect("claimed");
    let conclusion = Conclusion { detail: Some("the CRM's words".to_owned()), ..registered() };
    store.conclude(one.id, &conclusion, later(3)).await.expect("concluded");
    let kept = store.signup(one.id).await.expect("the store answers").expect("it is there");
    assert_eq!((kept.state, kept.crm_id.as_deref(), kept.changed_at), (State::Registered, Some("user-1"), later(3)));
    let ticket = kept.ticket.expect("a ticket");
    assert_eq!((ticket.serial, ticket.expires_at, ticket.used_at), (0, later(300), None));
    assert_eq!(store.link(one.id).await.expect("opens").expect("a link").expose(), "https://member.example/autologin/1/");
    let attempt = &store.attempts(one.id).await.expect("opens")[0];
    assert_eq!((attempt.outcome.as_deref(), attempt.crm_status, attempt.took_ms), (Some("sent"), Some(200), Some(2_000)));
    assert_eq!(attempt.detail.as_deref(), Some("the CRM's words"));

    let rejected = Conclusion { state: State::Rejected, reason: Some(Reason::KnownEmail), outcome: "refused", ..Conclusion::default() };
    store.conclude(one.id, &rejected, later(4)).await.expect("the store answers");
    assert_eq!(state(&store, one.id).await.0, State::Registered, "what has ended does not end again");
}

#[tokio::test]
async fn a_refusal_names_its_field() {
    let (file, one) = (File::new(), signup("jane@mail.example"));
    let store = file.open().await;
    keep(&store, &one).await;
    store.claim(one.id, now()).await.expect("claimed");
    let conclusion = Conclusion {
        state: State::Rejected,
        reason: Some(Reason::FieldRefused),
        refused_field: Some("phone".to_owned()),
        outcome: "refused",
        ..Conclusion::default()
    };
    store.conclude(one.id, &conclusion, now()).await.expect("concluded");
    let kept = store.signup(one.id).await.expect("the store answers").expect("it is there");
    assert_eq!((kept.reason, kept.refused_field.as_deref()), (Some(Reason::FieldRefused), Some("phone")));
    assert!(kept.is_settled() && kept.ticket.is_none());
    assert!(store.link(one.id).await.expect("the store answers").is_none());
}

#[tokio::test]
async fn the_same_request_is_kept_once() {
    let file = File::new();
    let store = file.open().await;
    let (one, same, other) = (keyed("jane@mail.example", 1, 1), keyed("jane@mail.example", 1, 1), keyed("john@mail.example", 1, 2));
    assert!(matches!(keep(&store, &one).await, Kept::New));
    assert!(matches!(keep(&store, &same).await, Kept::Before(id) if id == one.id), "before it is asked whose e-mail it is");
    assert!(matches!(keep(&store, &other).await, Kept::KeyReused));
    let asked = |signup: &NewSignup| {
        let (store, idempotency) = (&store, signup.idempotency.clone().expect("a key"));
        async move { store.remembered("demo", &idempotency, now()).await.expect("the store answers") }
    };
    assert!(matches!(asked(&same).await, Some(Kept::Before(id)) if id == one.id));
    assert!(matches!(asked(&other).await, Some(Kept::KeyReused)));
    assert!(asked(&keyed("jane@mail.example", 2, 1)).await.is_none());
    let elsewhere = NewSignup { funnel: "other".to_owned(), ..keyed("jane@mail.example", 1, 2) };
    assert!(matches!(keep(&store, &elsewhere).await, Kept::New), "a key belongs to its funnel");
    assert!(store.signup(same.id).await.expect("the store answers").is_none());
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day_and_the_signup_is_not() {
    const DAY: i64 = 24 * 60 * 60;
    let file = File::new();
    let store = file.open().await;
    let one = NewSignup { suspect: Some(Reason::Honeypot), ..keyed("jane@mail.example", 1, 1) };
    keep(&store, &one).await;
    let idempotency = one.idempotency.clone().expect("a key");
    let on_time = store.remembered("demo", &idempotency, later(DAY)).await.expect("the store answers");
    assert!(matches!(on_time, Some(Kept::Before(_))));
    assert!(store.remembered("demo", &idempotency, later(DAY + 1)).await.expect("the store answers").is_none());
    let anew = NewSignup { received_at: later(DAY + 2), ..keyed("john@mail.example", 1, 9) };
    assert!(matches!(keep(&store, &anew).await, Kept::New), "the key is free");
    assert_eq!(state(&store, one.id).await, (State::Parked, Some(Reason::Honeypot)));
}

#[tokio::test]
async fn one_delivery_at_a_time_for_one_address() {
    let file = File::new();
    let store = file.open().await;
    let one = signup("Jane@Mail.example");
    keep(&store, &one).await;
    assert!(matches!(keep(&store, &signup("jane@mail.EXAMPLE")).await, Kept::UnderWay), "whatever its case");
    assert!(matches!(keep(&store, &signup("john@mail.example")).await, Kept::New));
    let elsewhere = NewSignup { funnel: "other".to_owned(), ..signup("jane@mail.example") };
    assert!(matches!(keep(&store, &elsewhere).await, Kept::New));
    store.claim(one.id, now()).await.expect("claimed");
    assert!(matches!(keep(&store, &signup("jane@mail.example")).await, Kept::UnderWay));
    let suspect = NewSignup { suspect: Some(Reason::TooFast), ..signup("jane@mail.example") };
    assert!(matches!(keep(&store, &suspect).await, Kept::New), "a suspect is kept, and in nobody's way");
    store.conclude(one.id, &registered(), now()).await.expect("concluded");
    assert!(matches!(keep(&store, &signup("jane@mail.example")).await, Kept::New), "the CRM is to say that it knows the address");
}

#[tokio::test]
async fn many_at_once_keep_one_of_each_key() {
    let file = File::new();
    let store = Arc::new(file.open().await);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40_u8 {
        let store = store.clone();
        tasks.spawn(async move { keep(&store, &keyed(&format!("jane.{}@mail.example", number % 10), number % 10, 1)).await });
    }
    let kept = tasks.join_all().await;
    assert_eq!(kept.iter().filter(|kept| matches!(kept, Kept::New)).count(), 10);
    assert_eq!(kept.iter().filter(|kept| matches!(kept, Kept::Before(_))).count(), 30);
    assert_eq!(counts(&store).await, [("received", 10)]);
}

#[tokio::test]
async fn a_spent_ticket_is_replaced_once() {
    let (file, one) = (File::new(), signup("jane@mail.example"));
    let store = file.open().await;
    keep(&store, &one).await;
    store.claim(one.id, now()).await.expect("claimed");
    store.conclude(one.id, &registered(), now()).await.expect("concluded");
    let ticket = || async { store.signup(one.id).await.expect("the store answers").and_then(|signup| signup.ticket).expect("a ticket") };
    store.use_ticket(one.id, 1, later(1)).await.expect("the store answers");
    assert_eq!(ticket().await.used_at, None, "a serial number that is not out yet uses nothing");
    store.use_ticket(one.id, 0, later(2)).await.expect("used");
    store.use_ticket(one.id, 0, later(9)).await.expect("used again");
    assert_eq!(ticket().await.used_at, Some(later(2)), "the first use counts");
    store.renew_ticket(one.id, 0).await.expect("renewed");
    store.renew_ticket(one.id, 0).await.expect("somebody else was first");
    let renewed = ticket().await;
    assert_eq!((renewed.serial, renewed.used_at, renewed.expires_at), (1, None, later(300)));
}

#[tokio::test]
async fn only_what_was_under_way_is_parked_as_interrupted() {
    let file = File::new();
    let store = file.open().await;
    let [received, delivering, done] = ["a", "b", "c"].map(|name| signup(&format!("{name}@mail.example")));
    for one in [&received, &delivering, &done] {
        keep(&store, one).await;
    }
    store.claim(delivering.id, now()).await.expect("claimed");
    store.claim(done.id, now()).await.expect("claimed");
    store.conclude(done.id, &registered(), now()).await.expect("concluded");
    assert_eq!(store.park_interrupted(later(5)).await.expect("the store answers"), 1);
    assert_eq!(state(&store, received.id).await, (State::Received, None));
    assert_eq!(state(&store, delivering.id).await, (State::Parked, Some(Reason::Interrupted)));
    assert_eq!(state(&store, done.id).await, (State::Registered, None));
    assert_eq!(store.park_interrupted(later(6)).await.expect("the store answers"), 0);
    let attempt = &store.attempts(delivering.id).await.expect("opens")[0];
    assert_eq!((attempt.outcome.as_deref(), attempt.took_ms), (None, None), "nobody knows how it ended");
}

#[tokio::test]
async fn an_operator_lists_by_funnel_and_state_the_newest_first() {
    let file = File::new();
    let store = file.open().await;
    let mut ids = Vec::new();
    for number in 0..5 {
        let funnel = if number == 4 { "other" } else { "demo" };
        let suspect = (number == 1).then_some(Reason::Honeypot);
        let one = NewSignup { received_at: later(number), funnel: funnel.to_owned(), suspect, ..signup(&format!("{number}@mail.example")) };
        keep(&store, &one).await;
        ids.push(one.id);
    }
    let list = |funnel: Option<&str>, state, limit| {
        let filter = Filter { funnel: funnel.map(str::to_owned), state, limit };
        let store = &store;
        async move { store.signups(&filter).await.expect("the store answers").into_iter().map(|signup| signup.id).collect::<Vec<_>>() }
    };
    assert_eq!(list(None, None, 2).await, [ids[4], ids[3]]);
    assert_eq!(list(Some("demo"), None, 9).await, [ids[3], ids[2], ids[1], ids[0]]);
    assert_eq!(list(Some("demo"), Some(State::Parked), 9).await, [ids[1]]);
    assert!(list(Some("demo' OR TRUE --"), None, 9).await.is_empty());
    assert_eq!(counts(&store).await, [("received", 4), ("parked", 1)]);
    assert_eq!(store.counts().await.expect("the store answers").len(), State::ALL.len(), "also the states that are empty");
}

/// The states that are not empty.
async fn counts(store: &Store) -> Vec<(&'static str, i64)> {
    let counts = store.counts().await.expect("the store answers");
    counts.into_iter().filter(|(_, count)| *count > 0).map(|(state, count)| (state.as_str(), count)).collect()
}

#[test]
fn one_proxy_delivers_from_a_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database { path: folder.path().join("latchkey.db") };
    let held = Exclusive::lock(&database).expect("free");
    assert!(matches!(Exclusive::lock(&database), Err(StoreError::InUse { .. })));
    drop(held);
    Exclusive::lock(&database).expect("free again");
}

#[tokio::test]
async fn a_store_that_somebody_else_holds_is_not_writable() {
    let file = File::new();
    let (store, other) = (file.open().await, file.open().await);
    store.is_writable().await.expect("free");
    let held = other.writer.begin_with("BEGIN IMMEDIATE").await.expect("held");
    assert!(store.is_writable().await.is_err());
    held.rollback().await.expect("given back");
    store.is_writable().await.expect("free again");
}

#[test]
fn every_word_reads_as_it_is_written() {
    for state in State::ALL {
        assert_eq!(State::from_str(state.as_str()), Some(state));
    }
    for reason in [
        Reason::NoLink,
        Reason::LinkForbidden,
        Reason::KnownEmail,
        Reason::FieldRefused,
        Reason::SignupRefused,
        Reason::CrmUnreachable,
        Reason::Misconfigured,
        Reason::OutcomeUnknown,
        Reason::Interrupted,
        Reason::Honeypot,
        Reason::TooFast,
    ] {
        assert_eq!(Reason::from_str(reason.as_str()), Some(reason));
    }
    assert_eq!((State::from_str("lost"), Reason::from_str("")), (None, None));
}
