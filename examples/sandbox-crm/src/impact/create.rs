//! `POST /api/v1/public/customer` and `…/lead`: the document on creating a customer, and section "API key Usage".

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::documented::Refusal;
use super::people::{Kind, Sent};
use super::person::PersonChange;
use super::{Impact, fields};
use crate::answer::Answer;
use crate::control::Simulated;
use crate::exchange::{Crm, Request, spoiled};
use crate::faults::{Fault, Has};
use crate::lock::lock;
use crate::record::Entry;

/// What of an autologin token leads elsewhere, where whoever puts it into the URL does not escape it.
const FOREIGN: &str = "x&returnUrl=https://evil.example/";

impl Impact {
    pub(super) fn create(&self, entry: Entry, request: &Request, kind: Kind) -> Answer {
        self.try_create(entry, request, kind).unwrap_or_else(Answer::from)
    }

    fn try_create(&self, entry: Entry, request: &Request, kind: Kind) -> Result<Answer, Refusal> {
        let mut state = lock(&self.state);
        let source = state.access.key(request)?.user.clone();
        let sent = request.object()?;
        fields::check(&sent, kind)?;
        let change = PersonChange::sent(&sent, source);
        if state.people.refuses(kind, &change.email) {
            // The document has neither a status nor words for it. A second lead is refused as well: it may not be a duplicate.
            let what = if kind == Kind::Customer { "Customer" } else { "Lead" };
            return Err(format!("{what} with this email already exists").into());
        }
        // A lead gets no token, so that the faults of one wait for a customer.
        let fault = self.on_success(entry, if kind == Kind::Customer { Has::LINK_AND_ID } else { Has::ID });
        let numeric_id = fault == Some(Fault::NumericId {});
        let id = state.people.create(kind, change, Sent { metadata: fields::metadata(&sent), fields: sent }, numeric_id);
        let ttl = self.autologin_ttl.filter(|_| kind == Kind::Customer && fault != Some(Fault::NoLink {}));
        let token = ttl.and_then(|ttl| state.people.autologin_token(ttl)).map(|token| token.to_string());
        drop(state);
        self.log().created(entry, id.clone());
        let answer = match &fault {
            Some(Fault::ForeignLink {}) => created(id, Some(FOREIGN.to_owned())),
            Some(Fault::ScriptLink {}) => created(id, Some("javascript:alert(1)".to_owned())),
            Some(Fault::NumericId {}) => created(id.parse::<u64>().unwrap_or_default(), token),
            _ => created(id, token),
        };
        Ok(spoiled(fault.as_ref(), answer))
    }
}

fn created(id: impl Into<Value>, token: Option<String>) -> Answer {
    let mut body = Map::from_iter([("id".to_owned(), id.into())]);
    body.extend(token.map(|token| ("token".to_owned(), json!(token))));
    Answer::json(StatusCode::OK, Value::Object(body))
}
