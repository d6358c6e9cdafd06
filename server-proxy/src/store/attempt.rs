//! A try at handing a signup over, or at looking it up, and what follows from how it ended.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::{Content, Reason, State};
use crate::crm::AutologinLink;

/// What was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AttemptKind {
    #[default]
    Send,
    LookUp,
}

impl AttemptKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            AttemptKind::Send => "send",
            AttemptKind::LookUp => "look-up",
        }
    }
}

/// How an attempt ended, and where the signup stands from then on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conclusion {
    pub(crate) kind: AttemptKind,
    /// `sent`, `refused`, `failed`, `unknown` or `misconfigured`; of a look-up `arrived` or `unanswered`. None where the proxy stopped in the
    /// middle of it.
    pub(crate) outcome: Option<&'static str>,
    pub(crate) crm_status: Option<u16>,
    pub(crate) detail: Option<String>,
    /// `received` goes with `again`.
    pub(crate) state: State,
    pub(crate) again: Option<Again>,
    pub(crate) reason: Option<Reason>,
    pub(crate) refused_field: Option<String>,
    pub(crate) crm_id: Option<String>,
    pub(crate) link: Option<(AutologinLink, Timestamp)>,
    /// What is kept instead of the content: the same without what is not to be kept any longer.
    pub(crate) content: Option<Content>,
}

/// That a signup is tried again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Again {
    pub(crate) after: Duration,
    /// Whether it may have arrived, so that it is looked up first.
    pub(crate) unsure: bool,
}

/// An attempt as it is kept.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    pub(crate) kind: String,
    pub(crate) started_at: Timestamp,
    pub(crate) took_ms: Option<i64>,
    pub(crate) outcome: Option<String>,
    pub(crate) crm_status: Option<i64>,
    pub(crate) detail: Option<String>,
}
