//! Who was created, and the autologin links they were given.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::autologin::{Autologin, Uses, Visit};

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) created_at: Timestamp,
    logged_in: bool,
    /// All that was sent.
    fields: Map<String, Value>,
}

impl User {
    pub(super) fn first_name(&self) -> &str {
        self.text("firstName").unwrap_or_default()
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }
}

#[derive(Debug, Default)]
pub(super) struct Users {
    all: Vec<User>,
    /// Everybody's, in lower case.
    emails: HashSet<String>,
    /// Whether whoever is known is created once more.
    creates_repeats: bool,
    autologin: Autologin<usize>,
}

/// Where ids begin that are numbers, which only a fault asks for.
const FIRST_NUMBER: usize = 1_000_001;

impl Users {
    pub(super) fn create_repeats(&mut self, created: bool) {
        self.creates_repeats = created;
    }

    /// "Email should be unique": compared without regard to case, as mailboxes are in practice. "Each request creates a new user" all
    /// the same, where a test says so.
    pub(super) fn refuses(&self, email: &str) -> bool {
        !self.creates_repeats && self.emails.contains(&email.to_lowercase())
    }

    /// "Each request creates a new user". Returns it, and the token of an autologin link where a lifetime for one is given.
    pub(super) fn create(
        &mut self,
        fields: Map<String, Value>,
        created_at: Timestamp,
        numeric_id: bool,
        link_ttl: Option<Duration>,
    ) -> (&User, Option<Uuid>) {
        let user = self.all.len();
        let id = if numeric_id { (FIRST_NUMBER + user).to_string() } else { Uuid::new_v4().to_string() };
        let email = fields.get("email").and_then(Value::as_str).unwrap_or_default().to_owned();
        self.emails.insert(email.to_lowercase());
        let link = link_ttl.map(|ttl| self.autologin.issue(user, ttl));
        let user = self.all.push_mut(User { id, email, created_at, logged_in: false, fields });
        (user, link)
    }

    /// Opens a session, once.
    pub(super) fn visit(&mut self, link: &str) -> Visit<usize> {
        let visit = self.autologin.visit(link, Uses::Once);
        if let Visit::LoggedIn { who, .. } = visit
            && let Some(user) = self.all.get_mut(who)
        {
            user.logged_in = true;
        }
        visit
    }

    pub(super) fn of_session(&self, session: Uuid) -> Option<&User> {
        self.all.get(self.autologin.of_session(session)?)
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    pub(super) fn list(&self) -> Vec<Value> {
        self.all.iter().map(|user| json!(user)).collect()
    }
}
