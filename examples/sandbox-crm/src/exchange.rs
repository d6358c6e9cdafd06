//! One exchange with a CRM: the request recorded, a fault met, the answer given as the CRM's document says, and sent.
//!
//! What differs from CRM to CRM is [`Crm::answer`] and [`Crm::error`]; everything else is here, so that every fault works on all.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::any;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::clock::Clock;
use crate::control::Simulated;
use crate::faults::{Fault, Has};
use crate::query::Query;
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
    /// A header's value, where it is there once and UTF-8.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => str::from_utf8(value.as_bytes()).ok(),
            _ => None,
        }
    }

    /// Whether the body is said to be of this type, with parameters such as a charset or without.
    pub(crate) fn is_of_type(&self, content_type: &str) -> bool {
        let value = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        value.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(content_type))
    }

    /// The path's segments, decoded. One that is not UTF-8 is none of any CRM's, whatever stands in its place.
    pub(crate) fn segments(&self) -> Segments {
        let path = self.uri.path();
        let segments = path.strip_prefix('/').unwrap_or(path).split('/');
        Segments(segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect())
    }

    pub(crate) fn query(&self) -> Query {
        Query::read(self.uri.query().unwrap_or_default().as_bytes())
    }

    /// The JSON object that the body is, or what is wrong with it.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, &'static str> {
        if !self.is_of_type("application/json") {
            return Err("Content-Type must be application/json");
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(members)) => Ok(members),
            Ok(_) => Err("Request body must be a JSON object"),
            Err(_) => Err("Request body is not valid JSON"),
        }
    }
}

/// A path, in parts.
#[derive(Debug)]
pub(crate) struct Segments(Vec<String>);

impl Segments {
    /// For a `match`.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

/// A CRM that answers.
pub(crate) trait Crm: Simulated {
    /// As the document says. A success asks [`Crm::on_success`] whether it is to be spoiled, see [`spoiled`].
    fn answer(&self, entry: Entry, request: &Request) -> Answer;

    /// The document's body for this status, or one like it. `message` where a fault words the refusal.
    fn error(&self, request: &Request, status: StatusCode, message: Option<&str>) -> Answer;

    /// The fault that strikes the answer to this request, which succeeded.
    fn on_success(&self, entry: Entry, answer: Has) -> Option<Fault> {
        let fault = self.faults().on_success(answer);
        if let Some(fault) = &fault {
            self.log().struck(entry, fault.clone());
        }
        fault
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
    let mut request = Request { method, uri, headers, body: Vec::new(), peer: connection.peer() };
    match to_bytes(body, BODY_LIMIT).await {
        Ok(body) => request.body = body.into(),
        // Too long, or broken off by the client: there is nothing to record, and in the second case nobody to read the answer.
        Err(_) => return crm.error(&request, StatusCode::PAYLOAD_TOO_LARGE, Some("Request body is too large")).send(&connection),
    }
    let request = Arc::new(request);
    // In a task of its own, because this handler ends when the client hangs up, while a CRM that was merely slow goes on: a user
    // may well be created after the client has lost patience.
    let task = tokio::spawn({
        let (crm, request) = (crm.clone(), request.clone());
        async move { exchange(&*crm, &request).await }
    });
    let answer = match task.await {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => crm.error(&request, StatusCode::INTERNAL_SERVER_ERROR, None),
        // Cancelled: the whole simulation is being stopped, and a CRM that stops answers nothing.
        Err(_) => Answer::lost(),
    };
    let mut response = answer.send(&connection);
    if let Some(date) = crm.clock().and_then(Clock::date) {
        response.headers_mut().insert(DATE, date);
    }
    response
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
        Fault::Status { status } => crm.error(request, StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), None),
        Fault::RateLimited { retry_after_seconds } => {
            crm.error(request, StatusCode::TOO_MANY_REQUESTS, None).header(RETRY_AFTER, HeaderValue::from(*retry_after_seconds))
        }
        Fault::ResetBefore {} => Answer::lost(),
        Fault::Html {} => Answer::text(StatusCode::OK, "text/html; charset=utf-8", PAGE),
        Fault::Redirect { to } => match HeaderValue::from_str(to) {
            Ok(to) => Answer::text(StatusCode::FOUND, "text/plain", "").header(LOCATION, to),
            Err(_) => crm.error(request, StatusCode::INTERNAL_SERVER_ERROR, None),
        },
        Fault::Refuse { message } => crm.error(request, StatusCode::BAD_REQUEST, Some(message)),
        _ => crm.error(request, StatusCode::INTERNAL_SERVER_ERROR, None),
    }
}

/// The answer to what succeeded, after a fault if there is one. Those that concern one CRM's members (its link, its id) are that CRM's
/// to do.
pub(crate) fn spoiled(fault: Option<&Fault>, answer: Answer) -> Answer {
    let Some(fault) = fault else { return answer };
    match fault {
        Fault::ResetAfter {} => Answer::lost(),
        Fault::BrokenJson {} => answer.cut(),
        Fault::SlowBody { ms } => answer.dripped(Duration::from_millis((*ms).into())),
        Fault::HugeBody { bytes } => answer.padded(*bytes),
        Fault::Empty {} => answer.emptied(),
        Fault::Nulls {} => answer.changed(nulls),
        Fault::OtherTypes {} => answer.changed(other_types),
        Fault::NoMembers {} => answer.changed(|_| Value::Object(Map::new())),
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
