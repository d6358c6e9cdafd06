//! A signup as it is kept.

use std::{collections::BTreeMap, net::IpAddr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::crm::{AutologinLink, SignedAgreement};

/// What a visitor sent, and what we know of how it came. Sealed at rest.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Content {
    /// Checked and normalised.
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) agreements: Vec<SignedAgreement>,
    /// As the page sent it, before it is mapped to the CRM's names.
    pub(crate) tracking: BTreeMap<String, String>,
    pub(crate) locale: String,
    pub(crate) ip: IpAddr,
}

/// A signup that is about to be kept.
#[derive(Debug)]
pub(crate) struct NewSignup {
    pub(crate) id: Uuid,
    pub(crate) funnel: String,
    pub(crate) funnel_version: String,
    pub(crate) connection: String,
    pub(crate) received_at: Timestamp,
    pub(crate) content: Content,
    pub(crate) email: String,
    pub(crate) idempotency: Option<Idempotency>,
    /// Set for what looks like a bot's: it is kept, and not delivered.
    pub(crate) suspect: Option<Reason>,
}

/// The key of a request, and what tells whether another one is the same.
#[derive(Clone, Debug)]
pub(crate) struct Idempotency {
    /// Keyed hashes under every key, the current one's first.
    pub(crate) keys: Vec<[u8; 32]>,
    pub(crate) fingerprints: Vec<[u8; 32]>,
}

/// Where a signup stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum State {
    #[default]
    Received,
    Delivering,
    Registered,
    Rejected,
    Parked,
}

/// Why a signup stands where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Registered, and the CRM gave no autologin link, or one that may not be followed.
    NoLink,
    LinkForbidden,
    /// Rejected.
    KnownEmail,
    FieldRefused,
    SignupRefused,
    /// Parked: it surely did not arrive.
    CrmUnreachable,
    Misconfigured,
    /// Parked: it may have arrived.
    OutcomeUnknown,
    Interrupted,
    /// Parked: it looks like a bot's.
    Honeypot,
    TooFast,
}

macro_rules! words {
    ($kind:ty { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $kind {
            /// As it is kept, listed and counted.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub(super) fn from_str(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

impl State {
    pub(crate) const ALL: [State; 5] = [State::Received, State::Delivering, State::Registered, State::Rejected, State::Parked];
}

words!(State { Received = "received", Delivering = "delivering", Registered = "registered", Rejected = "rejected", Parked = "parked" });
words!(Reason {
    NoLink = "no-link",
    LinkForbidden = "link-forbidden",
    KnownEmail = "known-email",
    FieldRefused = "field-refused",
    SignupRefused = "signup-refused",
    CrmUnreachable = "crm-unreachable",
    Misconfigured = "misconfigured",
    OutcomeUnknown = "outcome-unknown",
    Interrupted = "interrupted",
    Honeypot = "honeypot",
    TooFast = "too-fast",
});

/// A kept signup, without its content.
#[derive(Clone, Debug)]
pub(crate) struct Signup {
    pub(crate) id: Uuid,
    pub(crate) funnel: String,
    pub(crate) funnel_version: String,
    pub(crate) connection: String,
    pub(crate) state: State,
    pub(crate) reason: Option<Reason>,
    pub(crate) refused_field: Option<String>,
    pub(crate) received_at: Timestamp,
    pub(crate) changed_at: Timestamp,
    pub(crate) crm_id: Option<String>,
    pub(crate) ticket: Option<Ticket>,
}

/// What is known of an autologin link without opening it.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(crate) serial: u32,
    pub(crate) expires_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}

impl Signup {
    /// Whether nothing is going to happen to it by itself.
    pub(crate) fn is_settled(&self) -> bool {
        !matches!(self.state, State::Received | State::Delivering)
    }
}

/// How an attempt ended, and what follows for the signup.
#[derive(Debug, Default)]
pub(crate) struct Conclusion {
    pub(crate) state: State,
    pub(crate) reason: Option<Reason>,
    pub(crate) refused_field: Option<String>,
    pub(crate) crm_id: Option<String>,
    pub(crate) link: Option<(AutologinLink, Timestamp)>,
    /// `sent`, `refused`, `failed`, `unknown` or `misconfigured`.
    pub(crate) outcome: &'static str,
    pub(crate) crm_status: Option<u16>,
    pub(crate) detail: Option<String>,
}

/// A try at handing a signup over.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    pub(crate) started_at: Timestamp,
    pub(crate) took_ms: Option<i64>,
    pub(crate) outcome: Option<String>,
    pub(crate) crm_status: Option<i64>,
    pub(crate) detail: Option<String>,
}
