//! `/_control`: what a test or the demo asks of the simulation itself. No CRM has anything like it.
//!
//! | | |
//! |---|---|
//! | `GET /_control/health` | 200 |
//! | `GET /_control/{crm}/requests` | what it received, oldest first |
//! | `GET /_control/{crm}/users` | who was created, oldest first |
//! | `GET /_control/{crm}/counts` | `{"users": 2, "requests": 5}`: how many of either, without showing them |
//! | `GET /_control/{crm}/outbox` | what it would have mailed or texted, oldest first: `{to, kind, code}` |
//! | `POST /_control/{crm}/records` | adds records of the CRM's own (its module says which); 204 |
//! | `GET /_control/{crm}/faults` | the faults still to come |
//! | `POST /_control/{crm}/faults` | queues one `{"fault":{"kind":"delay","ms":3000},"times":1}`, or a list; answers the queue |
//! | `DELETE /_control/{crm}/faults` | no faults any more; 204 |
//! | `POST /_control/{crm}/weather` | from now on strikes a share of all calls at random: `{"share":0.3,"seed":7,"faults":[{"kind":"html"}]}`; answers it |
//! | `GET /_control/{crm}/weather` | the same, with the calls since and how often each struck; `null` where there is none |
//! | `DELETE /_control/{crm}/weather` | no weather any more; 204 |
//! | `POST /_control/{crm}/repeats` | `{"created": true}`: from now on whoever is known is created once more, see below; 204 |
//! | `POST /_control/{crm}/log` | `{"keep": 100}`: of the requests only the newest are kept; `null`: all; 204 |
//! | `POST /_control/reset` | forgets users, requests, faults, weather, links and sessions of every CRM, and what was said of repeats and the log; 204 |
//!
//! Of somebody who is sent twice the documents say little: "Each request creates a new user. Email should be unique" (Wi), that a
//! customer's lead is not made twice (Impact), nothing (the other two). Here whose e-mail or `externalId` is known is refused, so that
//! a known e-mail can be tested; but that would hide from a test who was sent twice by mistake. `repeats` shows it. Broctagon's leads are
//! created as often as they are sent anyway, and its accounts cannot be: a code works once.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::{self, Faults};
use crate::record::Log;
use crate::weather::Forecast;

/// A simulated CRM, as far as the control endpoints know it.
pub(crate) trait Simulated: Send + Sync {
    /// Its path, and its name in `/_control/{crm}`.
    fn name(&self) -> &'static str;
    fn log(&self) -> &Log;
    fn faults(&self) -> &Faults;
    /// Everybody created: `{id, email, createdAt, loggedIn, fields}`, and their `kind` where there is more than one.
    fn users(&self) -> Vec<Value>;
    /// How many [`Simulated::users`] there are.
    fn count(&self) -> usize;
    /// Whether whoever is known is created once more.
    fn create_repeats(&self, _created: bool) -> Result<(), String> {
        Err(format!("{} refuses nobody for being known who could be created once more", self.name()))
    }
    /// Codes sent to people, as `{to, kind: "email" | "phone", code}`.
    fn outbox(&self) -> Vec<Value> {
        Vec::new()
    }
    /// Adds what nobody creates through the API: deposits, payouts, buckets.
    fn seed(&self, _records: Value) -> Result<(), String> {
        Err(format!("{} takes no records", self.name()))
    }
    /// Forgets everything.
    fn reset(&self);
}

/// What was asked for makes no sense; says why.
struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

type Crms = Arc<[Arc<dyn Simulated>]>;

pub(crate) fn routes(crms: Vec<Arc<dyn Simulated>>) -> Router {
    Router::new()
        .route("/health", get(|| async { Json(json!({ "status": "ok" })) }))
        .route("/reset", post(reset))
        .route("/{crm}/requests", get(requests))
        .route("/{crm}/users", get(users))
        .route("/{crm}/counts", get(counts))
        .route("/{crm}/outbox", get(outbox))
        .route("/{crm}/records", post(seed))
        .route("/{crm}/faults", get(waiting_faults).post(order_faults).delete(clear_faults))
        .route("/{crm}/weather", get(weather).post(forecast).delete(no_weather))
        .route("/{crm}/repeats", post(repeats))
        .route("/{crm}/log", post(keep))
        .with_state(crms.into())
}

async fn requests(State(crms): State<Crms>, Path(name): Path<String>) -> Result<Response, Refusal> {
    Ok(Json(find(&crms, &name)?.log().all()).into_response())
}

async fn users(State(crms): State<Crms>, Path(name): Path<String>) -> Result<Response, Refusal> {
    Ok(Json(find(&crms, &name)?.users()).into_response())
}

async fn counts(State(crms): State<Crms>, Path(name): Path<String>) -> Result<Response, Refusal> {
    let crm = find(&crms, &name)?;
    Ok(Json(json!({ "users": crm.count(), "requests": crm.log().count() })).into_response())
}

async fn outbox(State(crms): State<Crms>, Path(name): Path<String>) -> Result<Response, Refusal> {
    Ok(Json(find(&crms, &name)?.outbox()).into_response())
}

fn refused(message: String) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, message)
}

async fn seed(State(crms): State<Crms>, Path(name): Path<String>, body: Bytes) -> Result<StatusCode, Refusal> {
    let records = serde_json::from_slice(&body).map_err(|error| refused(format!("the body is not JSON: {error}")))?;
    find(&crms, &name)?.seed(records).map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn waiting_faults(State(crms): State<Crms>, Path(name): Path<String>) -> Result<Response, Refusal> {
    Ok(Json(find(&crms, &name)?.faults().waiting()).into_response())
}

/// Takes the bytes, not `Json`: whoever types a curl command should not have to name the content type.
async fn order_faults(State(crms): State<Crms>, Path(name): Path<String>, body: Bytes) -> Result<Response, Refusal> {
    let faults = find(&crms, &name)?.faults();
    faults::parse(&body).and_then(|orders| faults.order(orders)).map_err(refused)?;
    Ok(Json(faults.waiting()).into_response())
}

async fn clear_faults(State(crms): State<Crms>, Path(name): Path<String>) -> Result<StatusCode, Refusal> {
    find(&crms, &name)?.faults().clear();
    Ok(StatusCode::NO_CONTENT)
}

async fn weather(State(crms): State<Crms>, Path(name): Path<String>) -> Result<Response, Refusal> {
    Ok(Json(find(&crms, &name)?.faults().weather()).into_response())
}

async fn forecast(State(crms): State<Crms>, Path(name): Path<String>, body: Bytes) -> Result<Response, Refusal> {
    let faults = find(&crms, &name)?.faults();
    faults.forecast(Forecast::read(&body).map_err(refused)?);
    Ok(Json(faults.weather()).into_response())
}

async fn no_weather(State(crms): State<Crms>, Path(name): Path<String>) -> Result<StatusCode, Refusal> {
    find(&crms, &name)?.faults().no_weather();
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeats {
    created: bool,
}

async fn repeats(State(crms): State<Crms>, Path(name): Path<String>, body: Bytes) -> Result<StatusCode, Refusal> {
    let Repeats { created } = serde_json::from_slice(&body).map_err(|error| refused(error.to_string()))?;
    find(&crms, &name)?.create_repeats(created).map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keep {
    keep: Option<usize>,
}

async fn keep(State(crms): State<Crms>, Path(name): Path<String>, body: Bytes) -> Result<StatusCode, Refusal> {
    let Keep { keep } = serde_json::from_slice(&body).map_err(|error| refused(error.to_string()))?;
    find(&crms, &name)?.log().keep(keep);
    Ok(StatusCode::NO_CONTENT)
}

async fn reset(State(crms): State<Crms>) -> StatusCode {
    crms.iter().for_each(|crm| crm.reset());
    StatusCode::NO_CONTENT
}

fn find<'a>(crms: &'a Crms, name: &str) -> Result<&'a dyn Simulated, Refusal> {
    crms.iter().find(|crm| crm.name() == name).map(AsRef::as_ref).ok_or_else(|| {
        let known: Vec<_> = crms.iter().map(|crm| crm.name()).collect();
        Refusal(StatusCode::NOT_FOUND, format!("there is no CRM {name:?} here, only: {}", known.join(", ")))
    })
}
