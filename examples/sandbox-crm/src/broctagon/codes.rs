//! One-time passwords: section "One-Time Password Types" of the "Accounts API".
//!
//! The document gives their two types and their length, six. How long they hold, how often they may be asked for, and that a newer one
//! replaces the older, is ours.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::documented::Refusal;
use crate::outbox::Outbox;

/// `otp_type`: "email", or "phone (if you installed twilio)".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Email,
    Phone,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Email => "email",
            Kind::Phone => "phone",
        }
    }
}

#[derive(Debug)]
struct Code {
    to: String,
    digits: String,
    sent: Instant,
}

#[derive(Debug, Default)]
pub(super) struct Codes {
    /// By the type, and the address of whoever registers.
    live: HashMap<(Kind, String), Code>,
    outbox: Outbox,
}

impl Codes {
    /// Sends one, unless the last one is younger than `wait`.
    pub(super) fn send(&mut self, kind: Kind, email: &str, to: &str, wait: Duration) -> Result<(), Refusal> {
        let whose = (kind, email.to_lowercase());
        if self.live.get(&whose).is_some_and(|code| code.sent.elapsed() < wait) {
            return Err(Refusal::application("too_many_requests", "Please wait before requesting another code"));
        }
        let digits = self.outbox.code(kind.name(), to);
        self.live.insert(whose, Code { to: to.to_owned(), digits, sent: Instant::now() });
        Ok(())
    }

    /// Whether this is the last code sent, and not older than `ttl`. Where `to` is known, it is where the code went.
    pub(super) fn holds(&self, kind: Kind, email: &str, to: Option<&str>, digits: &str, ttl: Duration) -> bool {
        self.live
            .get(&(kind, email.to_lowercase()))
            .is_some_and(|code| code.digits == digits && code.sent.elapsed() < ttl && to.is_none_or(|to| to == code.to))
    }

    /// A code is used once: nothing sent to this address holds any more.
    pub(super) fn spend(&mut self, email: &str) {
        let email = email.to_lowercase();
        self.live.retain(|(_, whose), _| *whose != email);
    }

    pub(super) fn outbox(&self) -> Vec<Value> {
        self.outbox.all()
    }
}
