//! "Buckets Leads Status API": `POST /api/public/buckets/{bucketId}/{affiliateID}/leads[/{sourceId}]`, read-only.
//!
//! Asked with `limit` or `offset`, or without any key, it is one request, as it is written. Asked for keys it goes by 100 of them (the most
//! that an earlier revision of the vendor's page let one send) and by their ids: keyed by e-mail, of two clients with one
//! address the CRM shows one, and a page that lacks one looks like the last. With `all` it goes by id too, until a page is empty:
//! there is no total. A refusal's words are the document's, told with what to do about them.

use std::collections::BTreeMap;

use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, HeaderName},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Wi;
use crate::crm::{
    Affiliate, Credential, Finding, Found, Operation, Question, Trouble, Unanswered,
    answer::{Answer, masked},
    client::{Call, Network},
    row::{self, Row},
    tried,
};

const LEADS: &str = "/api/public/buckets/{bucketId}/{affiliateID}/leads";
const LEADS_BY_SOURCE: &str = "/api/public/buckets/{bucketId}/{affiliateID}/leads/{sourceId}";
const TOKEN: HeaderName = AUTHORIZATION;

/// Keys in one request, and leads in one page: the document's default for `limit`.
pub(super) const CHUNK: usize = 100;
/// A list of more than 100,000 leads is asked for by ranges of `createdDate`.
pub(super) const MOST_PAGES: usize = 1_000;

const BUCKET_LEADS: &str = "BucketLeads";
const BUCKET_LEADS_BY_SOURCE: &str = "BucketLeadsBySource";

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        id: BUCKET_LEADS,
        about: "an affiliate's leads in a bucket: those of some e-mails and ids (any number), one page, or all; affiliateID! where no affiliate asks",
        arguments: &["bucket!", "affiliateID", "emails", "ids", "keyBy", "createdDate", "limit", "offset", "all"],
        changes: false,
    },
    Operation {
        id: BUCKET_LEADS_BY_SOURCE,
        about: "the same, of one of the bucket's sources",
        arguments: &["bucket!", "source!", "affiliateID", "emails", "ids", "keyBy", "createdDate", "limit", "offset", "all"],
        changes: false,
    },
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    bucket: String,
    source: Option<String>,
    #[serde(rename = "affiliateID")]
    affiliate_id: Option<String>,
    #[serde(default)]
    emails: Vec<String>,
    #[serde(default)]
    ids: Vec<String>,
    key_by: Option<KeyBy>,
    /// From and to: epoch milliseconds, or RFC 3339.
    created_date: Option<[Value; 2]>,
    limit: Option<u64>,
    offset: Option<u64>,
    #[serde(default)]
    all: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum KeyBy {
    #[default]
    Email,
    Id,
}

/// Section "Request body".
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) emails: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) ids: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key_by: Option<KeyBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) filters: Option<Filters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) offset: Option<u64>,
}

/// "Optional created date range (epoch ms strings)".
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filters {
    pub(super) created_date: [String; 2],
}

/// Section "Successful response". What a lead lacks is absent.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Lead {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(rename = "affiliateID", skip_serializing_if = "Option::is_none")]
    affiliate_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ftd: Option<String>,
    /// The document does not show it; where it is there, it tells which sign-up made the lead.
    #[serde(skip)]
    pub(super) external_id: Option<String>,
}

pub(super) type Leads = BTreeMap<String, Lead>;

/// Whose bucket is asked, and with what.
pub(super) struct Door<'a> {
    pub(super) bucket: &'a str,
    pub(super) affiliate: &'a str,
    pub(super) source: Option<&'a str>,
    pub(super) token: &'a SecretString,
}

impl Wi {
    pub(super) async fn bucket_leads(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let asked: Asked = question.arguments.read()?;
        asked.check(question)?;
        let affiliate = whose(&asked, question.affiliate)?;
        let door = Door {
            bucket: &asked.bucket,
            affiliate: &affiliate,
            source: asked.source.as_deref(),
            token: self.identification_token(question.affiliate.and_then(|affiliate| affiliate.credential.as_deref()))?,
        };
        let filters = asked.created_date.as_ref().map(created_date).transpose()?;
        let has_keys = !asked.emails.is_empty() || !asked.ids.is_empty();
        let leads = if asked.all {
            let leads = self.every(&door, &Body { filters, ..Body::default() }).await?;
            keyed(leads, asked.key_by.unwrap_or(KeyBy::Id))
        } else if has_keys && asked.limit.is_none() && asked.offset.is_none() {
            keyed(self.of_keys(&door, &asked.emails, &asked.ids, filters).await?, asked.key_by.unwrap_or_default())
        } else {
            let Asked { emails, ids, key_by, limit, offset, .. } = &asked;
            self.page(&door, &Body { emails, ids, key_by: *key_by, filters, limit: *limit, offset: *offset }).await?
        };
        Ok(json!(leads))
    }

    /// The leads of any number of e-mails and ids, by their ids.
    pub(super) async fn of_keys(
        &self,
        door: &Door<'_>,
        emails: &[String],
        ids: &[String],
        filters: Option<Filters>,
    ) -> Result<Leads, Unanswered> {
        let mut all = Leads::new();
        let of_emails = emails.chunks(CHUNK).map(|emails| (emails, &[][..]));
        let of_ids = ids.chunks(CHUNK).map(|ids| (&[][..], ids));
        // What fits into one request goes in one.
        let chunks: Vec<(&[String], &[String])> =
            if emails.len() + ids.len() <= CHUNK { vec![(emails, ids)] } else { of_emails.chain(of_ids).collect() };
        for (emails, ids) in chunks {
            let mut body =
                Body { emails, ids, key_by: Some(KeyBy::Id), filters: filters.clone(), limit: Some(CHUNK as u64), offset: Some(0) };
            for page in 0..=MOST_PAGES {
                body.offset = Some((page * CHUNK) as u64);
                let leads = self.page(door, &body).await?;
                let count = leads.len();
                let before = all.len();
                all.extend(leads);
                // A second page is there only where several clients have one address; a CRM that repeats the first has no other.
                if count < CHUNK || (page > 0 && all.len() == before) {
                    break;
                }
            }
        }
        Ok(all)
    }

    /// A list without keys, until a page is empty.
    async fn every(&self, door: &Door<'_>, body: &Body<'_>) -> Result<Leads, Unanswered> {
        let mut all = Leads::new();
        for page in 0..=MOST_PAGES {
            let offset = Some((page * CHUNK) as u64);
            let leads = self.page(door, &Body { key_by: Some(KeyBy::Id), limit: Some(CHUNK as u64), offset, ..body.clone() }).await?;
            if leads.is_empty() {
                return Ok(all);
            }
            let (before, received) = (all.len(), leads.len());
            all.extend(leads);
            if all.len() == before {
                // The last of a list that has grown at its beginning meanwhile.
                if received < CHUNK {
                    return Ok(all);
                }
                return Err(Unanswered::Unreadable(Trouble::new(format!("page {} holds only what was there before", page + 1))));
            }
        }
        let detail = format!("goes on after {MOST_PAGES} pages: ask by ranges of createdDate");
        Err(Unanswered::Unreadable(Trouble::new(detail)))
    }

    pub(super) async fn page(&self, door: &Door<'_>, body: &Body<'_>) -> Result<Leads, Unanswered> {
        Ok(self.answered(door, body).await?.1)
    }

    /// One page, with the answer that it is from.
    pub(super) async fn answered(&self, door: &Door<'_>, body: &Body<'_>) -> Result<(Answer, Leads), Unanswered> {
        let answer = self.buckets().send(door.call().json(body).long()).await?;
        if !answer.status.is_success() {
            return Err(refusal(&answer));
        }
        // Not by `Answer::read`: its errors name the members they are in, and these are people's addresses.
        let members: Map<String, Value> =
            serde_json::from_slice(&answer.body).map_err(|error| Unanswered::Unreadable(answer.trouble(masked(&error.to_string()))))?;
        let read = |(index, (key, lead)): (usize, (&String, &Value))| {
            let lead = Row::of(lead).and_then(|row| Lead::read(&row));
            // The key may be an e-mail address: it is not repeated.
            lead.map(|lead| (key.clone(), lead)).map_err(|why| Unanswered::Unreadable(answer.trouble(format!("lead {}: {why}", index + 1))))
        };
        let leads = members.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        Ok((answer, leads))
    }

    /// Where the bucket API is.
    fn buckets(&self) -> &Network {
        self.crm.as_ref().unwrap_or(&self.network)
    }

    /// "Permission: Buckets: View Own" suggests a token an affiliate: its own goes first.
    pub(super) fn identification_token<'a>(&'a self, own: Option<&'a Credential>) -> Result<&'a SecretString, Unanswered> {
        let token = own.and_then(|own| own.api_key.as_ref()).or(self.identification_token.as_ref());
        token.ok_or_else(|| Unanswered::Denied(Trouble::new("neither the connection nor the affiliate has an identification token")))
    }

    /// One lead of each affiliate's first bucket: that is what a token can be tried with.
    pub(super) async fn try_buckets(&self, affiliates: &[&Affiliate]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for affiliate in affiliates {
            let Some(bucket) = affiliate.buckets.first() else { continue };
            let asked = async {
                let token = self.identification_token(affiliate.credential.as_deref())?;
                let door = Door { bucket: &bucket.id, affiliate: &affiliate.crm_id, source: None, token };
                self.page(&door, &Body { limit: Some(1), ..Body::default() }).await
            };
            let found = tried::found(&self.buckets().origin(), asked.await);
            findings.push(Finding { what: format!("bucket {} of affiliate {}", bucket.id, affiliate.id), found });
        }
        if findings.is_empty() && self.identification_token.is_some() {
            let found = Found::Untried("no affiliate has a bucket to look into".to_owned());
            findings.push(Finding { what: "identification_token".to_owned(), found });
        }
        findings
    }
}

impl Asked {
    fn check(&self, question: &Question<'_>) -> Result<(), Unanswered> {
        let wrong = |what: &str| Err(Unanswered::Argument(what.to_owned()));
        let is_by_source = question.operation == BUCKET_LEADS_BY_SOURCE;
        if self.source.is_some() != is_by_source {
            return wrong(if is_by_source { "source: is demanded" } else { "source: is for BucketLeadsBySource" });
        }
        let keys = self.emails.len() + self.ids.len();
        let is_page = self.limit.is_some() || self.offset.is_some();
        if self.all && (keys > 0 || is_page) {
            return wrong("all: goes with neither emails, ids, limit nor offset");
        }
        if is_page && keys > CHUNK {
            return wrong("limit and offset: go with at most 100 emails and ids; without them any number is looked up");
        }
        if self.limit == Some(0) {
            return wrong("limit: is at least 1");
        }
        Ok(())
    }
}

/// The affiliate's id in the CRM. An affiliate that asks is let into its own buckets only.
fn whose(asked: &Asked, affiliate: Option<&Affiliate>) -> Result<String, Unanswered> {
    let wrong = |what: String| Err(Unanswered::Argument(what));
    let Some(affiliate) = affiliate else {
        let id = asked.affiliate_id.clone().filter(|id| !id.is_empty());
        return id.ok_or_else(|| Unanswered::Argument("affiliateID: is demanded where no affiliate asks".to_owned()));
    };
    if asked.affiliate_id.as_ref().is_some_and(|id| *id != affiliate.crm_id) {
        return wrong(format!("affiliateID: is not that of affiliate {}", affiliate.id));
    }
    let Some(bucket) = affiliate.buckets.iter().find(|bucket| bucket.id == asked.bucket) else {
        return wrong(format!("bucket: affiliate {} has no such bucket in the configuration", affiliate.id));
    };
    match &asked.source {
        Some(source) if !bucket.sources.contains(source) => {
            wrong(format!("source: bucket {} has no such source in the configuration", bucket.id))
        }
        _ => Ok(affiliate.crm_id.clone()),
    }
}

fn created_date(range: &[Value; 2]) -> Result<Filters, Unanswered> {
    let wrong = |what: &str| Unanswered::Argument(format!("createdDate: {what}"));
    let moment = |value: &Value| match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Value::String(text) => text.parse::<jiff::Timestamp>().ok().map(|moment| moment.as_millisecond()),
        _ => None,
    };
    let read = |value| {
        moment(value).filter(|ms| *ms >= 0).ok_or_else(|| wrong("is neither epoch milliseconds nor RFC 3339 (2026-01-31T00:00:00Z)"))
    };
    let (from, to) = (read(&range[0])?, read(&range[1])?);
    if from > to {
        return Err(wrong("ends before it begins"));
    }
    Ok(Filters { created_date: [from.to_string(), to.to_string()] })
}

impl Door<'_> {
    fn call(&self) -> Call {
        let mut values = vec![("bucketId", self.bucket), ("affiliateID", self.affiliate)];
        values.extend(self.source.map(|source| ("sourceId", source)));
        let path = if self.source.is_some() { LEADS_BY_SOURCE } else { LEADS };
        // "No Bearer prefix. Token must be passed as-is."
        Call::new(Method::POST, path, &values).secret(TOKEN, "", self.token)
    }
}

impl Lead {
    /// Whether it does not say that it is another's.
    pub(super) fn is_of(&self, affiliate: &str) -> bool {
        self.affiliate_id.as_deref().is_none_or(|id| id == affiliate)
    }

    fn read(row: &Row<'_>) -> Result<Lead, String> {
        Ok(Lead {
            id: row.text(&["id", "_id"])?,
            email: row.text(&["email"])?,
            affiliate_id: row.text(&["affiliateID"])?,
            status: row.text(&["status"])?,
            created_date: row.moment(&["createdDate"])?,
            ftd: row.moment(&["ftd"])?,
            external_id: row.get(&["externalId"]).and_then(row::id),
        })
    }
}

/// Leads that were asked for by id, under the keys that are wanted. Of two with one address the one created last stays.
pub(super) fn keyed(leads: Leads, by: KeyBy) -> Leads {
    if by == KeyBy::Id {
        return leads;
    }
    let mut all = Leads::new();
    for (key, lead) in leads {
        let key = lead.email.clone().unwrap_or(key);
        let is_older = |known: &Lead| known.created_date > lead.created_date;
        if !all.get(&key).is_some_and(is_older) {
            all.insert(key, lead);
        }
    }
    all
}

/// Sections "Authentication" and "Errors": a 400 may be about the token, the permission, the bucket or the source.
fn refusal(answer: &Answer) -> Unanswered {
    let said = answer.words();
    let lower = said.to_lowercase();
    let told = |what: &str| answer.trouble(format!("{what}: {said}"));
    let token = "the identification token is wrong or expired, or its whitelist lacks this machine's address";
    let permission = "the identification token's role lacks the permission \"Buckets: View Own\" (for this affiliate)";
    match answer.status {
        StatusCode::UNAUTHORIZED => Unanswered::Denied(told(token)),
        StatusCode::BAD_REQUEST if lower.contains("token") => Unanswered::Denied(told(token)),
        StatusCode::BAD_REQUEST if lower.contains("permission") => Unanswered::Denied(told(permission)),
        StatusCode::BAD_REQUEST if lower.contains("sourceid") => Unanswered::Refused(told("the source is not the bucket's in the CRM")),
        StatusCode::BAD_REQUEST if lower.contains("does not belong") => {
            Unanswered::Refused(told("the bucket is another affiliate's in the CRM"))
        }
        StatusCode::BAD_REQUEST if lower.contains("doesn't exist") => Unanswered::Refused(told("the CRM has no such bucket")),
        StatusCode::NOT_FOUND => Unanswered::Refused(told("there is no bucket API at this address (crm_url)")),
        _ => answer.unanswered(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_epoch_milliseconds_on_the_wire() {
        let sent = |from: Value, to: Value| created_date(&[from, to]).map(|filters| filters.created_date.join(" "));
        assert_eq!(sent(json!("1676172330450"), json!(1_776_172_330_450_i64)).as_deref(), Ok("1676172330450 1776172330450"));
        assert_eq!(sent(json!("1970-01-01T00:00:01Z"), json!("1970-01-01T01:00:02+01:00")).as_deref(), Ok("1000 2000"));
        for (from, to) in [(json!("2"), json!("1")), (json!("now"), json!("1")), (json!(-1), json!(1)), (json!(1.5), json!(2))] {
            assert!(sent(from.clone(), to.clone()).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn of_two_with_one_address_the_later_stays() {
        let lead = |id: &str, created: &str| {
            let value = json!({"id": id, "email": "a@example.com", "createdDate": created});
            (id.to_owned(), Lead::read(&Row::of(&value).expect("an object")).expect("a lead"))
        };
        let leads = Leads::from([lead("1", "2026-01-02T00:00:00Z"), lead("2", "2026-01-01T00:00:00Z")]);
        let by_email = keyed(leads.clone(), KeyBy::Email);
        assert_eq!(by_email.len(), 1);
        assert_eq!(by_email["a@example.com"].id.as_deref(), Some("1"));
        assert_eq!(keyed(leads.clone(), KeyBy::Id), leads);
    }
}
