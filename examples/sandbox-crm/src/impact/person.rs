//! A lead or a customer ("registration") as the reports show it, and what can be said of one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::records::{AccountId, TagCategory, new_id, row};
use crate::moment::Moment;

/// What a lead and a registration have in common.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    pub(super) id: String,
    first_name: String,
    last_name: String,
    pub(super) email: String,
    pub(super) registration_date: Moment,
    pub(super) last_modified_date: Moment,
    /// The user that is attached to the API key it was created with.
    pub(super) source: Option<String>,
    pub(super) utm_details: Map<String, Value>,
    tags: Vec<TagCategory>,
    #[serde(skip)]
    more: Map<String, Value>,
}

impl Person {
    pub(super) fn row(&self) -> Value {
        row(self, &self.more)
    }

    pub(super) fn is(&self, email: &str) -> bool {
        self.email.to_lowercase() == email.to_lowercase()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Account {
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
    pub(super) lead_id: String,
    pub(super) accounts: Vec<Account>,
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
    pub(super) id: Option<String>,
    pub(super) email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    pub(super) registration_date: Option<Moment>,
    last_modified_date: Option<Moment>,
    source: Option<String>,
    utm_details: Option<Map<String, Value>>,
    tags: Option<Vec<TagCategory>>,
    #[serde(default)]
    more: Map<String, Value>,
    pub(super) accounts: Option<Vec<Account>>,
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

    /// What of a customer's goes to a lead that is there already: it keeps its name and the day it came.
    pub(super) fn marketing(&self) -> Self {
        Self {
            source: self.source.clone(),
            utm_details: self.utm_details.clone(),
            last_modified_date: self.last_modified_date.or(self.registration_date),
            ..Self::default()
        }
    }

    /// The lead of a customer who had none.
    pub(super) fn new_lead(&self) -> Person {
        Self { id: None, more: Map::new(), ..self.clone() }.into()
    }

    /// The e-mail and the id are those that found it.
    pub(super) fn apply(self, person: &mut Person) {
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
