//! Asking for a one-time code, before a signup can be sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The body of `POST /api/v1/funnels/{funnel}/codes`: sends the code that one field asks for, or sends it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeRequest<V = String> {
    /// The name of the field of kind `code`.
    pub field: String,
    /// What was filled in so far; what stands before the code in the funnel has to be right.
    pub fields: BTreeMap<String, V>,
    /// As in [`crate::SignupRequest`]: it tells whose visitor it is.
    #[serde(default = "BTreeMap::new")]
    pub tracking: BTreeMap<String, V>,
    /// Of the view that the visitor was shown.
    #[serde(default)]
    pub version: Option<String>,
    /// Of the view that the visitor was shown.
    #[serde(default)]
    pub variant: Option<String>,
    #[serde(default)]
    pub locale: Option<String>,
    #[serde(default)]
    pub form_token: Option<String>,
}

/// The body of the 202 to it. A code that cannot be sent yet is a 429 with `Retry-After`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeAnswer {
    /// How long to wait before it can be sent again.
    pub resend_after_seconds: u32,
}
