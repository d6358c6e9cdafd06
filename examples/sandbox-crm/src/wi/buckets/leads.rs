//! The leads that buckets hold: those who signed up, and those a test put there.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use super::Bucket;
use crate::moment::Moment;

/// The only status that the document shows.
const STATUS: &str = "active";

/// As "Successful response" shows it; what is not shown is what finds it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Lead {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) email: String,
    #[serde(rename = "affiliateID")]
    affiliate_id: String,
    status: String,
    pub(super) created_date: Moment,
    /// Absent, `null`, or when the first deposit was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    ftd: Option<Option<Moment>>,
    #[serde(skip)]
    source_id: Option<String>,
    #[serde(skip)]
    bucket_id: Option<String>,
}

impl Lead {
    pub(super) fn answer(&self) -> Value {
        json!(self)
    }

    pub(super) fn is_in(&self, bucket: &Bucket, source: Option<&str>) -> bool {
        let belongs = match (&self.bucket_id, &self.source_id) {
            (Some(id), _) => *id == bucket.id,
            (None, Some(source)) => bucket.sources.is_empty() || bucket.sources.contains(source),
            (None, None) => true,
        };
        belongs && self.affiliate_id == bucket.affiliate_id && (source.is_none() || source == self.source_id.as_deref())
    }
}

/// Who has just signed up.
#[derive(Debug)]
pub(in crate::wi) struct NewLead {
    pub(in crate::wi) id: String,
    pub(in crate::wi) email: String,
    pub(in crate::wi) created_date: Moment,
    pub(in crate::wi) affiliate_id: Option<String>,
    pub(in crate::wi) source_id: Option<String>,
    pub(in crate::wi) status: Option<String>,
}

impl From<NewLead> for Lead {
    fn from(new: NewLead) -> Self {
        Self {
            id: Some(new.id),
            email: new.email,
            // Nobody's, so in no bucket, until a test says whose.
            affiliate_id: new.affiliate_id.unwrap_or_default(),
            status: new.status.unwrap_or_else(|| STATUS.to_owned()),
            created_date: new.created_date,
            ftd: None,
            source_id: new.source_id,
            bucket_id: None,
        }
    }
}

/// What a test says of a lead.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LeadChange {
    id: Option<String>,
    email: String,
    #[serde(rename = "affiliateID")]
    affiliate_id: Option<String>,
    source_id: Option<String>,
    bucket_id: Option<String>,
    status: Option<String>,
    created_date: Option<Moment>,
    #[serde(default, deserialize_with = "present")]
    ftd: Option<Option<Moment>>,
}

/// Tells `null` from absence, which serde takes for one.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Moment>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

impl LeadChange {
    pub(super) fn means(&self, lead: &Lead) -> bool {
        match &self.id {
            Some(id) => lead.id.as_ref() == Some(id),
            None => lead.email.to_lowercase() == self.email.to_lowercase(),
        }
    }

    pub(super) fn apply(self, lead: &mut Lead) {
        lead.email = self.email;
        lead.affiliate_id = self.affiliate_id.unwrap_or_else(|| std::mem::take(&mut lead.affiliate_id));
        lead.status = self.status.unwrap_or_else(|| std::mem::take(&mut lead.status));
        lead.created_date = self.created_date.unwrap_or(lead.created_date);
        lead.ftd = self.ftd.or(lead.ftd);
        lead.source_id = self.source_id.or_else(|| lead.source_id.take());
        lead.bucket_id = self.bucket_id.or_else(|| lead.bucket_id.take());
    }
}

impl From<LeadChange> for Lead {
    fn from(change: LeadChange) -> Self {
        Self {
            id: change.id,
            email: change.email,
            affiliate_id: change.affiliate_id.unwrap_or_default(),
            status: change.status.unwrap_or_else(|| STATUS.to_owned()),
            created_date: change.created_date.unwrap_or_else(Moment::now),
            ftd: change.ftd,
            source_id: change.source_id,
            bucket_id: change.bucket_id,
        }
    }
}
