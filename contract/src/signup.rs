//! What one visitor sends, and what they are told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::FieldError;

/// The answer to `POST /api/v1/funnels/{funnel}/visits`: what belongs to this visitor alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Visit {
    /// Goes back with the signup.
    pub form_token: String,
    /// RFC 3339, UTC. After it the token has to be renewed.
    pub expires_at: String,
    /// ISO 3166-1 alpha-2, where a trusted proxy in front of ours tells it.
    pub country: Option<String>,
    pub variant: Option<String>,
    /// What has to be done before a signup is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
}

/// What a visitor's browser does, in a frame of the proxy's own origin, for the proof that goes with the signup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    pub kind: ChallengeKind,
    /// The frame's address. Behind a `#` comes the origin of the page that it tells the proof to.
    pub url: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChallengeKind {
    /// The browser computes for a while; nothing is seen of it.
    Work,
    /// The visitor sees it, and may have to do something.
    Captcha,
}

/// The body of `POST /api/v1/funnels/{funnel}/signups`.
///
/// The widget sends texts; the proxy reads `V = serde_json::Value`, so that a wrong type is an error on its field
/// rather than on the whole body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignupRequest<V = String> {
    pub fields: BTreeMap<String, V>,
    /// Labels of what was accepted.
    #[serde(default = "Vec::new")]
    pub agreements: Vec<String>,
    #[serde(default = "BTreeMap::new")]
    pub tracking: BTreeMap<String, V>,
    /// Of the view that the visitor was shown: where the funnel has changed meanwhile, that version answers for a while.
    #[serde(default)]
    pub version: Option<String>,
    /// Of the view that the visitor was shown.
    #[serde(default)]
    pub variant: Option<String>,
    #[serde(default)]
    pub locale: Option<String>,
    #[serde(default)]
    pub form_token: Option<String>,
    /// That the visit's challenge was met; empty where it cannot be had, and then a person looks at the signup.
    #[serde(default)]
    pub proof: Option<String>,
}

/// What became of a signup, as its visitor is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Kept, and on its way.
    Accepted,
    /// The CRM has it.
    Registered,
    /// The CRM said no.
    Rejected,
}

/// The body of 201 and 202, and of `GET /api/v1/signups/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignupAnswer {
    /// Absent for whoever sends an e-mail that is already under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// Opens `GET /api/v1/signups/{id}`, in the header [`crate::SIGNUP_KEY`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Why it was rejected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// Where the visitor goes from here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Next {
    /// Open this address: a ticket of the proxy.
    Redirect { url: String },
    /// Show this.
    Message { text: String },
    /// Offer the log-in page.
    Login { url: String },
}
