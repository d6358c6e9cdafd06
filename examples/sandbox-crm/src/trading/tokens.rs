//! The tokens of sessions: "Create a new session" (`token`, `refreshToken`) and "Request access token".
//!
//! The document tells neither how long one works nor what it looks like. Both times are set; a refresh token works once, as the
//! answer to it has the next. A prefix tells what each is, so that a test can look for secrets where none should be.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::books::{AffiliateKey, CustomerKey};

/// Whose credential it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Holder {
    Affiliate(AffiliateKey),
    Customer(CustomerKey),
}

#[derive(Debug, Clone)]
struct Token {
    holder: Holder,
    expires: Instant,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Tokens {
    bearers: HashMap<String, Token>,
    refreshers: HashMap<String, Token>,
}

impl Tokens {
    pub(super) fn bearer(&mut self, holder: Holder, ttl: Duration) -> String {
        let text = format!("sandbox-trading-bearer-{}", Uuid::new_v4().simple());
        self.bearers.insert(text.clone(), Token { holder, expires: Instant::now() + ttl });
        text
    }

    pub(super) fn refresher(&mut self, holder: Holder, ttl: Duration) -> String {
        let text = format!("sandbox-trading-refresh-{}", Uuid::new_v4().simple());
        self.refreshers.insert(text.clone(), Token { holder, expires: Instant::now() + ttl });
        text
    }

    pub(super) fn holder(&self, bearer: &str) -> Option<Holder> {
        self.bearers.get(bearer).filter(|token| Instant::now() < token.expires).map(|token| token.holder)
    }

    /// Uses the refresh token up.
    pub(super) fn spend(&mut self, refresher: &str) -> Option<Holder> {
        self.refreshers.remove(refresher).filter(|token| Instant::now() < token.expires).map(|token| token.holder)
    }
}
