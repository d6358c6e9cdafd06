//! Wi CRM (WBCS), as its document describes it: section "Traders Room — Sign Up API", and the member area that its autologin
//! links lead to. The buckets of the same document are not simulated.

mod documented;
mod fields;
mod member_area;
mod signup;
mod users;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{any, get};
use serde_json::Value;

use crate::answer::Answer;
use crate::control::Simulated;
use crate::exchange::{Crm, Request, receive};
use crate::faults::Faults;
use crate::lock::lock;
use crate::record::{Entry, Log};
use documented::{REQUIRED, error, server_error, unauthorized};
use users::Users;

#[derive(Debug)]
pub(crate) struct Settings {
    /// What `x-api-key` must be.
    pub(crate) key: String,
    /// The origin that autologin links begin with.
    pub(crate) public_url: String,
    /// "Valid for a short time only": this long.
    pub(crate) link_ttl: Duration,
    /// Whether a success carries a `url`; the document shows one with and one without.
    pub(crate) autologin: bool,
}

#[derive(Debug)]
pub(crate) struct Wi {
    settings: Settings,
    log: Log,
    faults: Faults,
    users: Mutex<Users>,
}

impl Wi {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, log: Log::default(), faults: Faults::default(), users: Mutex::default() }
    }
}

impl Simulated for Wi {
    fn name(&self) -> &'static str {
        "wi"
    }

    fn log(&self) -> &Log {
        &self.log
    }

    fn faults(&self) -> &Faults {
        &self.faults
    }

    fn users(&self) -> Vec<Value> {
        lock(&self.users).list()
    }

    fn reset(&self) {
        self.log.clear();
        self.faults.clear();
        *lock(&self.users) = Users::default();
    }
}

impl Crm for Wi {
    fn answer(&self, entry: Entry, request: &Request) -> Answer {
        self.sign_up(entry, request)
    }

    fn error(&self, status: StatusCode, message: Option<&str>) -> Answer {
        match (status, message) {
            (_, Some(message)) => error(status, message),
            (StatusCode::BAD_REQUEST, None) => error(status, REQUIRED),
            (StatusCode::UNAUTHORIZED, None) => unauthorized(),
            (StatusCode::INTERNAL_SERVER_ERROR, None) => server_error(),
            (StatusCode::TOO_MANY_REQUESTS, None) => error(status, "Too many requests"),
            (_, None) => error(status, status.canonical_reason().unwrap_or("Error")),
        }
    }
}

/// What stands under `/wi`.
pub(crate) fn routes(wi: Arc<Wi>) -> Router {
    Router::new()
        // Every method, so that a wrong one is recorded too.
        .route("/tradersroom/api/auth/signup", any(receive::<Wi>))
        // HEAD must not use up the link, and axum would answer it by the handler of GET.
        .route("/autologin/{link}/", get(member_area::autologin).head(async || StatusCode::OK))
        .route("/member", get(member_area::member))
        .with_state(wi)
}
