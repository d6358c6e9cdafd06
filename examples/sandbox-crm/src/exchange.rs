//! One exchange with a CRM: the request recorded, a fault met, the answer given as the CRM's document says, and sent.
//!
//! What differs from CRM to CRM is [`Crm::answer`] and [`Crm::error`]; everything else is here, so that every fault works on all.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::any;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::control::Simulated;
use crate::faults::Fault;
use crate::record::{Entry, Received};
use crate::socket::Connection;

/// No document names a limit; no request of theirs has a use for more.
const BODY_LIMIT: usize = 1024 * 1024;

const PAGE: &str = "<!doctype html>\n<html lang=\"en\"><title>Maintenance</title><h1>We will be back soon</h1></html>\n";

/// What was sent.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Below the CRM's own path, percent-encoded as it came, and the query.
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Who connected.
    pub(crate) peer: IpAddr,
}

impl Request {
    /// A header's value, where it is there once and readable.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `application/json`, with parameters such as a charset or without.
    pub(crate) fn is_json(&self) -> bool {
        let value = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        value.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
    }

    /// The path's segments, decoded; none where one of them is not UTF-8.
    pub(crate) fn segments(&self) -> Option<Vec<String>> {
        let path = self.uri.path();
        let segments = path.strip_prefix('/').unwrap_or(path).split('/');
        segments.map(|segment| Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned())).collect()
    }

    /// The JSON object that the body is, or what is wrong with it.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, &'static str> {
        if !self.is_json() {
            return Err("Content-Type must be application/json");
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(members)) => Ok(members),
            Ok(_) => Err("Request body must be a JSON object"),
            Err(_) => Err("Request body is not valid JSON"),
        }
    }
}

/// A CRM that answers.
pub(crate) trait Crm: Simulated {
    /// As the document says. A success asks [`crate::faults::Faults::on_success`] whether it is to be spoiled, see [`spoiled`].
    fn answer(&self, entry: Entry, request: &Request) -> Answer;

    /// The document's body for this status, or one like it. `message` where a fault words the refusal.
    fn error(&self, status: StatusCode, message: Option<&str>) -> Answer;

    /// The same for the request at hand, where a CRM's interfaces differ in the bodies of their errors.
    fn error_to(&self, _request: &Request, status: StatusCode, message: Option<&str>) -> Answer {
        self.error(status, message)
    }
}

/// Gives every method and path below the CRM's own to [`Crm::answer`]: what the document does not have is recorded too.
pub(crate) fn routes<C: Crm + 'static>(crm: Arc<C>) -> Router {
    Router::new().fallback(any(receive::<C>)).with_state(crm)
}

pub(crate) async fn receive<C: Crm + 'static>(
    State(crm): State<Arc<C>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // Too long, or broken off by the client: there is nothing to record, and in the second case nobody to read the answer.
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return crm.error(StatusCode::PAYLOAD_TOO_LARGE, Some("Request body is too large")).send(&connection);
    };
    let request = Request { method, uri, headers, body: body.into(), peer: connection.peer() };
    // In a task of its own, because this handler ends when the client hangs up, while a CRM that was merely slow goes on: a user
    // may well be created after the client has lost patience.
    let task = tokio::spawn({
        let crm = crm.clone();
        async move { exchange(&*crm, &request).await }
    });
    let answer = match task.await {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => crm.error(StatusCode::INTERNAL_SERVER_ERROR, None),
        // Cancelled: the whole simulation is being stopped, and a CRM that stops answers nothing.
        Err(_) => Answer::lost(),
    };
    answer.send(&connection)
}

async fn exchange<C: Crm>(crm: &C, request: &Request) -> Answer {
    let entry = crm.log().add(Received::now(request));
    let fault = crm.faults().on_arrival();
    if let Some(fault) = &fault {
        crm.log().struck(entry, fault.clone());
    }
    let answer = match fault {
        Some(Fault::Delay { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms.into())).await;
            // A user of a request that was forgotten meanwhile would turn up in the next test.
            if crm.log().has(entry) { crm.answer(entry, request) } else { Answer::lost() }
        }
        Some(fault) => instead(crm, request, &fault),
        None => crm.answer(entry, request),
    };
    crm.log().answered(entry, answer.recorded());
    answer
}

/// In place of whatever the answer would have been. The faults that come later ([`spoiled`]) cannot be meant here; a server
/// error says so to whoever mixes them up.
fn instead<C: Crm>(crm: &C, request: &Request, fault: &Fault) -> Answer {
    match fault {
        Fault::Status { status } => crm.error_to(request, StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), None),
        Fault::RateLimited { retry_after_seconds } => {
            crm.error_to(request, StatusCode::TOO_MANY_REQUESTS, None).header(RETRY_AFTER, HeaderValue::from(*retry_after_seconds))
        }
        Fault::ResetBefore {} => Answer::lost(),
        Fault::Html {} => Answer::text(StatusCode::OK, "text/html; charset=utf-8", PAGE),
        Fault::Redirect { to } => match HeaderValue::from_str(to) {
            Ok(to) => Answer::text(StatusCode::FOUND, "text/plain", "").header(LOCATION, to),
            Err(_) => crm.error_to(request, StatusCode::INTERNAL_SERVER_ERROR, None),
        },
        Fault::Refuse { message } => crm.error_to(request, StatusCode::BAD_REQUEST, Some(message)),
        _ => crm.error_to(request, StatusCode::INTERNAL_SERVER_ERROR, None),
    }
}

/// The answer to what succeeded, after a fault. Those that concern one CRM's members (its link, its id) are that CRM's to do.
pub(crate) fn spoiled(fault: &Fault, answer: Answer) -> Answer {
    match fault {
        Fault::ResetAfter {} => Answer::lost(),
        Fault::BrokenJson {} => answer.cut(),
        Fault::SlowBody { ms } => answer.dripped(Duration::from_millis((*ms).into())),
        Fault::HugeBody { bytes } => answer.padded(*bytes),
        Fault::Empty {} => answer.emptied(),
        Fault::Nulls {} => answer.changed(nulls),
        Fault::OtherTypes {} => answer.changed(other_types),
        Fault::NoMembers {} => answer.changed(|_| Value::Object(serde_json::Map::new())),
        _ => answer,
    }
}

/// Every member and every element is `null`.
fn nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members.into_iter().map(|(name, _)| (name, Value::Null)).collect(),
        Value::Array(elements) => elements.iter().map(|_| Value::Null).collect(),
        _ => Value::Null,
    }
}

/// Numbers and booleans are texts, texts are lists, lists are texts. Objects stay, so that it goes all the way down.
fn other_types(value: Value) -> Value {
    match value {
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, other_types(value))).collect(),
        Value::Array(elements) if elements.iter().all(Value::is_object) => elements.into_iter().map(other_types).collect(),
        Value::Array(_) => Value::from("a list"),
        Value::String(text) => Value::from(vec![text]),
        Value::Number(number) => Value::from(number.to_string()),
        Value::Bool(flag) => Value::from(flag.to_string()),
        Value::Null => Value::from(0),
    }
}
