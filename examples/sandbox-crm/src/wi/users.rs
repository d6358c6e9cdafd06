//! Who was created, the autologin links they were given, and the sessions that the links opened.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    created_at: Timestamp,
    logged_in: bool,
    /// All that was sent.
    fields: Map<String, Value>,
}

impl User {
    pub(super) fn first_name(&self) -> &str {
        self.fields.get("firstName").and_then(Value::as_str).unwrap_or_default()
    }
}

#[derive(Debug)]
struct Link {
    user: usize,
    expires: Instant,
    used: bool,
}

/// What became of a visit to an autologin link.
#[derive(Debug)]
pub(super) enum Visit {
    LoggedIn { session: Uuid },
    Used,
    Expired,
    Unknown,
}

#[derive(Debug, Default)]
pub(super) struct Users {
    all: Vec<User>,
    links: HashMap<Uuid, Link>,
    sessions: HashMap<Uuid, usize>,
}

/// Where ids begin that are numbers, which only a fault asks for.
const FIRST_NUMBER: usize = 1_000_001;

impl Users {
    /// "Email should be unique": compared without regard to case, as mailboxes are in practice.
    pub(super) fn knows(&self, email: &str) -> bool {
        let email = email.to_lowercase();
        self.all.iter().any(|user| user.email.to_lowercase() == email)
    }

    /// "Each request creates a new user". Returns the id, and the token of an autologin link where a lifetime for one is given.
    pub(super) fn create(&mut self, fields: Map<String, Value>, numeric_id: bool, link_ttl: Option<Duration>) -> (String, Option<Uuid>) {
        let user = self.all.len();
        let id = if numeric_id { (FIRST_NUMBER + user).to_string() } else { Uuid::new_v4().to_string() };
        let email = fields.get("email").and_then(Value::as_str).unwrap_or_default().to_owned();
        self.all.push(User { id: id.clone(), email, created_at: Timestamp::now(), logged_in: false, fields });
        let link = link_ttl.map(|ttl| {
            let token = Uuid::new_v4();
            self.links.insert(token, Link { user, expires: Instant::now() + ttl, used: false });
            token
        });
        (id, link)
    }

    /// Opens a session, once.
    pub(super) fn visit(&mut self, token: Uuid) -> Visit {
        let Some(link) = self.links.get_mut(&token) else { return Visit::Unknown };
        if link.used {
            return Visit::Used;
        }
        if Instant::now() >= link.expires {
            return Visit::Expired;
        }
        link.used = true;
        if let Some(user) = self.all.get_mut(link.user) {
            user.logged_in = true;
        }
        let session = Uuid::new_v4();
        self.sessions.insert(session, link.user);
        Visit::LoggedIn { session }
    }

    pub(super) fn of_session(&self, session: Uuid) -> Option<&User> {
        self.all.get(*self.sessions.get(&session)?)
    }

    pub(super) fn list(&self) -> Vec<Value> {
        self.all.iter().map(|user| json!(user)).collect()
    }
}
