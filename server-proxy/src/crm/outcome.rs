//! What became of handing a visitor over.

use std::time::Duration;

use super::AutologinLink;

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
    /// The client's or lead's id in the CRM, where it tells one.
    pub(crate) id: Option<String>,
    pub(crate) link: Result<AutologinLink, NoLink>,
    pub(crate) status: u16,
}

/// Why whoever was registered gets no autologin.
#[derive(Debug)]
pub(crate) enum NoLink {
    /// The CRM, or this action of it, logs nobody in.
    NotOffered,
    /// The CRM should have given one.
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

/// What became of asking for a one-time code.
#[derive(Debug)]
pub(crate) enum CodeOutcome {
    /// It is under way, and may be sent again after this time.
    Sent {
        resend_after: Duration,
    },
    Refused(Refusal),
    /// The CRM asks for patience.
    TooSoon(Duration),
    /// It may or may not be under way: trying again does no harm.
    Failed(Trouble),
    Misconfigured(Trouble),
}

/// What went wrong, for the operator. `detail` holds no secret, but may hold what the CRM wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) detail: String,
    /// The answer's status, if there was an answer.
    pub(crate) status: Option<u16>,
    /// How long the CRM asks to be left alone.
    pub(crate) retry_after: Option<Duration>,
}

impl Trouble {
    pub(crate) fn new(detail: impl Into<String>) -> Trouble {
        Trouble { detail: detail.into(), status: None, retry_after: None }
    }

    pub(crate) fn of(status: u16, detail: impl Into<String>) -> Trouble {
        Trouble { detail: detail.into(), status: Some(status), retry_after: None }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}
