//! Broctagon CRM, as its "CRM Open API Documentation" describes it: "Create Lead", the "Accounts API", the "Forms API" and the
//! "Configurations API", with "Authentication" and "Authentication V2". Of the pages on KYC forms, countries, states and cities only
//! the titles could be read: their paths and members are ours, and the places say so. "Get AWS S3 signature" is not simulated.

mod access;
mod codes;
mod documented;
mod forms;
mod lead;
mod members;
mod multistep;
mod options;
mod people;
mod places;
mod reads;
mod records;
mod register;

use std::sync::Mutex;

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::control::Simulated;
use crate::exchange::{Crm, Request, spoiled};
use crate::faults::{Fault, Faults, Has};
use crate::lock::lock;
use crate::record::{Entry, Log};
use codes::Codes;
use documented::{Refusal, no_content};
use people::People;
use records::{Records, Replacement};

pub(crate) use options::Options;

pub(crate) use crate::exchange::routes;

#[derive(Debug)]
pub(crate) struct Broctagon {
    options: Options,
    log: Log,
    faults: Faults,
    standard: Records,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    records: Records,
    codes: Codes,
    people: People,
}

impl State {
    fn new(records: Records) -> Self {
        Self { records, codes: Codes::default(), people: People::default() }
    }
}

impl Broctagon {
    pub(crate) fn new(options: Options) -> Result<Self, String> {
        let standard = Records::standard()?;
        let state = Mutex::new(State::new(standard.clone()));
        Ok(Self { options, log: Log::default(), faults: Faults::default(), standard, state })
    }

    /// The key first, then the path, then the signature, then what was sent: who has no key is told nothing about the rest.
    fn handle(&self, entry: Entry, request: &Request) -> Result<Answer, Refusal> {
        access::key(request, &self.options.broctagon_api_key)?;
        match (&request.method, &request.segments().parts()[..]) {
            (&Method::POST, ["public", "v1", "leads", "create"]) => {
                let body = self.body(request)?;
                self.create_lead(&mut lock(&self.state), entry, body)
            }
            (&Method::POST, ["public", "v1", "account", "register", "request"]) => {
                let body = self.body(request)?;
                self.send_code(&mut lock(&self.state), entry, &body)
            }
            (&Method::POST, ["public", "v1", "account", "register", "multistep"]) => {
                let body = self.body(request)?;
                self.register(&mut lock(&self.state), entry, body)
            }
            (&Method::GET, _) => {
                let answer = reads::read(&lock(&self.state).records, request)?;
                Ok(spoiled(self.on_success(entry, Has::LINK_AND_ID).as_ref(), answer))
            }
            // A wrong method finds nothing either: the document has no 405.
            _ => Err(Refusal::not_found()),
        }
    }

    /// "Request body will be JSON format. HTTP header should have `Content-Type: application/json`."
    fn body(&self, request: &Request) -> Result<Map<String, Value>, Refusal> {
        access::signature(request, &self.options.broctagon_api_key, self.options.broctagon_signature)?;
        request.object().map_err(Refusal::invalid)
    }

    /// 204, which has no body to spoil. So a fault that is about the body gives it one, and the status that goes with it.
    fn done(&self, entry: Entry) -> Answer {
        // There is no link anywhere here, and an id in one answer only: a fault of either strikes, to no effect, instead of waiting for
        // ever.
        match self.on_success(entry, Has::LINK_AND_ID) {
            None | Some(Fault::NumericId {} | Fault::NoLink {} | Fault::ForeignLink {} | Fault::ScriptLink {}) => no_content(),
            fault => spoiled(fault.as_ref(), documented::ok(json!({ "status": "ok" }))),
        }
    }
}

impl Simulated for Broctagon {
    fn name(&self) -> &'static str {
        "broctagon"
    }

    fn log(&self) -> &Log {
        &self.log
    }

    fn faults(&self) -> &Faults {
        &self.faults
    }

    fn users(&self) -> Vec<Value> {
        lock(&self.state).people.list()
    }

    fn count(&self) -> usize {
        lock(&self.state).people.count()
    }

    fn outbox(&self) -> Vec<Value> {
        lock(&self.state).codes.outbox()
    }

    fn seed(&self, records: Value) -> Result<(), String> {
        let mut replacement = Replacement::deserialize(records).map_err(|error| error.to_string())?;
        let mut state = lock(&self.state);
        state.records = state.records.replaced(&mut replacement)?;
        for email in replacement.accounts {
            state.people.add(people::Kind::Account, &email, Map::new(), false);
        }
        Ok(())
    }

    fn reset(&self) {
        self.log.clear();
        self.faults.forget();
        *lock(&self.state) = State::new(self.standard.clone());
    }
}

impl Crm for Broctagon {
    fn answer(&self, entry: Entry, request: &Request) -> Answer {
        self.handle(entry, request).unwrap_or_else(Answer::from)
    }

    fn error(&self, _: &Request, status: StatusCode, message: Option<&str>) -> Answer {
        documented::error(status, message)
    }
}
