//! What is handed over to a CRM.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Bucket, Credential};

/// What a funnel makes of its visitors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// A client, who can log in at once.
    #[default]
    Signup,
    /// Somebody to call.
    Lead,
    /// A client whom the CRM approves, after a one-time code.
    Register,
}

impl Action {
    pub(crate) const ALL: [Action; 3] = [Action::Signup, Action::Lead, Action::Register];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Action::Signup => "signup",
            Action::Lead => "lead",
            Action::Register => "register",
        }
    }
}

/// A visitor to hand over: rules checked, tracking mapped to the CRM's names.
#[derive(Debug)]
pub(crate) struct Registration {
    /// The signup's id: the CRM's `externalId`, where it has one.
    pub(crate) id: Uuid,
    pub(crate) action: Action,
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) routing: Map<String, Value>,
    /// Of `[finish]`, what [`super::SignupForm::finish`] names.
    pub(crate) finish: Map<String, Value>,
    pub(crate) tracking: BTreeMap<String, String>,
    /// The affiliate's id in the CRM.
    pub(crate) affiliate: Option<String>,
    /// The affiliate's, where we know them: some CRMs can be asked there who has arrived.
    pub(crate) buckets: Vec<Bucket>,
    /// The affiliate's own, where it has one: some CRMs attribute what is created to its holder.
    pub(crate) credential: Option<Arc<Credential>>,
    pub(crate) agreements: Vec<SignedAgreement>,
    /// BCP 47: the visitor's.
    pub(crate) locale: String,
}

/// Consent as it was given.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedAgreement {
    pub(crate) label: String,
    /// The server's clock.
    pub(crate) signed_at: jiff::Timestamp,
    /// The visitor's address, as the trusted proxies tell it.
    pub(crate) ip: IpAddr,
    /// SHA-256, hex, of the text and address that the visitor saw.
    pub(crate) text_hash: String,
}
