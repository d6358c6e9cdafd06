//! The store, on a real file and on a real server.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use harness::Postgres;
use jiff::SignedDuration;
use secrecy::SecretString;
use sqlx::{AnyConnection, Connection};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::crm::{AutologinLink, CrmRecord, RecordKind, SignedAgreement, Stage};

/// A moment that everything here happens around.
fn now() -> jiff::Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a time")
}

fn later(seconds: i64) -> jiff::Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

/// Makes two tests of each: one on a file, one on a server.
macro_rules! on_both {
    ($($test:ident)*) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Place::file()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Place::server().await).await;
            })*
        }
    };
}

on_both! {
    what_is_kept_is_there_when_it_is_opened_again
    another_key_opens_nothing
    a_signup_is_claimed_once
    an_attempts_end_is_recorded_with_it
    a_refusal_names_its_field
    the_same_request_is_kept_once
    a_key_is_forgotten_after_a_day_and_the_signup_is_not
    one_delivery_at_a_time_for_one_address
    many_at_once_keep_one_of_each_key
    a_spent_ticket_is_replaced_once
    what_another_run_left_is_taken_over
    what_a_run_works_on_is_not_taken_over
    what_is_due_later_waits_unless_a_clock_put_it_there
    a_lane_claims_what_it_can_deliver_the_longest_due_first
    a_look_up_that_finds_nothing_is_an_attempt_of_its_own
    an_operator_has_a_parked_one_delivered_again
    whoever_asks_is_forgotten_and_the_evidence_of_consent_stays
    what_has_been_kept_for_its_days_goes
    another_key_seals_anew
    only_who_holds_the_lease_goes_on_to_send
    a_yes_that_comes_late_counts_and_a_no_does_not
    what_nobody_can_deliver_is_parked_whatever_it_was_at
    what_an_operator_broke_off_is_parked_again
    what_may_have_arrived_waits_for_the_crm_to_settle
    an_operator_lists_by_funnel_and_state_the_newest_first
    a_store_that_somebody_else_holds_is_not_writable
    what_has_no_time_is_in_no_period
}

/// An empty store of its own.
struct Place {
    database: Database,
    url: String,
    /// Goes with the test.
    folder: Option<TempDir>,
}

impl Place {
    fn file() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("latchkey.db");
        Place { url: format!("sqlite://{}", path.display()), database: Database::Sqlite { path }, folder: Some(folder) }
    }

    async fn server() -> Place {
        let url = Postgres::shared().await.database().await;
        Place { database: Database::Postgres { url: SecretString::from(url.as_str()) }, url, folder: None }
    }

    async fn open(&self) -> Store {
        self.open_with(&["made-up key one"]).await
    }

    async fn open_with(&self, secrets: &[&str]) -> Store {
        let secrets: Vec<_> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
        let keys = Keyring::new(&secrets).expect("a key");
        Store::open(&self.database, Arc::new(keys)).await.expect("opens")
    }

    /// Keeps others from writing, for as long as the connection is there.
    async fn hold(&self) -> AnyConnection {
        let mut connection = AnyConnection::connect(&self.url).await.expect("the store is there");
        let hold = if self.folder.is_some() { "BEGIN IMMEDIATE" } else { "BEGIN; LOCK TABLE signups, pulse IN EXCLUSIVE MODE" };
        sqlx::raw_sql(hold).execute(&mut connection).await.expect("nobody else holds it");
        connection
    }
}

fn signup(email: &str) -> NewSignup {
    let agreement =
        SignedAgreement { label: "Terms".to_owned(), signed_at: now(), ip: IpAddr::from([203, 0, 113, 9]), text_hash: "00".to_owned() };
    NewSignup {
        id: Uuid::now_v7(),
        funnel: "demo".to_owned(),
        funnel_version: "1".to_owned(),
        variant: Some("b".to_owned()),
        connection: "wi".to_owned(),
        received_at: now(),
        content: Content {
            fields: BTreeMap::from([("email".to_owned(), email.to_owned())]),
            passwords: BTreeMap::from([("password".to_owned(), "made-up-password".to_owned())]),
            agreements: vec![agreement],
            tracking: BTreeMap::from([("gclid".to_owned(), "g".to_owned())]),
            locale: "de".to_owned(),
            ip: IpAddr::from([203, 0, 113, 9]),
            address: Some(email.to_owned()),
        },
        idempotency: None,
        suspect: None,
    }
}

fn keyed(email: &str, key: u8, fingerprint: u8) -> NewSignup {
    NewSignup { idempotency: Some(Idempotency { keys: vec![[key; 32]], fingerprints: vec![[fingerprint; 32]] }), ..signup(email) }
}

async fn keep(store: &Store, signup: &NewSignup) -> Kept {
    store.keep(signup, LONG).await.expect("the store answers")
}

/// Longer than any test.
const LONG: Duration = Duration::from_secs(3600);
/// Longer than a lease of no length.
const MOMENT: Duration = Duration::from_millis(5);

fn lane() -> Lane {
    Lane { connection: "wi".to_owned(), funnels: vec!["demo".to_owned(), "other".to_owned()] }
}

fn ids(claimed: &[Claimed]) -> Vec<Uuid> {
    claimed.iter().map(|claimed| claimed.signup.id).collect()
}

async fn claim(store: &Store, id: Uuid) -> Claimed {
    store.claim(id, LONG).await.expect("the store answers").expect("it is received")
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
        outcome: Some("sent"),
        crm_status: Some(200),
        ..Conclusion::default()
    }
}

async fn what_is_kept_is_there_when_it_is_opened_again(place: Place) {
    let store = place.open().await;
    let one = signup("jane@mail.example");
    assert!(matches!(keep(&store, &one).await, Kept::New));
    // Not closed: as after a kill.
    let again = place.open().await;
    assert_eq!(state(&again, one.id).await, (State::Received, None));
    let content = again.content(one.id).await.expect("opens").expect("it is there");
    assert_eq!(content.fields, one.content.fields);
    assert_eq!((content.locale.as_str(), content.ip, content.tracking), ("de", one.content.ip, one.content.tracking));
    assert_eq!(content.agreements[0].signed_at, now());
    assert_eq!(ids(&again.claim_due(&lane(), 9, LONG, LONG).await.expect("the store answers")), [one.id]);
    assert!(again.content(Uuid::nil()).await.expect("the store answers").is_none());
    assert!(again.signup(Uuid::nil()).await.expect("the store answers").is_none());
}

async fn another_key_opens_nothing(place: Place) {
    let one = signup("jane@mail.example");
    keep(&place.open().await, &one).await;
    let other = place.open_with(&["made-up key two"]).await;
    assert!(matches!(other.content(one.id).await, Err(StoreError::Unopenable(_))));
    assert_eq!(state(&other, one.id).await.0, State::Received, "what is not personal is read all the same");
}

async fn a_signup_is_claimed_once(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let (first, second) = tokio::join!(store.claim(one.id, LONG), store.claim(one.id, LONG));
    let claims = [first, second].map(|claim| claim.expect("the store answers").is_some());
    assert!(claims[0] != claims[1], "{claims:?}");
    assert_eq!(state(&store, one.id).await.0, State::Delivering);
    assert!(store.claim_due(&lane(), 9, LONG, LONG).await.expect("the store answers").is_empty());
    assert!(store.attempts(one.id).await.expect("the store answers").is_empty(), "one that has not ended is not written down");
    assert!(store.claim(Uuid::nil(), LONG).await.expect("the store answers").is_none());
}

async fn an_attempts_end_is_recorded_with_it(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let claimed = claim(&store, one.id).await;
    let conclusion = Conclusion { detail: Some("the CRM's words".to_owned()), ..registered() };
    let told = store.conclude(&claimed, &conclusion, Some(Duration::from_secs(2))).await.expect("concluded").expect("it is there");
    assert_eq!((told.state, told.crm_id.as_deref()), (State::Registered, Some("user-1")));
    let kept = store.signup(one.id).await.expect("the store answers").expect("it is there");
    assert_eq!((kept.state, kept.crm_id.as_deref()), (State::Registered, Some("user-1")));
    let ticket = kept.ticket.expect("a ticket");
    assert_eq!((ticket.serial, ticket.expires_at, ticket.used_at), (0, later(300), None));
    assert_eq!(store.link(one.id).await.expect("opens").expect("a link").expose(), "https://member.example/autologin/1/");
    let attempt = &store.attempts(one.id).await.expect("opens")[0];
    assert_eq!((attempt.outcome.as_deref(), attempt.crm_status, attempt.took_ms), (Some("sent"), Some(200), Some(2_000)));
    assert_eq!(attempt.detail.as_deref(), Some("the CRM's words"));

    let rejected =
        Conclusion { state: State::Rejected, reason: Some(Reason::KnownEmail), outcome: Some("refused"), ..Conclusion::default() };
    assert!(store.conclude(&claimed, &rejected, None).await.expect("the store answers").is_none());
    assert_eq!(state(&store, one.id).await.0, State::Registered, "what has ended does not end again");
}

async fn a_refusal_names_its_field(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let claimed = claim(&store, one.id).await;
    let conclusion = Conclusion {
        state: State::Rejected,
        reason: Some(Reason::FieldRefused),
        refused_field: Some("phone".to_owned()),
        outcome: Some("refused"),
        ..Conclusion::default()
    };
    store.conclude(&claimed, &conclusion, None).await.expect("concluded");
    let kept = store.signup(one.id).await.expect("the store answers").expect("it is there");
    assert_eq!((kept.reason, kept.refused_field.as_deref()), (Some(Reason::FieldRefused), Some("phone")));
    assert!(kept.is_settled() && kept.ticket.is_none());
    assert!(store.link(one.id).await.expect("the store answers").is_none());
}

async fn the_same_request_is_kept_once(place: Place) {
    let store = place.open().await;
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

async fn a_key_is_forgotten_after_a_day_and_the_signup_is_not(place: Place) {
    const DAY: i64 = 24 * 60 * 60;
    let store = place.open().await;
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

async fn one_delivery_at_a_time_for_one_address(place: Place) {
    let store = place.open().await;
    let one = signup("Jane@Mail.example");
    keep(&store, &one).await;
    assert!(matches!(keep(&store, &signup("jane@mail.EXAMPLE")).await, Kept::UnderWay), "whatever its case");
    assert!(matches!(keep(&store, &signup("john@mail.example")).await, Kept::New));
    let elsewhere = NewSignup { funnel: "other".to_owned(), ..signup("jane@mail.example") };
    assert!(matches!(keep(&store, &elsewhere).await, Kept::New));
    let claimed = claim(&store, one.id).await;
    assert!(matches!(keep(&store, &signup("jane@mail.example")).await, Kept::UnderWay));
    let suspect = NewSignup { suspect: Some(Reason::TooFast), ..signup("jane@mail.example") };
    assert!(matches!(keep(&store, &suspect).await, Kept::New), "a suspect is kept, and in nobody's way");
    store.conclude(&claimed, &registered(), None).await.expect("concluded");
    assert!(matches!(keep(&store, &signup("jane@mail.example")).await, Kept::New), "the CRM is to say that it knows the address");
}

async fn many_at_once_keep_one_of_each_key(place: Place) {
    let store = Arc::new(place.open().await);
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

async fn a_spent_ticket_is_replaced_once(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let claimed = claim(&store, one.id).await;
    store.conclude(&claimed, &registered(), None).await.expect("concluded");
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

async fn what_another_run_left_is_taken_over(place: Place) {
    let store = place.open().await;
    let [received, delivering, done] = ["a", "b", "c"].map(|name| signup(&format!("{name}@mail.example")));
    for one in [&received, &delivering, &done] {
        keep(&store, one).await;
    }
    let left = store.claim(delivering.id, Duration::ZERO).await.expect("the store answers").expect("it is received");
    let claimed = claim(&store, done.id).await;
    store.conclude(&claimed, &registered(), None).await.expect("concluded");
    tokio::time::sleep(MOMENT).await;

    let next = place.open().await;
    let mine = next.take_over(&lane(), 9, LONG).await.expect("the store answers");
    assert_eq!(ids(&mine), [delivering.id]);
    assert_eq!(state(&next, received.id).await, (State::Received, None));
    let again = Conclusion {
        again: Some(Again { after: Duration::ZERO, unsure: true }),
        reason: Some(Reason::Interrupted),
        ..Conclusion::default()
    };
    next.conclude(&mine[0], &again, None).await.expect("concluded");
    assert_eq!(state(&next, delivering.id).await, (State::Received, Some(Reason::Interrupted)));
    let attempts = next.attempts(delivering.id).await.expect("opens");
    assert_eq!(attempts.iter().map(|attempt| &attempt.outcome).collect::<Vec<_>>(), [&None], "nobody knows how it ended");

    // The run that was taken for dead comes to its end after all.
    store.conclude(&left, &again, None).await.expect("the store answers");
    let due = next.claim_due(&lane(), 9, LONG, LONG).await.expect("the store answers");
    assert!(due.iter().any(|claimed| claimed.signup.id == delivering.id && claimed.unsure), "its not knowing changes nothing");
    store.conclude(&left, &registered(), None).await.expect("the store answers");
    assert_eq!(state(&next, delivering.id).await, (State::Registered, None), "the CRM's yes does");
}

async fn what_a_run_works_on_is_not_taken_over(place: Place) {
    let store = place.open().await;
    let [held, unheard] = ["a", "b"].map(|name| signup(&format!("{name}@mail.example")));
    keep(&store, &held).await;
    keep(&store, &unheard).await;
    let _held = store.claim(held.id, Duration::ZERO).await.expect("the store answers").expect("it is received");
    // As one whose answer was lost, or whose task has come to nothing.
    drop(store.claim(unheard.id, Duration::ZERO).await.expect("the store answers").expect("it is received"));
    tokio::time::sleep(MOMENT).await;
    let left = store.take_over(&lane(), 9, LONG).await.expect("the store answers");
    assert_eq!(ids(&left), [unheard.id], "also by the same run");
    store.conclude(&left[0], &registered(), None).await.expect("concluded");
    let next = place.open().await;
    assert!(next.take_over(&lane(), 9, LONG).await.expect("the store answers").is_empty(), "whose lease is extended");
    let left = next.take_over_at_start(&lane(), 9, LONG).await.expect("the store answers");
    assert_eq!(ids(&left), if next.is_shared() { vec![] } else { vec![held.id] }, "who starts on a file is its only proxy");
}

async fn what_is_due_later_waits_unless_a_clock_put_it_there(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let again = |after| Conclusion { outcome: Some("failed"), again: Some(Again { after, unsure: false }), ..Conclusion::default() };
    let claimed = claim(&store, one.id).await;
    store.conclude(&claimed, &again(Duration::from_secs(50)), None).await.expect("concluded");
    assert!(store.claim_due(&lane(), 9, Duration::from_secs(60), LONG).await.expect("the store answers").is_empty());
    let due = store.claim_due(&lane(), 9, Duration::from_secs(40), LONG).await.expect("the store answers");
    assert_eq!((ids(&due), due[0].tries, due[0].unsure), (vec![one.id], 1, false), "nothing is ever put off by so much");
    assert!(due[0].left > Duration::ZERO && due[0].left <= LONG);
}

async fn a_lane_claims_what_it_can_deliver_the_longest_due_first(place: Place) {
    let store = place.open().await;
    let mut kept = Vec::new();
    for number in 0..4 {
        let one = signup(&format!("{number}@mail.example"));
        keep(&store, &one).await;
        kept.push(one.id);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    keep(&store, &NewSignup { connection: "other".to_owned(), ..signup("a@mail.example") }).await;
    keep(&store, &NewSignup { funnel: "gone".to_owned(), ..signup("b@mail.example") }).await;
    for (limit, expected) in [(2, &kept[..2]), (9, &kept[2..])] {
        let mut claimed = ids(&store.claim_due(&lane(), limit, LONG, LONG).await.expect("the store answers"));
        // Those that are claimed together begin together.
        claimed.sort_unstable();
        assert_eq!(claimed, expected);
    }
    let backlog = store.backlog().await.expect("the store answers");
    assert_eq!(
        backlog.iter().map(|lane| (lane.connection.as_str(), lane.waiting)).collect::<BTreeMap<_, _>>(),
        BTreeMap::from([("other", 1), ("wi", 5)])
    );
    let strays = store.park_strays(vec!["demo".to_owned()], vec!["wi".to_owned()]).await.expect("the store answers");
    let known =
        if store.is_shared() { "another proxy may know them" } else { "nobody has a funnel for one, nor a connection for the other" };
    assert_eq!(strays, if store.is_shared() { 0 } else { 2 }, "{known}");
}

async fn a_look_up_that_finds_nothing_is_an_attempt_of_its_own(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let mut claimed = claim(&store, one.id).await;
    assert!(store.go_on(&mut claimed, 200, Duration::from_millis(7)).await.expect("written down"));
    store.conclude(&claimed, &registered(), None).await.expect("concluded");
    let attempts = store.attempts(one.id).await.expect("opens");
    let told: Vec<_> = attempts.iter().map(|attempt| (attempt.kind.as_str(), attempt.outcome.as_deref())).collect();
    assert_eq!(told, [("look-up", Some("absent")), ("send", Some("sent"))]);
}

async fn an_operator_has_a_parked_one_delivered_again(place: Place) {
    let store = place.open().await;
    let parked = |reason| Conclusion { state: State::Parked, reason: Some(reason), outcome: Some("unknown"), ..Conclusion::default() };
    let one = signup("jane@mail.example");
    keep(&store, &one).await;
    for (reason, anyway, unsure) in
        [(Reason::OutcomeUnknown, false, true), (Reason::Interrupted, true, false), (Reason::Misconfigured, false, false)]
    {
        let claimed = match store.claim(one.id, LONG).await.expect("the store answers") {
            Some(claimed) => claimed,
            None => store.claim_parked(one.id, LONG).await.expect("the store answers").expect("it is parked"),
        };
        store.conclude(&claimed, &parked(reason), None).await.expect("concluded");
        assert_eq!(store.retry(one.id, anyway, LONG, Duration::ZERO).await.expect("the store answers"), Retried::Queued);
        let claimed = claim(&store, one.id).await;
        assert_eq!((claimed.unsure, claimed.tries), (unsure, 0), "{reason:?}");
        assert_eq!(store.retry(one.id, anyway, LONG, Duration::ZERO).await.expect("the store answers"), Retried::Not(State::Delivering));
        store.conclude(&claimed, &parked(reason), None).await.expect("concluded");
    }
    keep(&store, &signup("jane@mail.example")).await;
    assert_eq!(store.retry(one.id, false, LONG, Duration::ZERO).await.expect("the store answers"), Retried::UnderWay);
    assert_eq!(store.retry(Uuid::nil(), false, LONG, Duration::ZERO).await.expect("the store answers"), Retried::Missing);
}

async fn whoever_asks_is_forgotten_and_the_evidence_of_consent_stays(place: Place) {
    let store = place.open().await;
    let [one, elsewhere, other] =
        [signup("Jane@mail.example"), NewSignup { funnel: "other".to_owned(), ..signup("jane@mail.example") }, signup("john@mail.example")];
    for signup in [&one, &elsewhere, &other] {
        keep(&store, signup).await;
    }
    let claimed = claim(&store, elsewhere.id).await;
    let receipt = store.purge("JANE@mail.example").await.expect("the store answers");
    assert_eq!((receipt.forgotten, receipt.under_way, receipt.consents_kept), (vec![one.id], vec![elsewhere.id], 1));
    store.conclude(&claimed, &registered(), None).await.expect("concluded");
    assert_eq!(store.purge("jane@mail.example").await.expect("the store answers").forgotten, [elsewhere.id]);
    assert!(
        store.signup(one.id).await.expect("the store answers").is_none() && store.attempts(elsewhere.id).await.expect("opens").is_empty()
    );
    assert!(store.signup(other.id).await.expect("the store answers").is_some());
    let consents = store.consents("jane@MAIL.example").await.expect("the store answers");
    assert_eq!(consents.len(), 2);
    assert_eq!((consents[0].agreement.as_str(), consents[0].network.as_str(), consents[0].signed_at), ("Terms", "203.0.113.0/24", now()));
    assert!(store.consents("john@mail.example").await.expect("the store answers").is_empty(), "his signup itself is there");
}

async fn what_has_been_kept_for_its_days_goes(place: Place) {
    let store = place.open().await;
    let days = |days: u32| Duration::from_secs(86_400) * days;
    let ago = jiff::Timestamp::now() - SignedDuration::from_hours(24 * 900);
    let [done, waiting] = ["d", "w"].map(|name| NewSignup { received_at: ago, ..signup(&format!("{name}@mail.example")) });
    for one in [&done, &waiting] {
        keep(&store, one).await;
    }
    let claimed = claim(&store, done.id).await;
    store.conclude(&claimed, &registered(), None).await.expect("concluded");
    let keep_days = KeepDays { registered: days(1), rejected: Duration::ZERO, parked: Duration::ZERO, consent: days(36_500) };
    assert_eq!(
        store.forget_old(&keep_days).await.expect("the store answers"),
        0,
        "it was registered a moment ago, and the other one waits"
    );
    tokio::time::sleep(Duration::from_millis(60)).await;
    let keep_moments = KeepDays { registered: Duration::from_millis(50), ..keep_days };
    assert_eq!(store.forget_old(&keep_moments).await.expect("the store answers"), 1);
    assert!(store.signup(done.id).await.expect("the store answers").is_none());
    assert!(store.signup(waiting.id).await.expect("the store answers").is_some(), "what is not delivered does not go");
    assert_eq!(store.consents("d@mail.example").await.expect("the store answers").len(), 1);
    let no_evidence = KeepDays { consent: days(1), ..keep_days };
    store.forget_old(&no_evidence).await.expect("the store answers");
    assert!(store.consents("d@mail.example").await.expect("the store answers").is_empty(), "given long ago");
}

async fn another_key_seals_anew(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let claimed = claim(&store, one.id).await;
    let conclusion = Conclusion { detail: Some("the CRM's words".to_owned()), ..registered() };
    store.conclude(&claimed, &conclusion, None).await.expect("concluded");
    let both = place.open_with(&["made-up key two", "made-up key one"]).await;
    assert!(matches!(keep(&both, &signup("JANE@mail.example")).await, Kept::New), "the first one is settled");
    let done = both.seal_anew(None).await.expect("the store answers").expect("there are two");
    assert_eq!((done.seen, done.changed, both.seal_anew(Some(done.last)).await.expect("the store answers")), (2, 1, None));
    assert_eq!(both.seal_anew(None).await.expect("the store answers").map(|done| done.changed), Some(0), "once");
    let new = place.open_with(&["made-up key two"]).await;
    assert_eq!(new.content(one.id).await.expect("opens").expect("it is there").fields, one.content.fields);
    assert!(new.link(one.id).await.expect("opens").is_some());
    assert_eq!(new.attempts(one.id).await.expect("opens")[0].detail.as_deref(), Some("the CRM's words"));
    assert_eq!(new.purge("jane@mail.example").await.expect("the store answers").forgotten.len(), 2, "found under the new key");
}

async fn an_operator_lists_by_funnel_and_state_the_newest_first(place: Place) {
    let store = place.open().await;
    let mut ids = Vec::new();
    for number in 0..5 {
        let funnel = if number == 4 { "other" } else { "demo" };
        let suspect = (number == 1).then_some(Reason::Honeypot);
        let one = NewSignup { received_at: later(number), funnel: funnel.to_owned(), suspect, ..signup(&format!("{number}@mail.example")) };
        keep(&store, &one).await;
        ids.push(one.id);
    }
    let list = |funnel: Option<&str>, state, limit| {
        let filter = Filter { funnel: funnel.map(str::to_owned), state, limit, ..Filter::default() };
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
    let database = Database::Sqlite { path: folder.path().join("latchkey.db") };
    let held = Exclusive::lock(&database).expect("free");
    assert!(matches!(Exclusive::lock(&database), Err(StoreError::InUse { .. })));
    drop(held);
    Exclusive::lock(&database).expect("free again");
}

async fn a_store_that_somebody_else_holds_is_not_writable(place: Place) {
    let store = place.open().await;
    store.is_writable().await.expect("free");
    let held = place.hold().await;
    assert!(store.is_writable().await.is_err());
    held.close().await.expect("released");
    store.is_writable().await.expect("free again");
}

#[test]
fn every_word_reads_as_it_is_written() {
    for state in State::ALL {
        assert_eq!(State::from_str(state.as_str()), Some(*state));
    }
    for reason in Reason::ALL {
        assert_eq!(Reason::from_str(reason.as_str()), Some(*reason));
    }
    assert_eq!((State::from_str("lost"), Reason::from_str("")), (None, None));
}

/// The same store, held by another run.
async fn taken_over(place: &Place) -> (Store, Claimed) {
    let next = place.open().await;
    let mut mine = next.take_over_at_start(&lane(), 9, LONG).await.expect("the store answers");
    if mine.is_empty() {
        // A server waits for the lease to run out.
        mine = next.take_over(&lane(), 9, LONG).await.expect("the store answers");
    }
    assert_eq!(mine.len(), 1);
    (next, mine.remove(0))
}

/// Claims for a moment only.
async fn claim_briefly(store: &Store, id: Uuid) -> Claimed {
    let claimed = store.claim(id, Duration::ZERO).await.expect("the store answers").expect("it is received");
    tokio::time::sleep(MOMENT).await;
    claimed
}

async fn only_who_holds_the_lease_goes_on_to_send(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let mut left = claim_briefly(&store, one.id).await;
    let (next, mut mine) = taken_over(&place).await;
    assert!(!store.go_on(&mut left, 200, Duration::ZERO).await.expect("the store answers"), "it is another's");
    assert!(next.go_on(&mut mine, 200, Duration::ZERO).await.expect("the store answers"));
    next.conclude(&mine, &registered(), None).await.expect("concluded");
    assert!(!next.go_on(&mut mine, 200, Duration::ZERO).await.expect("the store answers"), "it is done");
}

async fn a_yes_that_comes_late_counts_and_a_no_does_not(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let left = claim_briefly(&store, one.id).await;
    let (next, mine) = taken_over(&place).await;
    let no = Conclusion { state: State::Rejected, reason: Some(Reason::KnownEmail), outcome: Some("refused"), ..Conclusion::default() };
    assert!(store.conclude(&left, &no, None).await.expect("the store answers").is_none());
    assert_eq!(state(&next, one.id).await.0, State::Delivering, "the no may be about what the other one sent");
    next.conclude(&mine, &no, None).await.expect("the store answers").expect("concluded");
    store.conclude(&left, &registered(), None).await.expect("the store answers").expect("concluded");
    assert_eq!(state(&next, one.id).await, (State::Registered, None));
}

async fn what_nobody_can_deliver_is_parked_whatever_it_was_at(place: Place) {
    let store = place.open().await;
    let [waiting, under_way, known] = [("a", "gone"), ("b", "gone"), ("c", "demo")]
        .map(|(name, funnel)| NewSignup { funnel: funnel.to_owned(), ..signup(&format!("{name}@mail.example")) });
    for one in [&waiting, &under_way, &known] {
        // On a server it is left to others until it is given up.
        store.keep(one, Duration::ZERO).await.expect("the store answers");
    }
    claim_briefly(&store, under_way.id).await;
    claim_briefly(&store, known.id).await;
    let strays = store.park_strays(vec!["demo".to_owned()], vec!["wi".to_owned()]).await.expect("the store answers");
    assert_eq!(strays, 2);
    assert_eq!(state(&store, waiting.id).await, (State::Parked, Some(Reason::Misconfigured)));
    assert_eq!(state(&store, under_way.id).await, (State::Parked, Some(Reason::Interrupted)));
    assert_eq!(state(&store, known.id).await.0, State::Delivering);
    store.retry(under_way.id, false, LONG, Duration::ZERO).await.expect("the store answers");
    assert!(claim(&store, under_way.id).await.unsure, "it may have arrived");
}

async fn what_an_operator_broke_off_is_parked_again(place: Place) {
    let one = NewSignup { suspect: Some(Reason::Honeypot), ..signup("jane@mail.example") };
    let store = place.open().await;
    keep(&store, &one).await;
    let operator = place.open().await.for_operator();
    operator.claim_parked(one.id, Duration::ZERO).await.expect("the store answers").expect("it is parked");
    tokio::time::sleep(MOMENT).await;
    assert!(store.take_over_at_start(&lane(), 9, LONG).await.expect("the store answers").is_empty());
    assert!(store.take_over(&lane(), 9, LONG).await.expect("the store answers").is_empty(), "it is not to be sent");
    store.put_back().await.expect("the store answers");
    assert_eq!(state(&store, one.id).await, (State::Parked, Some(Reason::Honeypot)));
}

async fn what_may_have_arrived_waits_for_the_crm_to_settle(place: Place) {
    let one = signup("jane@mail.example");
    let store = place.open().await;
    keep(&store, &one).await;
    let claimed = claim(&store, one.id).await;
    let unknown =
        Conclusion { state: State::Parked, reason: Some(Reason::OutcomeUnknown), outcome: Some("unknown"), ..Conclusion::default() };
    store.conclude(&claimed, &unknown, None).await.expect("concluded");
    for _ in 0..2 {
        store.retry(one.id, false, LONG, Duration::from_secs(60)).await.expect("the store answers");
        let due = store.claim_due(&lane(), 9, LONG, LONG).await.expect("the store answers");
        assert!(due.is_empty(), "asked for once or twice, it waits");
    }
    store.retry(one.id, true, LONG, Duration::from_secs(60)).await.expect("the store answers");
    let due = store.claim_due(&lane(), 9, LONG, LONG).await.expect("the store answers");
    assert_eq!((ids(&due), due[0].unsure), (vec![one.id], false), "unless it is to be sent anyway");
}

async fn what_has_no_time_is_in_no_period(place: Place) {
    let store = place.open().await;
    let when = Freshness { fresh: Duration::ZERO, patience: Duration::ZERO, lease: LONG };
    store.hold_mirror("a", when).await.expect("the store answers").expect("it is ours");
    let person = |id: &str, at| CrmRecord { id: id.to_owned(), at, stage: Some(Stage::Lead), ..CrmRecord::default() };
    let people = vec![person("one", Some(now())), person("two", None)];
    assert!(store.mirror_records("a", RecordKind::Person, people, false, 1, LONG).await.expect("the store answers"));
    // From before 1970, where nothing stands.
    let bounds = [-1_000, 0, 1_000, later(1).as_millisecond()];
    let counts = async |measure| {
        let sums = store.sums("a", measure, &bounds).await.expect("the store answers");
        sums.iter().map(|sum| (sum.index, sum.count)).collect::<Vec<_>>()
    };
    assert_eq!(counts(Measure::Signups).await, [(2, 1)]);
    assert_eq!(counts(Measure::Registrations).await, [], "a lead is not registered");
}
