//! A signup as it is kept.

use std::{collections::BTreeMap, net::IpAddr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::crm::SignedAgreement;

/// What a visitor sent, and what we know of how it came. Sealed at rest.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Content {
    /// Checked and normalised.
    pub(crate) fields: BTreeMap<String, String>,
    /// Those among the fields, kept until they are delivered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) passwords: BTreeMap<String, String>,
    pub(crate) agreements: Vec<SignedAgreement>,
    /// As the page sent it, before it is mapped to the CRM's names.
    pub(crate) tracking: BTreeMap<String, String>,
    pub(crate) locale: String,
    pub(crate) ip: IpAddr,
    /// What tells whether the visitor is under way already: the e-mail, or else the phone number, in small letters.
    #[serde(default)]
    pub(crate) address: Option<String>,
}

/// A signup that is about to be kept.
#[derive(Debug)]
pub(crate) struct NewSignup {
    pub(crate) id: Uuid,
    pub(crate) funnel: String,
    pub(crate) funnel_version: String,
    pub(crate) variant: Option<String>,
    pub(crate) connection: String,
    pub(crate) received_at: Timestamp,
    pub(crate) content: Content,
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
    /// Registered, as the CRM's own look-up says: the answer, and with it any autologin link, was lost.
    LookedUp,
    /// Parked, or to be tried again: it surely did not arrive.
    CrmUnreachable,
    Misconfigured,
    /// Parked, or to be looked up: it may have arrived.
    OutcomeUnknown,
    Interrupted,
    /// To be delivered because an operator asked for it.
    Retried,
    /// Parked: it looks like a bot's.
    Honeypot,
    TooFast,
    /// Parked: what the funnel asks of a browser could not be had, as without a script.
    NoProof,
    /// Parked: whoever sells the captcha could not say whether it was solved.
    CaptchaUnavailable,
}

macro_rules! words {
    ($kind:ty { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $kind {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As it is kept, listed and counted.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub(crate) fn from_str(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

impl Reason {
    /// Those that a parked signup has.
    pub(crate) const OF_PARKED: [Reason; 8] = [
        Reason::CrmUnreachable,
        Reason::Misconfigured,
        Reason::OutcomeUnknown,
        Reason::Interrupted,
        Reason::Honeypot,
        Reason::TooFast,
        Reason::NoProof,
        Reason::CaptchaUnavailable,
    ];

    /// Whether it says that a signup may have arrived.
    pub(crate) fn is_doubt(self) -> bool {
        matches!(self, Reason::OutcomeUnknown | Reason::Interrupted)
    }

    /// Whether it says that a signup looks like a bot's.
    pub(crate) fn is_suspicion(self) -> bool {
        matches!(self, Reason::Honeypot | Reason::TooFast | Reason::NoProof)
    }
}

words!(State { Received = "received", Delivering = "delivering", Registered = "registered", Rejected = "rejected", Parked = "parked" });
words!(Reason {
    NoLink = "no-link",
    LinkForbidden = "link-forbidden",
    LookedUp = "looked-up",
    KnownEmail = "known-email",
    FieldRefused = "field-refused",
    SignupRefused = "signup-refused",
    CrmUnreachable = "crm-unreachable",
    Misconfigured = "misconfigured",
    OutcomeUnknown = "outcome-unknown",
    Interrupted = "interrupted",
    Retried = "retried",
    Honeypot = "honeypot",
    TooFast = "too-fast",
    NoProof = "no-proof",
    CaptchaUnavailable = "captcha-unavailable",
});

/// A kept signup, without its content.
#[derive(Clone, Debug)]
pub(crate) struct Signup {
    pub(crate) id: Uuid,
    pub(crate) funnel: String,
    pub(crate) funnel_version: String,
    pub(crate) variant: Option<String>,
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

impl Content {
    /// The e-mail of whoever signed up, or what stands for it.
    pub(super) fn address(&self, id: Uuid) -> String {
        // Before the address was kept with it, nothing but an e-mail was looked for.
        let address = self.address.as_deref().or_else(|| self.fields.get("email").map(String::as_str));
        // Who gives neither an e-mail nor a number is like nobody else.
        address.map_or_else(|| id.to_string(), str::to_lowercase)
    }
}

impl Signup {
    /// Whether nothing is going to happen to it by itself.
    pub(crate) fn is_settled(&self) -> bool {
        !matches!(self.state, State::Received | State::Delivering)
    }
}
