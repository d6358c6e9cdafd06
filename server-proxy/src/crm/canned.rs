//! A CRM that answers what a test says, on a real socket.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    http::{Method, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::any,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::{Action, Registration};

/// What it was sent.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) key: String,
    pub(super) body: Value,
}

pub(super) struct Canned {
    pub(super) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Canned {
    pub(super) async fn start<A: IntoResponse>(answer: impl Fn(&Asked) -> A + Clone + Send + Sync + 'static) -> Canned {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let handler = {
            let kept = kept.clone();
            move |method: Method, uri: Uri, headers: axum::http::HeaderMap, body: Bytes| {
                let key = ["authorization", "x-api-key"].iter().find_map(|name| headers.get(*name)?.to_str().ok()).unwrap_or_default();
                let asked = Asked {
                    method,
                    path: uri.path().to_owned(),
                    query: uri.query().unwrap_or_default().to_owned(),
                    key: key.to_owned(),
                    body: serde_json::from_slice(&body).unwrap_or_default(),
                };
                kept.lock().expect("the list").push(asked.clone());
                std::future::ready(answer(&asked).into_response())
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(any(handler))).await });
        Canned { address, asked: kept }
    }

    /// What it was asked, in order.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("the list").clone()
    }
}

/// JSON, told by a clock that is so much ahead of ours.
pub(super) fn told(body: &Value, ahead: SignedDuration) -> Response {
    let date = httpdate::fmt_http_date((Timestamp::now() + ahead).into());
    ([("date", date), (CONTENT_TYPE.as_str(), "application/json".to_owned())], body.to_string()).into_response()
}

/// Answers that no look-up may take for a yes or a no.
pub(super) const HOSTILE: [(u16, &str); 10] = [
    (200, "<!doctype html><h1>Maintenance</h1>"),
    (200, ""),
    (200, "null"),
    (200, "7"),
    (200, "{\"customers\": [{\"id\": "),
    (302, ""),
    (401, "{\"message\": \"no\"}"),
    (404, "{\"message\": \"no\"}"),
    (429, "{\"message\": \"slow down\"}"),
    (503, "{\"message\": \"later\"}"),
];

/// Somebody who was sent, and of whom nothing is known.
pub(super) fn registration(action: Action) -> Registration {
    Registration {
        id: Uuid::from_u128(7),
        action,
        fields: [("email".to_owned(), "Jane@Mail.example".to_owned())].into(),
        routing: serde_json::Map::new(),
        finish: serde_json::Map::new(),
        tracking: std::collections::BTreeMap::new(),
        affiliate: None,
        buckets: Vec::new(),
        credential: None,
        agreements: Vec::new(),
        locale: "en".to_owned(),
    }
}
