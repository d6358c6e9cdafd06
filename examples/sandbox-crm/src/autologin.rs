//! Autologin links, and the sessions of browsers that they open.
//!
//! No document says how often a link works or for how long. Here it works once, which is the stricter reading, and for a time that
//! is set.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use uuid::Uuid;

#[derive(Debug, Clone)]
struct Link<T> {
    who: T,
    expires: Instant,
    used: bool,
}

/// What became of a visit to an autologin link.
#[derive(Debug)]
pub(crate) enum Visit<T> {
    LoggedIn { session: Uuid, who: T },
    Used,
    Expired,
    Unknown,
}

/// `T` is whatever names who gets in.
#[derive(Debug, Clone)]
pub(crate) struct Doors<T> {
    links: HashMap<Uuid, Link<T>>,
    sessions: HashMap<Uuid, T>,
}

impl<T> Default for Doors<T> {
    fn default() -> Self {
        Self { links: HashMap::new(), sessions: HashMap::new() }
    }
}

impl<T: Copy> Doors<T> {
    /// The token of a new link.
    pub(crate) fn link(&mut self, who: T, ttl: Duration) -> Uuid {
        let token = Uuid::new_v4();
        self.links.insert(token, Link { who, expires: Instant::now() + ttl, used: false });
        token
    }

    /// Opens a session, once.
    pub(crate) fn visit(&mut self, token: Uuid) -> Visit<T> {
        let Some(link) = self.links.get_mut(&token) else { return Visit::Unknown };
        if link.used {
            return Visit::Used;
        }
        if Instant::now() >= link.expires {
            return Visit::Expired;
        }
        link.used = true;
        let who = link.who;
        let session = Uuid::new_v4();
        self.sessions.insert(session, who);
        Visit::LoggedIn { session, who }
    }

    pub(crate) fn of_session(&self, session: Uuid) -> Option<T> {
        self.sessions.get(&session).copied()
    }
}
