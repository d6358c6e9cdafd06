//! Leads and customers ("registrations"), however they came here.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::person::{Person, PersonChange, Registration};
use super::records::new_id;
use crate::autologin::{Autologin, Uses, Visit};

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Customer,
    Lead,
}

/// Who was created through the API.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Created {
    pub(super) id: String,
    kind: Kind,
    pub(super) email: String,
    created_at: Timestamp,
    logged_in: bool,
    #[serde(flatten)]
    sent: Sent,
}

#[derive(Debug, Serialize)]
pub(super) struct Sent {
    /// All of it.
    pub(super) fields: Map<String, Value>,
    /// What of it the documents call metadata.
    pub(super) metadata: Map<String, Value>,
}

impl Created {
    pub(super) fn first_name(&self) -> &str {
        self.sent.fields.get("firstName").and_then(Value::as_str).unwrap_or_default()
    }
}

/// Where ids begin that are numbers, which only a fault asks for.
const FIRST_NUMBER: usize = 1_000_001;

#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) leads: Vec<Person>,
    pub(super) registrations: Vec<Registration>,
    created: Vec<Created>,
    /// Whether whoever is known is created once more.
    creates_repeats: bool,
    autologin: Autologin<usize>,
}

impl People {
    pub(super) fn create_repeats(&mut self, created: bool) {
        self.creates_repeats = created;
    }

    /// "A lead with the same email already exists"; and whether a customer does.
    pub(super) fn refuses(&self, kind: Kind, email: &str) -> bool {
        if self.creates_repeats {
            return false;
        }
        match kind {
            Kind::Lead => self.leads.iter().any(|lead| lead.is(email)),
            Kind::Customer => self.registrations.iter().any(|registration| registration.person.is(email)),
        }
    }

    /// Returns the id.
    pub(super) fn create(&mut self, kind: Kind, mut change: PersonChange, sent: Sent, numeric_id: bool) -> String {
        let id = if numeric_id { (FIRST_NUMBER + self.created.len()).to_string() } else { new_id() };
        let now = Timestamp::now();
        let email = change.email.clone();
        change.id = Some(id.clone());
        change.registration_date = Some(now.into());
        match kind {
            Kind::Lead => self.leads.push(change.into()),
            Kind::Customer => self.register(change),
        }
        self.created.push(Created { id: id.clone(), kind, email, created_at: now, logged_in: false, sent });
        id
    }

    /// "If a lead with the same email already exists in the CRM the customer will be associated with that lead. If not, a new lead
    /// will be created. The marketing parameters sent with the request will be associated with the lead of the customer".
    fn register(&mut self, change: PersonChange) {
        let lead = match self.leads.iter_mut().find(|lead| lead.is(&change.email)) {
            Some(lead) => {
                change.marketing().apply(lead);
                lead
            }
            None => self.leads.push_mut(change.new_lead()),
        };
        let accounts = change.accounts.clone().unwrap_or_default();
        let mut person = Person::from(change);
        person.source.clone_from(&lead.source);
        person.utm_details.clone_from(&lead.utm_details);
        self.registrations.push(Registration { person, lead_id: lead.id.clone(), accounts });
    }

    pub(super) fn seed_lead(&mut self, change: PersonChange) {
        match self.leads.iter_mut().find(|lead| lead.is(&change.email)) {
            Some(lead) => change.apply(lead),
            None => self.leads.push(change.into()),
        }
    }

    pub(super) fn seed_registration(&mut self, mut change: PersonChange) {
        match self.registrations.iter_mut().find(|registration| registration.person.is(&change.email)) {
            Some(registration) => {
                registration.accounts = change.accounts.take().unwrap_or_else(|| std::mem::take(&mut registration.accounts));
                change.apply(&mut registration.person);
            }
            None => self.register(change),
        }
    }

    /// The token for the autologin URL of the customer created last.
    pub(super) fn autologin_token(&mut self, ttl: Duration) -> Option<Uuid> {
        Some(self.autologin.issue(self.created.len().checked_sub(1)?, ttl))
    }

    /// Opens a session. The documents say nothing of a token that was used before: it works until it expires.
    pub(super) fn visit(&mut self, token: &str) -> Visit<usize> {
        let visit = self.autologin.visit(token, Uses::Many);
        if let Visit::LoggedIn { who, .. } = visit
            && let Some(created) = self.created.get_mut(who)
        {
            created.logged_in = true;
        }
        visit
    }

    pub(super) fn of_session(&self, session: Uuid) -> Option<&Created> {
        self.created.get(self.autologin.of_session(session)?)
    }

    pub(super) fn count(&self) -> usize {
        self.created.len()
    }

    pub(super) fn created(&self) -> Vec<Value> {
        self.created.iter().map(|created| json!(created)).collect()
    }
}
