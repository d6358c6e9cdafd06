//! Looking up a list of leads in one of the affiliate's buckets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The most e-mails and ids of one request.
pub const MOST_KEYS: usize = 1_000;

/// The body of `POST /buckets/{bucket}/leads[/{source}]`. Without e-mails and ids it lists the bucket, a page at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BucketQuestion {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// What the answer's leads are found under. By e-mail only where the e-mails are the asker's own, or with the scope `personal`.
    #[serde(default)]
    pub key_by: KeyBy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filters: Option<BucketFilters>,
    /// Of a list without keys: 1 to 1,000, and 100 where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyBy {
    #[default]
    Email,
    Id,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BucketFilters {
    /// From and to, RFC 3339 or epoch milliseconds as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date: Option<[String; 2]>,
}

/// The body of 200 to it. What is not among `leads` was not found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BucketAnswer {
    /// By e-mail or id, as it was asked for.
    pub leads: BTreeMap<String, BucketLead>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BucketLead {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Masked without the scope `personal`, but for those that were asked for by their e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_deposit: Option<String>,
}
