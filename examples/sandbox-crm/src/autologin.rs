//! What logs somebody in without a password: tokens that work for a while, and the sessions they open.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::header::{CACHE_CONTROL, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

#[derive(Debug)]
struct Link {
    user: usize,
    expires: Instant,
    used: bool,
}

/// How often a token may be used while it lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Uses {
    Once,
    Many,
}

/// What became of a visit with a token. A user is its place in the CRM's own list.
#[derive(Debug)]
pub(crate) enum Visit {
    LoggedIn { session: Uuid, user: usize },
    Used,
    Expired,
    Unknown,
}

#[derive(Debug, Default)]
pub(crate) struct Autologin {
    links: HashMap<Uuid, Link>,
    sessions: HashMap<Uuid, usize>,
}

impl Autologin {
    pub(crate) fn issue(&mut self, user: usize, ttl: Duration) -> Uuid {
        let token = Uuid::new_v4();
        self.links.insert(token, Link { user, expires: Instant::now() + ttl, used: false });
        token
    }

    /// Opens a session.
    pub(crate) fn visit(&mut self, token: &str, uses: Uses) -> Visit {
        let Some(link) = token.parse().ok().and_then(|token: Uuid| self.links.get_mut(&token)) else { return Visit::Unknown };
        if link.used && uses == Uses::Once {
            return Visit::Used;
        }
        if Instant::now() >= link.expires {
            return Visit::Expired;
        }
        link.used = true;
        let session = Uuid::new_v4();
        self.sessions.insert(session, link.user);
        Visit::LoggedIn { session, user: link.user }
    }

    /// Who is logged in, by the cookie of this name.
    pub(crate) fn user(&self, cookie: &str, headers: &HeaderMap) -> Option<usize> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
        let (_, session) = cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == cookie)?;
        self.sessions.get(&session.parse().ok()?).copied()
    }
}

/// On to `location`, with the session in a cookie that only paths below `path` see.
pub(crate) fn logged_in(cookie: &str, session: Uuid, path: &str, location: String) -> Response {
    let cookie = format!("{cookie}={session}; HttpOnly; SameSite=Lax; Path={path}");
    (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, location), (CACHE_CONTROL, "no-store".to_owned())]).into_response()
}
