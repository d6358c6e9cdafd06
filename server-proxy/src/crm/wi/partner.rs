//! An affiliate's buckets, as the dashboard shows them. They hold clients: whoever is in one has signed up and is registered.
//!
//! The document's only filter is by creation, so what changed later is seen when everything is read.

use std::collections::{BTreeMap, HashSet};

use async_trait::async_trait;
use jiff::Timestamp;
use latchkey_contract::partner::{self as contract, BucketLead, Metric, Table};
use sha2::{Digest, Sha256};

use super::{
    Wi,
    buckets::{Body, CHUNK, Door, Filters, KeyBy, Lead, MOST_PAGES, keyed},
};
use crate::crm::{
    Accounts, Affiliate, BucketWish, CrmRecord, Extent, Offers, Partner, RecordKind, Sink, Stage, Trouble, Unanswered, partner::moment,
};

pub(in crate::crm) static OFFERS: Offers = Offers {
    kinds: &[RecordKind::Person],
    tables: &[
        (Table::Leads, &["created", "status", "source", "email", "firstDeposit", "deposited"]),
        (Table::Registrations, &["registered", "status", "source", "email", "firstDeposit", "deposited"]),
    ],
    metrics: &[Metric::Signups, Metric::Registrations, Metric::FirstDeposits, Metric::Conversion],
    sources: false,
    downline: false,
    servers: false,
    wallet: false,
    request_payout: false,
    links: false,
    creatives: false,
    buckets: true,
    joins_people: false,
};

#[async_trait]
impl Partner for Wi {
    fn offers(&self) -> &'static Offers {
        &OFFERS
    }

    async fn read(
        &self,
        affiliate: &Affiliate,
        _kind: RecordKind,
        extent: Extent,
        _accounts: &Accounts,
        sink: &Sink,
    ) -> Result<(), Unanswered> {
        let filters = match extent {
            Extent::Whole => None,
            Extent::Since(since) => Some(created(since, Timestamp::MAX)),
        };
        // A lead does not say which source it is of: those of a source are asked for by it, the others after them.
        let mut of_a_source = HashSet::new();
        for bucket in &affiliate.buckets {
            for source in bucket.sources.iter().map(|source| Some(source.as_str())).chain([None]) {
                let token = self.identification_token(affiliate.credential.as_deref())?;
                let door = Door { bucket: &bucket.id, affiliate: &affiliate.crm_id, source, token };
                self.read_bucket(&door, filters.as_ref(), &mut of_a_source, sink).await?;
            }
        }
        Ok(())
    }

    async fn bucket_leads(&self, affiliate: &Affiliate, wish: &BucketWish<'_>) -> Result<BTreeMap<String, BucketLead>, Unanswered> {
        let token = self.identification_token(affiliate.credential.as_deref())?;
        let door = Door { bucket: wish.bucket, affiliate: &affiliate.crm_id, source: wish.source, token };
        let filters = wish.created.map(|[from, to]| created(from, to));
        let key_by = match wish.key_by {
            contract::KeyBy::Email => KeyBy::Email,
            contract::KeyBy::Id => KeyBy::Id,
        };
        let leads = if wish.emails.is_empty() && wish.ids.is_empty() {
            let (limit, offset) = (wish.limit.or(Some(CHUNK as u64)), wish.offset.or(Some(0)));
            self.page(&door, &Body { key_by: Some(KeyBy::Id), filters, limit, offset, ..Body::default() }).await?
        } else {
            self.of_keys(&door, wish.emails, wish.ids, filters).await?
        };
        // The CRM's answer is the affiliate's: a lead that names another is none of it.
        let own = leads.into_iter().filter(|(_, lead)| lead.is_of(&affiliate.crm_id)).collect();
        Ok(keyed(own, key_by).into_iter().map(|(key, lead)| (key, shown(lead))).collect())
    }
}

impl Wi {
    async fn read_bucket(
        &self,
        door: &Door<'_>,
        filters: Option<&Filters>,
        of_a_source: &mut HashSet<String>,
        sink: &Sink,
    ) -> Result<(), Unanswered> {
        let mut before = HashSet::new();
        for page in 0..=MOST_PAGES {
            let (limit, offset) = (Some(CHUNK as u64), Some((page * CHUNK) as u64));
            let body = Body { key_by: Some(KeyBy::Id), filters: filters.cloned(), limit, offset, ..Body::default() };
            let leads = self.page(door, &body).await?;
            let ids: HashSet<String> = leads.keys().cloned().collect();
            // A CRM that takes no offset gives the same again and again.
            if leads.is_empty() || ids == before {
                return Ok(());
            }
            let mut records = Vec::new();
            for (key, lead) in leads {
                if !lead.is_of(door.affiliate) {
                    continue;
                }
                let record = record(&key, lead, door.source);
                let is_known = match door.source {
                    Some(_) => !of_a_source.insert(record.id.clone()),
                    None => of_a_source.contains(&record.id),
                };
                if !is_known {
                    records.push(record);
                }
            }
            sink.take(RecordKind::Person, records).await?;
            before = ids;
        }
        Err(Unanswered::Unreadable(Trouble::new(format!("a bucket goes on after {MOST_PAGES} pages"))))
    }
}

/// A lead as the mirror keeps it.
fn record(key: &str, lead: Lead, source: Option<&str>) -> CrmRecord {
    // "falls back to email if _id is missing": an address is no id that may be shown.
    let id = lead.id.clone().unwrap_or_else(|| hex::encode(&Sha256::digest(key.to_lowercase().as_bytes())[..12]));
    let (created, first_deposit) = (lead.created_date.as_deref().and_then(moment), lead.ftd.as_deref().and_then(moment));
    CrmRecord {
        id,
        at: created,
        stage: Some(Stage::Customer),
        deposited: lead.ftd.is_some(),
        deposited_at: first_deposit,
        status: lead.status,
        source: source.map(str::to_owned),
        email: lead.email,
        ..CrmRecord::default()
    }
}

fn shown(lead: Lead) -> BucketLead {
    let text = |moment_text: Option<&str>| Some(moment(moment_text?)?.to_string());
    BucketLead {
        created: text(lead.created_date.as_deref()),
        first_deposit: text(lead.ftd.as_deref()),
        id: lead.id,
        email: lead.email,
        status: lead.status,
    }
}

fn created(from: Timestamp, to: Timestamp) -> Filters {
    Filters { created_date: [from.as_millisecond().max(0).to_string(), to.as_millisecond().to_string()] }
}
