//! `POST /tradersroom/api/auth/signup`: sections "Endpoint" to "Responses" of "Traders Room — Sign Up API".

use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method, StatusCode};
use serde_json::{Map, Value};

use super::buckets::NewLead;
use super::documented::{error, invalid, success, unauthorized};
use super::{Wi, fields};
use crate::answer::Answer;
use crate::control::Simulated;
use crate::exchange::{Crm, Request, spoiled};
use crate::faults::{Fault, Has};
use crate::lock::lock;
use crate::record::Entry;

impl Wi {
    pub(super) fn sign_up(&self, entry: Entry, request: &Request) -> Answer {
        if request.method != Method::POST {
            return error(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed").header(ALLOW, HeaderValue::from_static("POST"));
        }
        // The key first: who has none is told nothing about the rest.
        if request.header("x-api-key") != Some(&self.options.wi_key) {
            return unauthorized();
        }
        let fields = match request.object() {
            Ok(fields) => fields,
            Err(message) => return invalid(message),
        };
        if let Err(message) = fields::check(&fields) {
            return invalid(&message);
        }
        self.create(entry, fields)
    }

    fn create(&self, entry: Entry, fields: Map<String, Value>) -> Answer {
        let mut users = lock(&self.users);
        // "Email should be unique". The document gives neither a status nor words for one that is not: these are ours.
        if fields.get("email").and_then(Value::as_str).is_some_and(|email| users.refuses(email)) {
            return invalid("User with this email already exists");
        }
        // A fault of a link gives one to who would get none.
        let fault = self.on_success(entry, Has::LINK_AND_ID);
        let link_ttl = self.links.ttl.filter(|_| fault != Some(Fault::NoLink {}));
        let (user, link) = users.create(fields, fault == Some(Fault::NumericId {}), link_ttl);
        let id = user.id.clone();
        lock(&self.buckets).signed_up(NewLead {
            id: id.clone(),
            email: user.email.clone(),
            created_date: user.created_at.into(),
            affiliate_id: user.text("affiliateID").map(str::to_owned),
            source_id: user.text("sourceId").map(str::to_owned),
            status: user.text("status").map(str::to_owned),
        });
        let url = link.map(|token| format!("{}/wi/autologin/{token}/", self.links.public_url));
        self.log().created(entry, id.clone());
        let answer = match fault {
            Some(Fault::ForeignLink {}) => {
                let url = format!("https://evil.example/autologin/{id}/");
                success(id, Some(url))
            }
            Some(Fault::ScriptLink {}) => success(id, Some("javascript:alert(1)".to_owned())),
            Some(Fault::NumericId {}) => success(id.parse::<u64>().unwrap_or_default(), url),
            _ => success(id, url),
        };
        spoiled(fault.as_ref(), answer)
    }
}
