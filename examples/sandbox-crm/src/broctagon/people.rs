//! Who was created: leads, and accounts that wait for approval.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Lead,
    Account,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    id: String,
    kind: Kind,
    /// Empty for a lead that left a phone number only.
    email: String,
    created_at: Timestamp,
    /// Always false: no operation here logs anybody in.
    logged_in: bool,
    /// All that was sent.
    fields: Map<String, Value>,
}

#[derive(Debug, Default)]
pub(super) struct People(Vec<Person>);

/// Where ids begin that are numbers, which only a fault asks for: they have eight digits.
const FIRST_NUMBER: usize = 10_000_001;

impl People {
    /// Returns the id. All ids that the document speaks of have "length 8".
    pub(super) fn add(&mut self, kind: Kind, email: &str, fields: Map<String, Value>, numeric_id: bool) -> String {
        let mut id = Uuid::new_v4().simple().to_string();
        id.truncate(8);
        if numeric_id {
            id = (FIRST_NUMBER + self.0.len()).to_string();
        }
        self.0.push(Person { id: id.clone(), kind, email: email.to_owned(), created_at: Timestamp::now(), logged_in: false, fields });
        id
    }

    /// Whether there is an account with this address, upper or lower case: leads may well become one.
    pub(super) fn has_account(&self, email: &str) -> bool {
        let email = email.to_lowercase();
        self.0.iter().any(|person| person.kind == Kind::Account && person.email.to_lowercase() == email)
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn list(&self) -> Vec<Value> {
        self.0.iter().map(|person| json!(person)).collect()
    }
}
