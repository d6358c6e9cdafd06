//! Impact CRM (ImpacTechs), as its two documents describe it: creating customers and leads, the autologin URLs (`member_area`),
//! the log-in, and the IB reports. The paths of the two creations and their members are from the notes on the documents.
//!
//! The documents show a successful body for the log-in only. What is chosen here, because they are silent:
//!
//! | answer | |
//! |---|---|
//! | customer created | 200 `{"id","token"}`, where the token is that of the autologin URL |
//! | lead created | 200 `{"id"}`: a lead has no log-in |
//! | leads, registrations, transactions, positions | `{"total", <name of the report>: […]}` |
//! | a lead | `id`, `firstName`, `lastName`, `email`, `registrationDate`, `lastModifiedDate`, `source`, `utmDetails`, `tags` |
//! | a registration | the same, and `leadId`, `userAdditionalId` ("User additional ID": `(12345, mt4, live), (…)`, live ones only) |
//! | a transaction | `transactionId`, `transactionDate`, `type`, `amount`, `currency`, `productId` ("N/A"), `loginId`, |
//! | | `platformServer`, `isFake`, `tags` |
//! | a position | `positionId`, `loginId`, `serverTag`, `symbol`, `openDate`, `closeDate`, `volume`, `profit`, `currency` |
//! | servers | an object from platform type to its tags: `{"mt4": ["mt4"]}` |
//! | tags | `[{"category": "…", "tags": ["…"]}]` |
//! | a refusal | `{"message"}`: 400 for what was sent, 401 for API key, log-in and token, 403 for domain, permission and module |
//!
//! `POST /_control/impact/records` takes any of:
//! ```json
//! {
//!   "users": [{"email": "a17@example.com", "password": "…", "verified": true, "permissions": ["IB Reports"], "sees": "all"}],
//!   "apiKeys": [{"key": "…", "domain": "brand.example", "user": "a17@example.com", "expires": "2027-01-01"}],
//!   "servers": {"mt4": ["mt4"], "mt5": ["mt5-1", "mt5-2"]},
//!   "leads": [{"id": "…", "email": "user@example.com", "firstName": "Jane", "lastName": "Doe", "registrationDate": "2026-01-01",
//!              "lastModifiedDate": "2026-01-02T12:00:00Z", "source": "a17@example.com", "utmDetails": {"affiliate_id": "17"},
//!              "tags": [{"category": "Campaign", "tags": ["spring"]}], "more": {}}],
//!   "registrations": [{"email": "user@example.com", "accounts": [{"loginId": "12345", "platformServer": "mt4", "type": "live"}]}],
//!   "transactions": [{"transactionDate": "2026-01-03", "type": "Deposit", "amount": "100.00", "currency": "USD", "productId": "N/A",
//!                     "loginId": "12345", "platformServer": "mt4", "isFake": false, "successful": true, "tags": [], "more": {}}],
//!   "positions": [{"serverTag": "mt4", "loginId": "12345", "symbol": "EURUSD", "openDate": "2026-01-04", "closeDate": "2026-01-05",
//!                  "volume": "1.00", "profit": "-12.50", "currency": "USD", "more": {}}],
//!   "withoutModules": ["leads", "transactions", "platforms"],
//!   "expireTokens": true
//! }
//! ```
//! - Of a lead and of a registration, only `email` is needed; one whose e-mail is known is changed in the members it names, and was
//!   modified now, unless it says when. A registration has a lead: its own is found by e-mail, or made. A registration's members are
//!   those of a lead, and `accounts`.
//! - Of a transaction, `transactionDate` and `amount` are needed, and of a position `serverTag`, of a server known by then. A position
//!   without `closeDate` is open, so not reported. A known `transactionId` or `positionId` is replaced. Amounts are decimal text.
//! - `more` holds further members, which are reported with the rest.
//! - A user or an API key that is known is replaced. A user who `sees` `"own"` is reported what it is the source of, and the
//!   transactions and positions of the trading accounts of its registrations. The document's user sees "system leads": `"all"`.
//! - `withoutModules` replaces the list of the modules that this installation lacks. `expireTokens` ends every IB token now.

mod access;
mod create;
mod decimal;
mod documented;
mod fields;
mod filters;
mod member_area;
mod options;
mod people;
mod person;
mod records;
mod reports;
mod seeds;
mod state;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, header::ALLOW};
use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::answer::Answer;
use crate::autologin::Links;
use crate::control::Simulated;
use crate::exchange::{self, Crm, Request};
use crate::faults::Faults;
use crate::lock::lock;
use crate::record::{Entry, Log};
use documented::error;
pub(crate) use options::Options;
use people::Kind;
use reports::Report;
use state::State;

#[derive(Debug)]
pub(crate) struct Impact {
    options: Options,
    /// How long an autologin token works; none where customers get no token.
    autologin_ttl: Option<Duration>,
    log: Log,
    faults: Faults,
    state: Mutex<State>,
}

impl Impact {
    pub(crate) fn new(options: Options, links: Links) -> Self {
        let state = Mutex::new(State::new(&options));
        Self { options, autologin_ttl: links.ttl, log: Log::default(), faults: Faults::default(), state }
    }
}

impl Simulated for Impact {
    fn name(&self) -> &'static str {
        "impact"
    }

    fn log(&self) -> &Log {
        &self.log
    }

    fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Customers and leads, as their `kind` says, with what they sent beyond the documented members as `metadata`.
    fn users(&self) -> Vec<Value> {
        lock(&self.state).people.created()
    }

    fn count(&self) -> usize {
        lock(&self.state).people.count()
    }

    fn create_repeats(&self, created: bool) -> Result<(), String> {
        lock(&self.state).people.create_repeats(created);
        Ok(())
    }

    fn seed(&self, records: Value) -> Result<(), String> {
        let seeds = serde_json::from_value(records).map_err(|error| error.to_string())?;
        lock(&self.state).seed(seeds)
    }

    fn reset(&self) {
        self.log.clear();
        self.faults.forget();
        *lock(&self.state) = State::new(&self.options);
    }
}

impl Crm for Impact {
    fn answer(&self, entry: Entry, request: &Request) -> Answer {
        let (method, answer): (_, fn(&Self, Entry, &Request) -> Answer) = match request.segments().parts()[..] {
            ["api", "v1", "public", "customer"] => (Method::POST, |crm, entry, request| crm.create(entry, request, Kind::Customer)),
            ["api", "v1", "public", "lead"] => (Method::POST, |crm, entry, request| crm.create(entry, request, Kind::Lead)),
            ["api", "v1", "auth", "login"] => (Method::POST, Self::log_in),
            ["api", "v1", "ib", "leads"] => (Method::GET, |crm, entry, request| crm.report(entry, request, Report::Leads)),
            ["api", "v1", "ib", "registrations"] => (Method::GET, |crm, entry, request| crm.report(entry, request, Report::Registrations)),
            ["api", "v1", "ib", "transactions"] => (Method::GET, |crm, entry, request| crm.report(entry, request, Report::Transactions)),
            ["api", "v1", "ib", "servers"] => (Method::GET, |crm, entry, request| crm.report(entry, request, Report::Servers)),
            ["api", "v1", "ib", "positions"] => (Method::GET, |crm, entry, request| crm.report(entry, request, Report::Positions)),
            _ => return self.error(request, StatusCode::NOT_FOUND, None),
        };
        if request.method == method {
            answer(self, entry, request)
        } else {
            let allowed = HeaderValue::from_static(if method == Method::POST { "POST" } else { "GET" });
            self.error(request, StatusCode::METHOD_NOT_ALLOWED, None).header(ALLOW, allowed)
        }
    }

    fn error(&self, _: &Request, status: StatusCode, message: Option<&str>) -> Answer {
        error(status, message.or(status.canonical_reason()).unwrap_or("Error"))
    }
}

/// What stands under `/impact`; the member area's base is `/impact/member`.
pub(crate) fn routes(impact: Arc<Impact>) -> Router {
    exchange::routes(impact.clone()).merge(member_area::routes(impact))
}
