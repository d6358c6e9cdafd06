//! Leads and customers ("registrations"), however they came here.

use std::time::Duration;

use axum::http::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::records::{AccountId, TagCategory, new_id, row};
use crate::autologin::{Autologin, Uses, Visit};
use crate::moment::Moment;

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Customer,
    Lead,
}

/// What a lead and a registration have in common.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    id: String,
    first_name: String,
    last_name: String,
    email: String,
    pub(super) registration_date: Moment,
    pub(super) last_modified_date: Moment,
    /// The user that is attached to the API key it was created with.
    pub(super) source: Option<String>,
    utm_details: Map<String, Value>,
    tags: Vec<TagCategory>,
    #[serde(skip)]
    more: Map<String, Value>,
}

impl Person {
    pub(super) fn row(&self) -> Value {
        row(self, &self.more)
    }

    fn is(&self, email: &str) -> bool {
        self.email.to_lowercase() == email.to_lowercase()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Account {
    login_id: String,
    platform_server: String,
    #[serde(rename = "type")]
    kind: AccountType,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AccountType {
    Live,
    Demo,
}

#[derive(Debug)]
pub(super) struct Registration {
    pub(super) person: Person,
    lead_id: String,
    accounts: Vec<Account>,
}

impl Registration {
    pub(super) fn row(&self) -> Value {
        // "Comma-separated values of each customer trading account as: login id, platform server, type (live/demo)), filtered only by
        // live accounts (12345, mt4, live)".
        let live = self.accounts.iter().filter(|account| account.kind == AccountType::Live);
        let accounts: Vec<_> = live.map(|account| format!("({}, {}, live)", account.login_id, account.platform_server)).collect();
        let mut row = self.person.row();
        row["leadId"] = self.lead_id.clone().into();
        row["userAdditionalId"] = accounts.join(", ").into();
        row
    }

    pub(super) fn has(&self, account: AccountId<'_>) -> bool {
        self.accounts.iter().any(|own| (own.login_id.as_str(), own.platform_server.as_str()) == account)
    }
}

/// What is to be said of a person: by a test, or by who creates one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PersonChange {
    id: Option<String>,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    registration_date: Option<Moment>,
    last_modified_date: Option<Moment>,
    source: Option<String>,
    utm_details: Option<Map<String, Value>>,
    tags: Option<Vec<TagCategory>>,
    #[serde(default)]
    more: Map<String, Value>,
    accounts: Option<Vec<Account>>,
}

impl PersonChange {
    /// From the fields that were sent, which have been checked.
    pub(super) fn sent(fields: &Map<String, Value>, source: Option<String>) -> Self {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let utm_details = fields.get("utmDetails").and_then(Value::as_object).cloned();
        Self {
            email: text("email").unwrap_or_default(),
            first_name: text("firstName"),
            last_name: text("lastName"),
            source,
            utm_details,
            ..Self::default()
        }
    }

    pub(super) fn has_accounts(&self) -> bool {
        self.accounts.is_some()
    }

    pub(super) fn email(&self) -> &str {
        &self.email
    }

    /// The e-mail and the id are those that found it.
    fn apply(self, person: &mut Person) {
        person.first_name = self.first_name.unwrap_or_else(|| std::mem::take(&mut person.first_name));
        person.last_name = self.last_name.unwrap_or_else(|| std::mem::take(&mut person.last_name));
        person.registration_date = self.registration_date.unwrap_or(person.registration_date);
        person.last_modified_date = self.last_modified_date.unwrap_or_else(Moment::now);
        person.source = self.source.or_else(|| person.source.take());
        person.utm_details.extend(self.utm_details.unwrap_or_default());
        person.tags = self.tags.unwrap_or_else(|| std::mem::take(&mut person.tags));
        person.more.extend(self.more);
    }
}

impl From<PersonChange> for Person {
    fn from(change: PersonChange) -> Self {
        let registration_date = change.registration_date.unwrap_or_else(Moment::now);
        Self {
            id: change.id.unwrap_or_else(new_id),
            first_name: change.first_name.unwrap_or_default(),
            last_name: change.last_name.unwrap_or_default(),
            email: change.email,
            registration_date,
            last_modified_date: change.last_modified_date.unwrap_or(registration_date),
            source: change.source,
            utm_details: change.utm_details.unwrap_or_default(),
            tags: change.tags.unwrap_or_default(),
            more: change.more,
        }
    }
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
    autologin: Autologin,
}

impl People {
    /// "A lead with the same email already exists"; and whether a customer does.
    pub(super) fn knows(&self, kind: Kind, email: &str) -> bool {
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
        // The lead keeps its name and the day it came; an id and accounts are the customer's.
        let lead = match self.leads.iter_mut().find(|lead| lead.is(&change.email)) {
            Some(lead) => {
                let marketing = PersonChange {
                    source: change.source.clone(),
                    utm_details: change.utm_details.clone(),
                    last_modified_date: change.last_modified_date.or(change.registration_date),
                    ..PersonChange::default()
                };
                marketing.apply(lead);
                lead
            }
            None => self.leads.push_mut(PersonChange { id: None, more: Map::new(), ..change.clone() }.into()),
        };
        let accounts = change.accounts.clone().unwrap_or_default();
        let own_source = change.source.is_some();
        let mut person = Person::from(change);
        person.utm_details.clone_from(&lead.utm_details);
        if !own_source {
            person.source.clone_from(&lead.source);
        }
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
    pub(super) fn visit(&mut self, token: &str) -> Visit {
        let visit = self.autologin.visit(token, Uses::Many);
        if let Visit::LoggedIn { user, .. } = visit
            && let Some(created) = self.created.get_mut(user)
        {
            created.logged_in = true;
        }
        visit
    }

    pub(super) fn logged_in(&self, cookie: &str, headers: &HeaderMap) -> Option<&Created> {
        self.created.get(self.autologin.user(cookie, headers)?)
    }

    pub(super) fn created(&self) -> Vec<Value> {
        self.created.iter().map(|created| json!(created)).collect()
    }
}
