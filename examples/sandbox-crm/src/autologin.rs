//! Autologin links, and the sessions of browsers that they open.
//!
//! No document says for how long a link works, but for "a short time": as long as the command line says. Nor does one say how often.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use uuid::Uuid;

/// How the links of every CRM are made.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    /// The origin that they begin with.
    pub(crate) public_url: String,
    /// How long they work; none where nobody gets one.
    pub(crate) ttl: Option<Duration>,
}

/// How often a link may be used while it works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Uses {
    Once,
    Many,
}

/// What became of a visit to a link.
#[derive(Debug)]
pub(crate) enum Visit<T> {
    LoggedIn { session: Uuid, who: T },
    Used,
    Expired,
    Unknown,
}

#[derive(Debug, Clone)]
struct Link<T> {
    who: T,
    expires: Instant,
    used: bool,
}

/// `T` is whatever names who gets in.
#[derive(Debug, Clone)]
pub(crate) struct Autologin<T> {
    links: HashMap<Uuid, Link<T>>,
    sessions: HashMap<Uuid, T>,
}

impl<T> Default for Autologin<T> {
    fn default() -> Self {
        Self { links: HashMap::new(), sessions: HashMap::new() }
    }
}

impl<T: Copy> Autologin<T> {
    /// The token of a new link.
    pub(crate) fn issue(&mut self, who: T, ttl: Duration) -> Uuid {
        let token = Uuid::new_v4();
        self.links.insert(token, Link { who, expires: Instant::now() + ttl, used: false });
        token
    }

    /// Opens a session.
    pub(crate) fn visit(&mut self, token: &str, uses: Uses) -> Visit<T> {
        let Some(link) = token.parse().ok().and_then(|token: Uuid| self.links.get_mut(&token)) else { return Visit::Unknown };
        if link.used && uses == Uses::Once {
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
