//! Every CRM's adapter hands on how long it is asked to leave the CRM alone.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use serde_json::json;

use super::{
    Action, Crm, Outcome, Registration, build,
    canned::{Asked, Canned, registration},
};
use crate::config::Problems;

fn adapter(kind: &str, crm: &Canned) -> Arc<dyn Crm> {
    crate::install_crypto();
    let folder = tempfile::tempdir().expect("a folder");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "made-up").expect("a file");
    let mut table = json!({"kind": kind, "base_url": format!("http://{}", crm.address), "allow_insecure": true, "allow_private": true});
    let key = if kind == "wi" { "signup_key" } else { "api_key" };
    table[key] = json!(format!("file:{}", secret.display()));
    if kind == "impact" {
        table["domain"] = json!("brand.example");
    }
    let mut problems = Problems::of("test");
    build(kind, table, &mut problems).unwrap_or_else(|| panic!("{:?}", problems.found().collect::<Vec<_>>()))
}

fn somebody(action: Action) -> Registration {
    let mut somebody = registration(action);
    let fields = [("name", "Jane Doe"), ("firstName", "Jane"), ("lastName", "Doe"), ("phone", "+442079460958")];
    somebody.fields.extend(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    somebody
}

#[tokio::test]
async fn too_many_surely_did_not_arrive_and_unavailable_may_have() {
    let whole = r#"{"message": "later", "error": "later", "type": "later"}"#;
    for (kind, action) in [
        ("wi", Action::Signup),
        ("trading", Action::Signup),
        ("trading", Action::Lead),
        ("impact", Action::Signup),
        ("impact", Action::Lead),
        ("broctagon", Action::Lead),
        ("broctagon", Action::Register),
    ] {
        for body in [whole, "<html>", ""] {
            let answered = async |status: u16| {
                let status = StatusCode::from_u16(status).expect("a status");
                let crm = Canned::start(move |_: &Asked| (status, [("retry-after", "17")], body)).await;
                adapter(kind, &crm).register(&somebody(action)).await
            };
            let busy = answered(429).await;
            assert!(
                matches!(&busy, Outcome::Failed(trouble) if trouble.retry_after == Some(Duration::from_secs(17)) && trouble.status == Some(429)),
                "{kind} {action:?} {body}: {busy:?}"
            );
            let down = answered(503).await;
            assert!(
                matches!(&down, Outcome::Unknown(trouble) if trouble.retry_after == Some(Duration::from_secs(17)) && trouble.status == Some(503)),
                "{kind} {action:?} {body}: {down:?}"
            );
        }
    }
}
