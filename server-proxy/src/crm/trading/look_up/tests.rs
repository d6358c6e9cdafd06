//! Who is found, and who is not, against a real socket.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::json;

use super::{super::super::routes::Routes, *};
use crate::{
    config::Problems,
    crm::{
        Action, Credential, Crm, RedirectHosts,
        canned::{Asked, Canned, HOSTILE, registration, told},
        client::{Network, NetworkKeys},
        routes,
        session::Sessions,
        trading::Create,
    },
};

const OURS: &str = "00000000-0000-0000-0000-000000000007";

fn key(text: &str) -> Credential {
    Credential { api_key: Some(SecretString::from(text)), ..Credential::default() }
}

fn trading(crm: &Canned) -> Trading {
    crate::install_crypto();
    let (at, mut problems) = ("connections.trading", Problems::of("test"));
    let base_url = Some(format!("http://{}", crm.address));
    let keys = NetworkKeys { base_url, allow_insecure: true, allow_private: true, ..NetworkKeys::default() };
    let usual = Op::ALL.iter().map(|op| op.usual());
    Trading {
        network: Network::new(at, &keys, &mut problems).expect("a network"),
        routes: Routes::read(at, usual, routes::any, &routes::Overrides::default(), &mut problems),
        credential: key("made-up-key"),
        sessions: Sessions::default(),
        create: Create::Customer,
        redirect_hosts: RedirectHosts::default(),
        duplicate_when: Vec::new(),
    }
}

/// A CRM that gives these customers for our id, and those for any other.
async fn crm(ours: Value, others: Value) -> Canned {
    Canned::start(move |asked: &Asked| {
        let customers = if asked.query.contains(OURS) { &ours } else { &others };
        told(&json!({"pages": 1, "customers": customers}), SignedDuration::ZERO)
    })
    .await
}

async fn found(crm: &Canned, registration: &Registration) -> LookedUp {
    trading(crm).look_up(registration, Timestamp::now()).await
}

#[tokio::test]
async fn a_customer_is_found_by_our_id_or_told_to_be_absent() {
    let signup = registration(Action::Signup);
    let shown = crm(json!([{"id": "c-1", "email": "changed@mail.example", "externalId": OURS}]), json!([])).await;
    let looked = found(&shown, &signup).await;
    assert!(matches!(&looked, LookedUp::Arrived { id: Some(id), status: 200 } if id == "c-1"), "{looked:?}");
    let asked = shown.asked();
    assert_eq!((asked.len(), asked[0].method.as_str(), asked[0].path.as_str()), (1, "GET", "/affiliates/customers"));
    assert_eq!(asked[0].query, format!("limit=10&offset=0&orderBy=createdAt%7CASC&externalId={OURS}"));
    assert_eq!(asked[0].key, "made-up-key");
    // As the document shows a customer: without our id.
    let documented = crm(json!([{"id": "c-1", "email": "JANE@mail.example"}]), json!([])).await;
    let looked = found(&documented, &signup).await;
    assert!(matches!(&looked, LookedUp::Arrived { id: Some(id), .. } if id == "c-1"), "{looked:?}");
    assert_eq!(documented.asked().len(), 2, "asked for an id that nobody has too");
    let looked = found(&crm(json!([]), json!([])).await, &signup).await;
    assert!(matches!(looked, LookedUp::Absent { status: 200 }), "{looked:?}");
}

#[tokio::test]
async fn a_crm_that_overlooks_our_id_tells_nothing() {
    let older = json!({"id": "c-0", "email": "jane@mail.example"});
    let other = json!({"id": "c-2", "email": "other@mail.example"});
    let anothers = json!({"id": "c-3", "email": "jane@mail.example", "externalId": "another"});
    for (ours, others) in [
        (json!([older, other]), json!([older, other])),
        (json!([older]), json!([older])),
        (json!([other]), json!([])),
        (json!([anothers]), json!([])),
        (json!([{"id": "c-4"}]), json!([])),
        (json!([null]), json!([])),
        (json!(null), json!([])),
        (json!([{"id": "c-5", "email": ["jane@mail.example"]}]), json!([])),
    ] {
        let looked = found(&crm(ours.clone(), others).await, &registration(Action::Signup)).await;
        let LookedUp::Unanswered(trouble) = looked else { panic!("{ours}: {looked:?}") };
        assert!(!trouble.detail.contains("mail.example"), "{trouble}");
    }
    for (status, body) in HOSTILE {
        let crm = Canned::start(move |_: &Asked| (StatusCode::from_u16(status).expect("a status"), [("retry-after", "7")], body)).await;
        let looked = found(&crm, &registration(Action::Signup)).await;
        let LookedUp::Unanswered(trouble) = looked else { panic!("{status} {body}: {looked:?}") };
        let wait = trouble.retry_after.map(|wait| wait.as_secs());
        assert!(status < 400 || wait == Some(7), "{status}: {trouble:?}");
    }
}

#[tokio::test]
async fn it_is_asked_by_whoever_created_them() {
    let nobody = crm(json!([]), json!([])).await;
    let own = Registration { credential: Some(Arc::new(key("own-made-up-key"))), ..registration(Action::Signup) };
    let looked = found(&nobody, &own).await;
    assert!(matches!(looked, LookedUp::Absent { .. }), "{looked:?}");
    assert_eq!(nobody.asked()[0].key, "own-made-up-key");
    // With the connection's, whoever goes by an affiliate's reference key may be hidden from us.
    let anothers = Registration { affiliate: Some("0BaHeZI1Je".to_owned()), ..registration(Action::Signup) };
    let looked = found(&nobody, &anothers).await;
    assert!(matches!(looked, LookedUp::Unanswered(_)), "{looked:?}");
}

#[tokio::test]
async fn neither_leads_nor_users_have_our_id() {
    let nobody = crm(json!([]), json!([])).await;
    let trading = trading(&nobody);
    assert!(trading.can_look_up(&registration(Action::Signup)));
    assert!(!trading.can_look_up(&registration(Action::Lead)));
    let keyless = Registration { credential: Some(Arc::default()), ..registration(Action::Signup) };
    assert!(!trading.can_look_up(&keyless), "an affiliate's empty credential is no key");
    let users = Trading { create: Create::User, ..trading };
    assert!(!users.can_look_up(&registration(Action::Signup)));
}
