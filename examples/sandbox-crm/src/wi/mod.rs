//! Wi CRM (WBCS), as its document describes it: section "Traders Room — Sign Up API", the member area that its autologin links lead
//! to, and section "Buckets Leads Status API" (`buckets`, which also says which records a test can add).

mod buckets;
mod documented;
mod fields;
mod member_area;
mod signup;
mod users;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::Value;

use crate::answer::Answer;
use crate::control::Simulated;
use crate::exchange::{self, Crm, Request};
use crate::faults::Faults;
use crate::lock::lock;
use crate::record::{Entry, Log};
use buckets::Buckets;
use documented::{REQUIRED, error, server_error, unauthorized};
use users::Users;

#[derive(Debug)]
pub(crate) struct Settings {
    /// What `x-api-key` must be.
    pub(crate) key: String,
    /// What `Authorization` must be for a bucket.
    pub(crate) identification_token: String,
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
    buckets: Mutex<Buckets>,
}

impl Wi {
    pub(crate) fn new(settings: Settings) -> Self {
        let buckets = Mutex::new(Buckets::new(&settings.identification_token));
        Self { settings, log: Log::default(), faults: Faults::default(), users: Mutex::default(), buckets }
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

    fn seed(&self, records: Value) -> Result<(), String> {
        let records = serde_json::from_value(records).map_err(|error| error.to_string())?;
        lock(&self.buckets).seed(records)
    }

    fn reset(&self) {
        self.log.clear();
        self.faults.clear();
        *lock(&self.users) = Users::default();
        *lock(&self.buckets) = Buckets::new(&self.settings.identification_token);
    }
}

impl Crm for Wi {
    fn answer(&self, entry: Entry, request: &Request) -> Answer {
        let segments = request.segments().unwrap_or_default();
        match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["tradersroom", "api", "auth", "signup"] => self.sign_up(entry, request),
            ["api", "public", "buckets", bucket, affiliate, "leads", source @ ..] if source.len() <= 1 => {
                self.look_up(entry, request, buckets::Path { bucket, affiliate, source: source.first().copied() })
            }
            _ => self.error_to(request, StatusCode::NOT_FOUND, None),
        }
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

    fn error_to(&self, request: &Request, status: StatusCode, message: Option<&str>) -> Answer {
        match (request.uri.path().starts_with("/api/public/"), message) {
            (true, Some(message)) => buckets::error(status, message),
            (true, None) => buckets::status_error(status),
            (false, _) => self.error(status, message),
        }
    }
}

/// What stands under `/wi`.
pub(crate) fn routes(wi: Arc<Wi>) -> Router {
    exchange::routes(wi.clone()).merge(
        Router::new()
            // HEAD must not use up the link, and axum would answer it by the handler of GET.
            .route("/autologin/{link}/", get(member_area::autologin).head(async || StatusCode::OK))
            .route("/member", get(member_area::member))
            .with_state(wi),
    )
}
