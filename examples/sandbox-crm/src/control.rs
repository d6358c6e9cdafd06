//! `/_control`: what a test or the demo asks of the simulation itself. No CRM has anything like it.
//!
//! | | |
//! |---|---|
//! | `GET /_control/health` | 200 |
//! | `GET /_control/{crm}/requests` | what it received, oldest first |
//! | `GET /_control/{crm}/users` | who was created, oldest first |
//! | `GET /_control/{crm}/outbox` | what it would have mailed or texted, oldest first: `{to, kind, code}` |
//! | `POST /_control/{crm}/records` | adds records of the CRM's own (its module says which); 204 |
//! | `GET /_control/{crm}/faults` | the faults still to come |
//! | `POST /_control/{crm}/faults` | queues one `{"fault":{"kind":"delay","ms":3000},"times":1}`, or a list; answers the queue |
//! | `DELETE /_control/{crm}/faults` | no faults any more; 204 |
//! | `POST /_control/reset` | forgets users, requests, faults, links and sessions of every CRM; 204 |

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::faults::{self, Faults};
use crate::record::Log;

/// A simulated CRM, as far as the control endpoints know it.
pub(crate) trait Simulated: Send + Sync {
    /// Its path, and its name in `/_control/{crm}`.
    fn name(&self) -> &'static str;
    fn log(&self) -> &Log;
    fn faults(&self) -> &Faults;
    /// Everybody created: `{id, email, createdAt, loggedIn, fields}`, and their `kind` where there is more than one.
    fn users(&self) -> Vec<Value>;
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
        .route("/{crm}/outbox", get(outbox))
        .route("/{crm}/records", post(seed))
        .route("/{crm}/faults", get(waiting_faults).post(order_faults).delete(clear_faults))
        .with_state(crms.into())
}

async fn requests(State(crms): State<Crms>, Path(name): Path<String>) -> Result<Response, Refusal> {
    Ok(Json(find(&crms, &name)?.log().all()).into_response())
}

async fn users(State(crms): State<Crms>, Path(name): Path<String>) -> Result<Response, Refusal> {
    Ok(Json(find(&crms, &name)?.users()).into_response())
}

async fn outbox(State(crms): State<Crms>, Path(name): Path<String>) -> Result<Response, Refusal> {
    Ok(Json(find(&crms, &name)?.outbox()).into_response())
}

async fn seed(State(crms): State<Crms>, Path(name): Path<String>, body: Bytes) -> Result<StatusCode, Refusal> {
    let refused = |message: String| Refusal(StatusCode::BAD_REQUEST, message);
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
    faults::parse(&body).and_then(|orders| faults.order(orders)).map_err(|message| Refusal(StatusCode::BAD_REQUEST, message))?;
    Ok(Json(faults.waiting()).into_response())
}

async fn clear_faults(State(crms): State<Crms>, Path(name): Path<String>) -> Result<StatusCode, Refusal> {
    find(&crms, &name)?.faults().clear();
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
