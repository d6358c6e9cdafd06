//! Who is found, and who is not, against a real socket.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{http::StatusCode, response::IntoResponse};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::json;

use super::*;
use crate::crm::{
    Credential, Crm,
    access::Login,
    canned::{Asked, Canned, HOSTILE, registration, told},
};

const OURS: &str = "00000000-0000-0000-0000-000000000007";

fn signup() -> Registration {
    registration(Action::Signup)
}

/// A CRM with these registrations and these leads, whose clock is so much ahead of ours.
async fn crm(registrations: Value, leads: Value, ahead: SignedDuration) -> Canned {
    Canned::start(move |asked: &Asked| match asked.path.as_str() {
        "/api/v1/auth/login" => told(&json!({"token": "made-up-session"}), ahead),
        "/api/v1/ib/registrations" => {
            told(&json!({"total": registrations.as_array().map(Vec::len), "registrations": registrations}), ahead)
        }
        "/api/v1/ib/leads" => told(&json!({"total": leads.as_array().map(Vec::len), "leads": leads}), ahead),
        _ => StatusCode::NOT_FOUND.into_response(),
    })
    .await
}

async fn found(crm: &Canned, registration: &Registration, since: Timestamp) -> LookedUp {
    super::super::tests::impact(crm.address).look_up(registration, since).await
}

/// What the look-up makes of registrations, `at` being the time on the CRM's clock when the signup came.
async fn of(registrations: impl Fn(Timestamp) -> Value, ahead: SignedDuration) -> LookedUp {
    let since = Timestamp::now() - SignedDuration::from_mins(5);
    let crm = crm(registrations(since + ahead), json!([]), ahead).await;
    found(&crm, &signup(), since).await
}

fn after(at: Timestamp, seconds: i64) -> String {
    (at + SignedDuration::from_secs(seconds)).to_string()
}

#[tokio::test]
async fn who_was_registered_since_has_arrived_whatever_the_crms_clock_says() {
    for ahead in [SignedDuration::ZERO, SignedDuration::from_hours(1), SignedDuration::from_hours(-1)] {
        let ours = of(|at| json!([{"id": "c-2", "email": "JANE@mail.example", "registrationDate": after(at, 2)}]), ahead).await;
        assert!(matches!(&ours, LookedUp::Arrived { id: Some(id), status: 200 } if id == "c-2"), "{ahead}: {ours:?}");
        let older = of(|at| json!([{"id": "c-1", "email": "jane@mail.example", "registrationDate": after(at, -4_000)}]), ahead).await;
        assert!(matches!(older, LookedUp::Absent { status: 200 }), "{ahead}: {older:?}");
    }
    let nobody = of(|_| json!([]), SignedDuration::ZERO).await;
    assert!(matches!(nobody, LookedUp::Absent { .. }), "{nobody:?}");
    let other =
        of(|at| json!([{"id": "c-3", "email": "other@mail.example", "registrationDate": after(at, 2)}]), SignedDuration::ZERO).await;
    assert!(matches!(other, LookedUp::Absent { .. }), "{other:?}");
    let far = of(|_| json!([]), SignedDuration::from_hours(30)).await;
    assert!(matches!(far, LookedUp::Unanswered(_)), "{far:?}");
}

#[tokio::test]
async fn a_time_that_is_no_more_than_a_day_leaves_the_e_mail() {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    for (date, arrived) in
        [(json!(today.to_string()), true), (json!(format!("{today}T00:00:00")), true), (json!(null), true), (json!("2020-01-01"), false)]
    {
        let looked = of(|_| json!([{"id": "c", "email": "jane@mail.example", "registrationDate": date}]), SignedDuration::ZERO).await;
        assert_eq!(matches!(looked, LookedUp::Arrived { .. }), arrived, "{date}: {looked:?}");
        assert_eq!(matches!(looked, LookedUp::Absent { .. }), !arrived, "{date}: {looked:?}");
    }
}

#[tokio::test]
async fn our_id_decides_wherever_it_stands() {
    for shown in [
        json!({"latchkeySignup": OURS}),
        json!({"metadata": {"latchkey_signup": OURS}}),
        json!({"metadata": [{"name": "latchkeySignup", "value": OURS}]}),
        json!({"metadata": format!("{{\"latchkeySignup\":\"{OURS}\"}}")}),
    ] {
        let mut record = shown.clone();
        record["registrationDate"] = json!("2020-01-01T00:00:00Z");
        let looked = of(|_| json!([record]), SignedDuration::ZERO).await;
        assert!(matches!(looked, LookedUp::Arrived { .. }), "{shown}: {looked:?}");
    }
    let another = json!({"latchkeySignup": "another"});
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date().to_string();
    let looked =
        of(|_| json!([{"email": "jane@mail.example", "registrationDate": today, "metadata": another}]), SignedDuration::ZERO).await;
    assert!(matches!(looked, LookedUp::Absent { .. }), "{looked:?}");
    // It may be the lead's, whose customer is ours.
    let since = |at| json!([{"email": "jane@mail.example", "registrationDate": after(at, 1), "metadata": another}]);
    let looked = of(since, SignedDuration::ZERO).await;
    assert!(matches!(looked, LookedUp::Unanswered(_)), "{looked:?}");
}

#[tokio::test]
async fn what_has_arrived_is_another_thing_for_a_lead_than_for_a_customer() {
    let since = Timestamp::now();
    let jane = || json!([{"id": "p", "email": "jane@mail.example", "registrationDate": since.to_string()}]);
    let only_a_lead = crm(json!([]), jane(), SignedDuration::ZERO).await;
    let looked = found(&only_a_lead, &signup(), since).await;
    assert!(matches!(looked, LookedUp::Absent { .. }), "the customer is still to be created: {looked:?}");
    let looked = found(&only_a_lead, &registration(Action::Lead), since).await;
    assert!(matches!(looked, LookedUp::Arrived { .. }), "{looked:?}");
    let converted = crm(jane(), json!([]), SignedDuration::ZERO).await;
    let looked = found(&converted, &registration(Action::Lead), since).await;
    assert!(matches!(looked, LookedUp::Arrived { .. }), "{looked:?}");
    let paths: Vec<_> = converted.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths, ["/api/v1/auth/login", "/api/v1/ib/leads", "/api/v1/ib/registrations"]);
    let day = |days: i64| (since + SignedDuration::from_hours(24 * days)).to_zoned(TimeZone::UTC).date();
    let asked = converted.asked().remove(1);
    assert_eq!(asked.query, format!("registrationDateFrom={}&registrationDateTo={}&page=1&pageSize=1000", day(-1), day(1)));
}

#[tokio::test]
async fn what_cannot_be_read_is_no_answer() {
    for registrations in
        [json!([null]), json!([{"email": ["jane@mail.example"]}]), json!([{"email": "jane@mail.example", "registrationDate": "soon"}])]
    {
        let looked = of(|_| registrations.clone(), SignedDuration::ZERO).await;
        let LookedUp::Unanswered(trouble) = looked else { panic!("{registrations}: {looked:?}") };
        assert!(!trouble.detail.contains("mail.example"), "{trouble}");
    }
    for (status, body) in HOSTILE {
        let crm = Canned::start(move |asked: &Asked| match asked.path.as_str() {
            "/api/v1/auth/login" => json!({"token": "made-up-session"}).to_string().into_response(),
            _ => (StatusCode::from_u16(status).expect("a status"), [("retry-after", "7")], body).into_response(),
        })
        .await;
        let looked = found(&crm, &signup(), Timestamp::now()).await;
        let LookedUp::Unanswered(trouble) = looked else { panic!("{status} {body}: {looked:?}") };
        let wait = trouble.retry_after.map(|wait| wait.as_secs());
        assert!(status < 400 || wait == Some(7), "{status}: {trouble:?}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_answered_is_asked_for_again() {
    let since = Timestamp::now();
    let asked = Arc::new(AtomicUsize::new(0));
    let crm = Canned::start(move |call: &Asked| {
        if call.path.ends_with("login") {
            return told(&json!({"token": "made-up-session"}), SignedDuration::ZERO);
        }
        let jane = json!({"id": "p", "email": "jane@mail.example", "registrationDate": since.to_string()});
        match (asked.fetch_add(1, Ordering::SeqCst), call.query.contains("page=2")) {
            (0 | 1 | 3, _) => StatusCode::BAD_GATEWAY.into_response(),
            (_, false) => told(&json!({"total": 2, "registrations": [{"email": "other@mail.example"}]}), SignedDuration::ZERO),
            (_, true) => told(&json!({"total": 2, "registrations": [jane]}), SignedDuration::ZERO),
        }
    })
    .await;
    let looked = found(&crm, &signup(), since).await;
    assert!(matches!(looked, LookedUp::Arrived { .. }), "{looked:?}");
    assert_eq!(crm.asked().len(), 6, "the log-in, and five pages");
}

#[tokio::test]
async fn it_is_asked_by_a_log_in_that_sees_what_was_created() {
    let nobody = crm(json!([]), json!([]), SignedDuration::ZERO).await;
    let secret = |text: &str| SecretString::from(text.to_owned());
    let of = |key: Option<&str>, login: bool| {
        let login = login.then(|| Login { user: secret("own"), password: secret("made-up") });
        let own = Credential { api_key: key.map(secret), bearer: None, login };
        Registration { credential: Some(Arc::new(own)), ..signup() }
    };
    for (registration, key) in
        [(of(Some("own-key"), true), "own-key"), (of(Some("own-key"), false), "made-up"), (of(None, true), "made-up")]
    {
        let looked = found(&nobody, &registration, Timestamp::now()).await;
        assert!(matches!(looked, LookedUp::Absent { .. }), "{looked:?}");
        assert_eq!(nobody.asked().pop().map(|asked| asked.key).as_deref(), Some(key));
    }
    let mut impact = super::super::tests::impact(nobody.address);
    assert!(impact.can_look_up(&registration(Action::Lead)) && !impact.can_look_up(&registration(Action::Register)));
    impact.login = None;
    assert!(!impact.can_look_up(&signup()) && !impact.can_look_up(&of(None, true)) && impact.can_look_up(&of(Some("own-key"), true)));
}
