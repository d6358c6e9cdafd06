//! The port that every CRM implements. No CRM's name appears outside this folder and the configuration.
//!
//! To add a CRM: write one file that implements [`Crm`] from the vendor's document, and name its kind in [`KINDS`].

mod client;
mod link;
mod wi;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

pub(crate) use link::{AutologinLink, RedirectHosts};

use crate::config::Problems;

/// A connection's kinds, and what builds each from its table of the configuration.
const KINDS: [(&str, Build); 1] = [("wi", wi::build)];

/// Reads the connection's own keys, reports what is wrong with them under `connections.<name>`, and makes the adapter.
type Build = fn(&str, Value, &mut Problems) -> Option<Arc<dyn Crm>>;

/// Makes the adapter for one `[connections.<name>]` table.
pub(crate) fn build(name: &str, mut table: Value, problems: &mut Problems) -> Option<Arc<dyn Crm>> {
    let at = format!("connections.{name}");
    let kind = table.as_object_mut().and_then(|table| table.remove("kind"));
    let key = format!("{at}.kind");
    let kind = problems.required(&key, kind)?;
    let build = kind.as_str().and_then(|kind| KINDS.iter().find(|(known, _)| *known == kind));
    let Some((_, build)) = build else {
        let known: Vec<_> = KINDS.iter().map(|(kind, _)| format!("\"{kind}\"")).collect();
        problems.add(key, format!("{kind} is no kind that this version knows; it knows {}", known.join(", ")));
        return None;
    };
    build(&at, table, problems)
}

/// One configured CRM installation.
#[async_trait]
pub(crate) trait Crm: Send + Sync {
    /// What a funnel of this CRM may and must hold.
    fn signup_form(&self) -> &SignupForm;

    /// Registers a client. Takes as long as the connection's time-out allows.
    async fn register(&self, registration: &Registration) -> Outcome;

    /// Whether the address answers and takes our credential, by a call that changes nothing.
    async fn probe(&self) -> Probe;

    /// What is allowed but surely not meant, for `latchkey check`.
    fn warnings(&self) -> Vec<String>;
}

/// The names that a CRM's sign-up document gives.
#[derive(Debug)]
pub(crate) struct SignupForm {
    /// What a visitor may fill in.
    pub(crate) fields: &'static [&'static str],
    /// Those of them that the CRM demands.
    pub(crate) required: &'static [&'static str],
    /// What only the server sets.
    pub(crate) routing: &'static [(&'static str, RoutingKind)],
    /// Members for where the visitor came from; what has no member of its own goes into `metadata`.
    pub(crate) tracking: &'static [&'static str],
    pub(crate) metadata: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoutingKind {
    Text,
    Flag,
}

impl RoutingKind {
    pub(crate) fn takes(self, value: &Value) -> bool {
        match self {
            RoutingKind::Text => value.is_string(),
            RoutingKind::Flag => value.is_boolean(),
        }
    }

    pub(crate) fn describe(self) -> &'static str {
        match self {
            RoutingKind::Text => "a text",
            RoutingKind::Flag => "true or false",
        }
    }
}

/// A client to register: rules checked, tracking mapped to the CRM's names.
#[derive(Debug)]
pub(crate) struct Registration {
    /// The signup's id: the CRM's `externalId`, where it has one.
    pub(crate) id: Uuid,
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) routing: serde_json::Map<String, Value>,
    pub(crate) tracking: BTreeMap<String, String>,
    /// The affiliate's id in the CRM.
    pub(crate) affiliate: Option<String>,
    pub(crate) agreements: Vec<SignedAgreement>,
}

/// Consent as it was given.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedAgreement {
    pub(crate) label: String,
    /// The server's clock.
    pub(crate) signed_at: jiff::Timestamp,
    /// The visitor's address, as the trusted proxies tell it.
    pub(crate) ip: std::net::IpAddr,
    /// SHA-256, hex, of the text and address that the visitor saw.
    pub(crate) text_hash: String,
}

/// What became of an attempt. The difference between [`Outcome::Failed`] and [`Outcome::Unknown`] decides whether trying
/// again can make a second client.
#[derive(Debug)]
pub(crate) enum Outcome {
    Registered(Registered),
    /// The CRM said no; trying again would not help.
    Refused(Refusal),
    /// Surely did not arrive.
    Failed(Trouble),
    /// May have arrived.
    Unknown(Trouble),
    /// Surely did not arrive, and will not until somebody mends the configuration or the CRM's settings.
    Misconfigured(Trouble),
}

#[derive(Debug)]
pub(crate) struct Registered {
    /// The client's id in the CRM.
    pub(crate) id: String,
    pub(crate) link: Result<AutologinLink, NoLink>,
    pub(crate) status: u16,
}

/// Why a registered client gets no autologin.
#[derive(Debug)]
pub(crate) enum NoLink {
    /// The CRM gave none.
    NotGiven,
    /// It gave one that may not be followed.
    Forbidden(String),
}

#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) what: Refused,
    /// The CRM's words, for the operator. May hold personal data.
    pub(crate) detail: String,
    pub(crate) status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    KnownEmail,
    /// By the field's name in the funnel.
    Field(String),
    /// The CRM did not say which field.
    Signup,
}

/// What went wrong, for the operator. `detail` holds no secret, but may hold what the CRM wrote.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) detail: String,
    /// The answer's status, if there was an answer.
    pub(crate) status: Option<u16>,
}

/// What `latchkey check` learns of a connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    Ready,
    /// It answers, and does not take our credential.
    Denied(String),
    Unreachable(String),
    /// It answers in a way that the vendor's document does not explain.
    Odd(String),
}
