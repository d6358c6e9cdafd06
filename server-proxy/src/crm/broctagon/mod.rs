//! Broctagon CRM. Source: the vendor's "CRM Open API Documentation": "Authentication", "Authentication V2", "Create Lead", the
//! "Accounts API", the "Forms API" and the "Configurations API".
//!
//! | file | page |
//! |---|---|
//! | `routes` | where each operation is |
//! | `access` | "Authentication", "Authentication V2" |
//! | `form` | which fields and values the requests take |
//! | `lead` | "Create Lead" |
//! | `register` | "Send Registration Request for OTP", "Send Multi-Step Registration Request for Approval" |
//! | `refusal` | "Failed Responses" |
//! | `shape` | the answer of the "Forms API" |
//! | `fields` | a form's fields as a funnel takes them |
//! | `records` | lists, and whatever else no page describes |
//! | `catalog`, `questions` | what funnels and operators ask |
//!
//! Where the document is silent is said in each, and in `docs/crm-broctagon.md`.

mod access;
mod catalog;
mod fields;
mod form;
mod lead;
mod questions;
mod records;
mod refusal;
mod register;
mod routes;
mod shape;

use std::{collections::HashMap, sync::Arc, sync::Mutex, time::Duration};

use async_trait::async_trait;
use latchkey_contract::Channel;
use reqwest::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Action, Affiliate, Catalog, CodeOutcome, Crm, Finding, Found, Operation, Outcome, Question, Registration, SignupForm, Trouble,
    Unanswered,
    answer::Answer,
    client::{Network, NetworkKeys, NoAnswer},
    routes::{Overrides, Routes, with_a_body_or_without},
    tried, words,
};
use crate::config::{Problems, secret};
use access::Signature;

/// `[connections.<name>]` with `kind = "broctagon"`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// Sent as `key`, and what requests are signed with.
    api_key: Option<String>,
    #[serde(default)]
    signature: Signature,
    #[serde(default)]
    operations: Overrides,
    /// Words of a refusal, or its type, that mean that the e-mail is an account's.
    duplicate_when: Option<Vec<String>>,
    /// Accepted, so that all kinds are configured alike.
    #[serde(default)]
    redirect_hosts: Vec<String>,
}

/// The document names neither a type nor words for an e-mail that is an account's.
const DUPLICATE_WHEN: [&str; 2] = ["account_exists", "already exist"];

pub(super) struct Broctagon {
    network: Network,
    api_key: SecretString,
    signature: Signature,
    routes: Routes,
    duplicate_when: Vec<String>,
    forms: Mutex<HashMap<String, shape::Kept>>,
    has_redirect_hosts: bool,
}

pub(super) fn build(at: &str, mut table: Value, problems: &mut Problems) -> Option<Arc<dyn Crm>> {
    let keys = NetworkKeys::take(at, &mut table, problems);
    let table: Table = problems.read(at, table)?;
    let network = Network::new(at, &keys, problems);
    let key = format!("{at}.api_key");
    let reference = problems.required(&key, table.api_key);
    let api_key = problems.parse(&key, reference.as_deref(), secret::fetch_header);
    // Only what has a body is signed.
    let routes = Routes::read(at, routes::USUAL, with_a_body_or_without, &table.operations, problems);
    let duplicate_when = match &table.duplicate_when {
        Some(given) => words::lower(given),
        None => DUPLICATE_WHEN.map(str::to_owned).into(),
    };
    Some(Arc::new(Broctagon {
        network: network?,
        api_key: api_key?,
        signature: table.signature,
        routes,
        duplicate_when,
        forms: Mutex::default(),
        has_redirect_hosts: !table.redirect_hosts.is_empty(),
    }))
}

#[async_trait]
impl Crm for Broctagon {
    fn form(&self, action: Action) -> Option<&SignupForm> {
        match action {
            Action::Lead => Some(&form::LEAD),
            Action::Register => Some(&form::REGISTER),
            Action::Signup => None,
        }
    }

    async fn register(&self, registration: &Registration) -> Outcome {
        match registration.action {
            Action::Lead => self.create_lead(registration).await,
            _ => self.create_account(registration).await,
        }
    }

    async fn send_code(&self, registration: &Registration, channel: Channel) -> CodeOutcome {
        self.request_code(registration, channel).await
    }

    fn catalog(&self) -> Option<&dyn Catalog> {
        Some(self)
    }

    fn operations(&self) -> &'static [Operation] {
        questions::OPERATIONS
    }

    async fn ask(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        self.answer(question).await
    }

    /// The registration form is only read. A request for a code that names nobody is refused by the document, and only after its
    /// signature was found right.
    async fn probe(&self, affiliates: &[&Affiliate]) -> Vec<Finding> {
        let origin = self.network.origin();
        let denied = |answer: &Answer| Found::Denied(format!("{origin}: {}", answer.words()));
        let odd = |what: &str, answer: &Answer| Found::Odd(format!("{origin} answers {what} with {}: {}", answer.status, answer.words()));
        let found = match self.get(routes::REGISTRATION_FORM, &[]).await {
            Err(no_answer) => tried::unreachable(&origin, no_answer),
            Ok(answer) => match answer.status {
                StatusCode::OK if shape::Form::read(&answer).is_ok() => Found::Ready,
                StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => denied(&answer),
                _ => odd("a request for its registration form", &answer),
            },
        };
        let goes_on = found == Found::Ready;
        let mut findings = vec![Finding { what: "api_key".to_owned(), found }];
        if goes_on {
            let found = match self.post(routes::REGISTRATION_REQUEST, &Map::new()).await {
                Err(no_answer) => tried::unreachable(&origin, no_answer),
                Ok(answer) => match answer.status {
                    StatusCode::BAD_REQUEST => Found::Ready,
                    StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => denied(&answer),
                    _ => odd("an empty request for a code", &answer),
                },
            };
            findings.push(Finding { what: format!("signature {}", self.signature.as_str()), found });
        }
        let is_no_code = |affiliate: &&&Affiliate| affiliate.crm_id.chars().count() != form::ID_LENGTH;
        findings.extend(affiliates.iter().filter(is_no_code).map(|affiliate| Finding {
            what: format!("crm_id of affiliate {}", affiliate.id),
            found: Found::Odd(format!("a referral code has {} characters, so the CRM is not told of this affiliate", form::ID_LENGTH)),
        }));
        findings
    }

    fn warnings(&self) -> Vec<String> {
        let unused = "redirect_hosts has no use here: this CRM gives no autologin link".to_owned();
        if self.has_redirect_hosts { vec![unused] } else { Vec::new() }
    }

    fn at_once(&self) -> usize {
        self.network.at_once()
    }

    fn settle(&self) -> Duration {
        self.network.settle()
    }
}

impl Broctagon {
    /// "For GET and DELETE requests, there will not be any request body."
    async fn get(&self, operation: &str, values: &[(&str, &str)]) -> Result<Answer, NoAnswer> {
        self.network.send(self.routes.call(operation, values).long().secret(access::KEY, "", &self.api_key)).await
    }

    /// The signature is over the very bytes that are sent.
    async fn post(&self, operation: &str, body: &Map<String, Value>) -> Result<Answer, NoAnswer> {
        let bytes = serde_json::to_vec(body).map_err(|error| NoAnswer::NotSent(error.to_string()))?;
        let signature = self.signature.of(body, &bytes, &self.api_key);
        let call = self.routes.call(operation, &[]).secret(access::KEY, "", &self.api_key);
        self.network.send(call.header(access::SIGNATURE, &signature).bytes(bytes)).await
    }
}

/// What it means for somebody who waits for a registration that a question before it had no answer: nothing was sent.
fn unasked(unanswered: Unanswered) -> Outcome {
    match unanswered {
        Unanswered::Unreachable(trouble) | Unanswered::TooMany(trouble) | Unanswered::Unreadable(trouble) => Outcome::Failed(trouble),
        Unanswered::Denied(trouble) | Unanswered::Refused(trouble) => Outcome::Misconfigured(trouble),
        Unanswered::Unsupported | Unanswered::Argument(_) => Outcome::Misconfigured(Trouble::new(unanswered.to_string())),
    }
}
