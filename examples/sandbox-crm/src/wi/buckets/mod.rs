//! `POST /api/public/buckets/{bucketId}/{affiliateID}/leads[/{sourceId}]`: section "Buckets Leads Status API".
//!
//! Who signs up with the `affiliateID` of a bucket is in it. The document does not say how leads come into one; here:
//! - a lead's `sourceId`, where it has one, must be among the bucket's sources, where that has some;
//! - the route with a source answers the leads of that source only ("Leads by bucket, affiliate & source"), not merely a check;
//! - a lead that has not deposited has no `ftd`, and one that said no `status` when signing up is `active`, as in the example;
//! - leads come in the order of their `createdDate`.
//!
//! `POST /_control/wi/records` takes any of:
//! ```json
//! {
//!   "buckets": [{"id": "69ce…", "affiliateID": "1234567890", "sources": ["facebook_ads"]}],
//!   "leads": [{"id": "…", "email": "user1@example.com", "affiliateID": "1234567890", "sourceId": "facebook_ads", "bucketId": "69ce…",
//!              "status": "active", "createdDate": "2021-01-01T00:00:00.000Z", "ftd": "2021-01-01T00:00:00.000Z"}],
//!   "tokens": [{"token": "…", "permissions": ["Buckets: View Own"], "expires": "2027-01-01", "ips": ["127.0.0.1"],
//!               "affiliateID": "…"}],
//!   "invalidTokenStatus": 400
//! }
//! ```
//! Of a bucket, `sources` may be missing. Of a lead, `email` is needed. One whose `id` is known, or which names none and whose
//! `email` is known, changes that lead (or user) in the members it names. A lead without `id` has none; one with `bucketId` is in
//! that bucket only. `"ftd": null` is answered as `null`. Of a token, only `token` is needed: the rest lifts a restriction where it
//! is missing, and `affiliateID` is whose buckets it may view. A token that is known, such as the one of the command line, is
//! replaced. `invalidTokenStatus` is 401 (the section "Authentication") or 400 (the list of errors names the same case).

mod documented;
mod leads;
mod request;
mod tokens;

use std::collections::HashSet;

use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

pub(super) use documented::{error, status_error};
pub(super) use leads::NewLead;

use super::Wi;
use crate::answer::Answer;
use crate::exchange::{Crm, Request, spoiled};
use crate::faults::Has;
use crate::lock::lock;
use crate::record::Entry;
use documented::Refusal;
use leads::{Lead, LeadChange};
use request::{KeyBy, Wanted};
use tokens::{Token, Tokens};

/// "Path parameters".
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'a> {
    pub(super) bucket: &'a str,
    pub(super) affiliate: &'a str,
    pub(super) source: Option<&'a str>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Bucket {
    id: String,
    #[serde(rename = "affiliateID")]
    affiliate_id: String,
    #[serde(default)]
    sources: HashSet<String>,
}

#[derive(Debug)]
pub(super) struct Buckets {
    all: Vec<Bucket>,
    leads: Vec<Lead>,
    tokens: Tokens,
}

/// See the module.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Records {
    #[serde(default)]
    buckets: Vec<Bucket>,
    #[serde(default)]
    leads: Vec<LeadChange>,
    #[serde(default)]
    tokens: Vec<Token>,
    invalid_token_status: Option<u16>,
}

impl Buckets {
    pub(super) fn new(identification_token: &str) -> Self {
        Self { all: Vec::new(), leads: Vec::new(), tokens: Tokens::new(identification_token) }
    }

    /// All of the records, or none of them.
    pub(super) fn seed(&mut self, records: Records) -> Result<(), String> {
        if let Some(status) = records.invalid_token_status {
            self.tokens.answer_invalid_with(status)?;
        }
        for bucket in records.buckets {
            self.all.retain(|known| known.id != bucket.id);
            self.all.push(bucket);
        }
        for change in records.leads {
            match self.leads.iter_mut().find(|lead| change.means(lead)) {
                Some(lead) => change.apply(lead),
                None => self.leads.push(change.into()),
            }
        }
        records.tokens.into_iter().for_each(|token| self.tokens.put(token));
        Ok(())
    }

    /// Somebody signed up.
    pub(super) fn signed_up(&mut self, lead: NewLead) {
        self.leads.push(lead.into());
    }

    /// "Includes validation: Bucket existence, Bucket ownership by affiliate", and that of the source.
    fn bucket(&self, path: Path<'_>) -> Result<&Bucket, Refusal> {
        let bucket = self.all.iter().find(|bucket| bucket.id == path.bucket).ok_or(Refusal::NO_BUCKET)?;
        if bucket.affiliate_id != path.affiliate {
            return Err(Refusal::NOT_THE_AFFILIATES);
        }
        match path.source {
            Some(source) if !bucket.sources.contains(source) => Err(Refusal::NOT_THE_BUCKETS),
            _ => Ok(bucket),
        }
    }

    fn look_up(&self, request: &Request, path: Path<'_>) -> Result<Map<String, Value>, Refusal> {
        // The token first: who has none is told nothing about the rest.
        self.tokens.admit(request, path.affiliate)?;
        let bucket = self.bucket(path)?;
        let wanted = Wanted::read(&request.object().map_err(Refusal::from)?)?;
        let mut leads: Vec<_> = self.leads.iter().filter(|lead| lead.is_in(bucket, path.source) && wanted.wants(lead)).collect();
        leads.sort_by_key(|lead| lead.created_date);
        // "Pagination is applied after filtering". Keyed by e-mail, of two leads with the same one the later remains.
        let page = leads.into_iter().skip(wanted.offset).take(wanted.limit);
        Ok(page.map(|lead| (key(lead, wanted.key_by), lead.answer())).collect())
    }
}

/// "uses client `_id` as key, falls back to email if `_id` is missing".
fn key(lead: &Lead, by: KeyBy) -> String {
    lead.id.as_ref().filter(|_| by == KeyBy::Id).unwrap_or(&lead.email).clone()
}

impl Wi {
    pub(super) fn look_up(&self, entry: Entry, request: &Request, path: Path<'_>) -> Answer {
        if request.method != Method::POST {
            return status_error(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, HeaderValue::from_static("POST"));
        }
        let found = lock(&self.buckets).look_up(request, path);
        match found {
            Ok(leads) => spoiled(self.on_success(entry, Has::NEITHER).as_ref(), Answer::json(StatusCode::OK, Value::Object(leads))),
            Err(refusal) => refusal.into(),
        }
    }
}
