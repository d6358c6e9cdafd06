//! `POST /public/v1/leads/create`: page "Create Lead".

use serde_json::{Map, Value};

use super::documented::{Refusal, created};
use super::members::{EMAIL, PHONE, length, mandatory, optional, phone, text};
use super::people::Kind;
use super::{Broctagon, State};
use crate::answer::Answer;
use crate::check::{Member, Rule, check};
use crate::control::Simulated;
use crate::exchange::{Crm, spoiled};
use crate::faults::{Fault, Has};
use crate::record::Entry;

const BODY: &[Member] = &[
    optional("email", EMAIL),
    optional("phone", PHONE),
    mandatory("name", Rule::Text),
    optional("gender", Rule::Text),
    optional("owner_id", length(8)),
    optional("comment", Rule::Text),
    optional("nationality", Rule::Text),
];

impl Broctagon {
    /// Nothing on the page makes a lead unique: each request creates one.
    pub(super) fn create_lead(&self, state: &mut State, entry: Entry, body: Map<String, Value>) -> Result<Answer, Refusal> {
        check("", &body, BODY)?;
        let email = text(&body, "email").unwrap_or_default().to_owned();
        if email.is_empty() && phone(&body).is_none() {
            return Err(Refusal::invalid("\"email\" or \"phone\" is required"));
        }
        let fault = self.on_success(entry, Has::LINK_AND_ID);
        let numeric_id = fault == Some(Fault::NumericId {});
        let id = state.people.add(Kind::Lead, &email, body, numeric_id);
        self.log().created(entry, id.clone());
        let answer = if numeric_id { created(id.parse::<u64>().unwrap_or_default()) } else { created(id) };
        Ok(spoiled(fault.as_ref(), answer))
    }
}
