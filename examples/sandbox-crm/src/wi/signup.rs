//! `POST /tradersroom/api/auth/signup`: sections "Endpoint" to "Responses" of "Traders Room — Sign Up API".

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value};

use super::documented::{error, invalid, server_error, success, unauthorized};
use super::{Wi, fields, spoiled};
use crate::answer::Answer;
use crate::faults::Fault;
use crate::lock::lock;
use crate::record::{Entry, Received};
use crate::socket::Connection;

/// The document names no limit; a sign-up has no use for more.
const BODY_LIMIT: usize = 1024 * 1024;

pub(super) async fn sign_up(
    State(wi): State<Arc<Wi>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // Too long, or broken off by the client: there is nothing to record, and in the second case nobody to read the answer.
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return error(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large").send(&connection);
    };
    // In a task of its own, because this handler ends when the client hangs up, while a CRM that was merely slow goes on: a user
    // may well be created after the client has lost patience.
    let answer = match tokio::spawn(async move { wi.receive(method, headers, &body).await }).await {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => server_error(),
        // Cancelled: the whole simulation is being stopped, and a CRM that stops answers nothing.
        Err(_) => Answer::lost(),
    };
    answer.send(&connection)
}

impl Wi {
    async fn receive(&self, method: Method, headers: HeaderMap, body: &[u8]) -> Answer {
        let entry = self.log.add(Received::now(&method, &headers, body));
        let fault = self.faults.on_arrival();
        if let Some(fault) = &fault {
            self.log.struck(entry, fault.clone());
        }
        let answer = match fault {
            Some(Fault::Delay { ms }) => {
                tokio::time::sleep(Duration::from_millis(ms.into())).await;
                // A user of a request that was forgotten meanwhile would turn up in the next test.
                if self.log.has(entry) { self.answer(entry, &method, &headers, body) } else { Answer::lost() }
            }
            Some(fault) => spoiled::instead(&fault),
            None => self.answer(entry, &method, &headers, body),
        };
        self.log.answered(entry, answer.recorded());
        answer
    }

    fn answer(&self, entry: Entry, method: &Method, headers: &HeaderMap, body: &[u8]) -> Answer {
        if method != Method::POST {
            return error(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed").header(ALLOW, HeaderValue::from_static("POST"));
        }
        // The key first: who has none is told nothing about the rest.
        if headers.get("x-api-key").is_none_or(|key| key.as_bytes() != self.settings.key.as_bytes()) {
            return unauthorized();
        }
        if !is_json(headers) {
            return invalid("Content-Type must be application/json");
        }
        let fields = match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return invalid("Request body must be a JSON object"),
            Err(_) => return invalid("Request body is not valid JSON"),
        };
        if let Err(message) = fields::check(&fields) {
            return invalid(&message);
        }
        self.create(entry, fields)
    }

    fn create(&self, entry: Entry, fields: Map<String, Value>) -> Answer {
        let mut users = lock(&self.users);
        // "Email should be unique". The document gives neither a status nor words for one that is not: these are ours.
        if fields.get("email").and_then(Value::as_str).is_some_and(|email| users.knows(email)) {
            return invalid("User with this email already exists");
        }
        let fault = self.faults.on_success();
        let link_ttl = (self.settings.autologin && fault != Some(Fault::NoLink {})).then_some(self.settings.link_ttl);
        let (id, link) = users.create(fields, fault == Some(Fault::NumericId {}), link_ttl);
        let url = link.map(|token| format!("{}/wi/autologin/{token}/", self.settings.public_url));
        self.log.created(entry, id.clone());
        match fault {
            None => success(id, url),
            Some(fault) => {
                self.log.struck(entry, fault.clone());
                spoiled::success(&fault, id, url)
            }
        }
    }
}

/// `application/json`, with parameters such as a charset or without.
fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}
