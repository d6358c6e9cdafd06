//! Everything else that a CRM can be asked: reports, look-ups, an affiliate's own affairs. Each operation has an id, and answers
//! with the JSON that its adapter has read and checked, never with what the CRM happened to send.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{Affiliate, Trouble};

/// Something that a CRM can be asked.
#[derive(Debug)]
pub(crate) struct Operation {
    /// As the vendor's document calls it, or as near to that as makes it unique.
    pub(crate) id: &'static str,
    /// What it is for, in one line.
    pub(crate) about: &'static str,
    /// Names of what it takes, those that it demands with a `!` behind them.
    pub(crate) arguments: &'static [&'static str],
    /// Whether it changes something in the CRM: then it is never called unasked.
    pub(crate) changes: bool,
}

/// One of a CRM's operations, with what it takes.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) operation: &'a str,
    pub(crate) arguments: Arguments,
    /// Whose affairs it is about, where it is about somebody's; the call then goes with that affiliate's credential.
    pub(crate) affiliate: Option<&'a Affiliate>,
}

/// What a question takes, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments(pub(crate) Map<String, Value>);

impl Arguments {
    /// Reads them all; what is missing, unknown or of the wrong type is named.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Unanswered> {
        serde_path_to_error::deserialize(Value::Object(self.0.clone())).map_err(|error| {
            let name = error.path().to_string();
            let reason = error.inner().to_string();
            Unanswered::Argument(if name == "." { reason } else { format!("{name}: {reason}") })
        })
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unanswered {
    #[error("this CRM cannot answer that")]
    Unsupported,
    /// The question is wrong, and was not sent.
    #[error("{0}")]
    Argument(String),
    /// The credential is missing, wrong, expired, not allowed to, or used from the wrong address.
    #[error("the CRM does not let us: {0}")]
    Denied(Trouble),
    /// The CRM says that the question is wrong.
    #[error("the CRM refuses: {0}")]
    Refused(Trouble),
    #[error("the CRM asks to slow down: {0}")]
    TooMany(Trouble),
    /// No answer, or a server's error.
    #[error("the CRM does not answer: {0}")]
    Unreachable(Trouble),
    /// An answer that cannot be what the document describes.
    #[error("the CRM's answer cannot be read: {0}")]
    Unreadable(Trouble),
}

/// What an adapter has read, as whoever asked is answered.
pub(super) fn serialised<T: Serialize>(answer: &T) -> Result<Value, Unanswered> {
    serde_json::to_value(answer).map_err(|error| Unanswered::Unreadable(Trouble::new(error.to_string())))
}
