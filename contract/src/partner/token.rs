//! What a portal's server and the proxy say to each other. The widget never sees a portal's secret.

use serde::{Deserialize, Serialize};

use super::Scope;

/// The body of `POST /api/v1/embed-tokens`, with `Authorization: Bearer <portal secret>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    pub affiliate: String,
    /// No wider than the affiliate's; all of the affiliate's where they are absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Scope>>,
    /// Seconds, from 60 to 86,400; 900 where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
}

/// The body of 201 to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenAnswer {
    pub token: String,
    /// RFC 3339, UTC.
    pub expires_at: String,
    pub scopes: Vec<Scope>,
}

/// The body of `DELETE /api/v1/embed-tokens`: one token, an affiliate's (those that this portal has minted), or, where it is empty
/// (`{}`), all of the portal's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affiliate: Option<String>,
}

/// The body of 200 to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// How many no longer work.
    pub revoked: u64,
}
