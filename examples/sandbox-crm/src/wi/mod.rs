//! Wi CRM (WBCS), as its document describes it: section "Traders Room — Sign Up API", the member area that its autologin links lead
//! to, and section "Buckets Leads Status API" (`buckets`, which also says which records a test can add).

mod buckets;
mod documented;
mod fields;
mod member_area;
mod options;
mod signup;
mod users;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::Value;

use crate::answer::Answer;
use crate::autologin::Links;
use crate::control::Simulated;
use crate::exchange::{self, Crm, Request};
use crate::faults::Faults;
use crate::lock::lock;
use crate::record::{Entry, Log};
use buckets::Buckets;
use documented::{REQUIRED, error, server_error, unauthorized};
pub(crate) use options::Options;
use users::Users;

#[derive(Debug)]
pub(crate) struct Wi {
    options: Options,
    /// Without a lifetime a success carries no `url`: the document shows one with and one without.
    links: Links,
    log: Log,
    faults: Faults,
    users: Mutex<Users>,
    buckets: Mutex<Buckets>,
}

impl Wi {
    pub(crate) fn new(options: Options, links: Links) -> Self {
        let buckets = Mutex::new(Buckets::new(&options.wi_identification_token));
        Self { options, links, log: Log::default(), faults: Faults::default(), users: Mutex::default(), buckets }
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

    fn count(&self) -> usize {
        lock(&self.users).count()
    }

    fn create_repeats(&self, created: bool) -> Result<(), String> {
        lock(&self.users).create_repeats(created);
        Ok(())
    }

    fn seed(&self, records: Value) -> Result<(), String> {
        let records = serde_json::from_value(records).map_err(|error| error.to_string())?;
        lock(&self.buckets).seed(records)
    }

    fn reset(&self) {
        self.log.clear();
        self.faults.forget();
        *lock(&self.users) = Users::default();
        *lock(&self.buckets) = Buckets::new(&self.options.wi_identification_token);
    }
}

impl Crm for Wi {
    fn answer(&self, entry: Entry, request: &Request) -> Answer {
        match request.segments().parts()[..] {
            ["tradersroom", "api", "auth", "signup"] => self.sign_up(entry, request),
            ["api", "public", "buckets", bucket, affiliate, "leads", ref source @ ..] if source.len() <= 1 => {
                self.look_up(entry, request, buckets::Path { bucket, affiliate, source: source.first().copied() })
            }
            _ => self.error(request, StatusCode::NOT_FOUND, None),
        }
    }

    /// Its two interfaces differ in the bodies of their errors.
    fn error(&self, request: &Request, status: StatusCode, message: Option<&str>) -> Answer {
        if let ["api", "public", ..] = request.segments().parts()[..] {
            return message.map_or_else(|| buckets::status_error(status), |message| buckets::error(status, message));
        }
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
    exchange::routes(wi.clone()).merge(
        Router::new()
            // HEAD must not use up the link, and axum would answer it by the handler of GET.
            .route("/autologin/{link}/", get(member_area::autologin).head(async || StatusCode::OK))
            .route("/member", get(member_area::member))
            .with_state(wi),
    )
}
