//! What goes: after its days, or because a person asks for it. The evidence of consent stays, under a keyed hash of the e-mail.

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use ipnet::IpNet;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow};
use uuid::Uuid;

use super::{State, Store, StoreError, address_hashes, bind_hashes, change::Change, clock::milliseconds, parameters, read};

/// Signups that go at once.
const TOGETHER: u32 = 200;

/// How long is kept what will not change any more, from when it last did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeepDays {
    pub(crate) registered: Duration,
    pub(crate) rejected: Duration,
    pub(crate) parked: Duration,
    /// The evidence of consent, from when it was given.
    pub(crate) consent: Duration,
}

/// What was forgotten on a person's request.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    pub(crate) at: Timestamp,
    /// The ids of the signups that are gone.
    pub(crate) forgotten: Vec<Uuid>,
    /// Being handed over at this moment, and still there.
    pub(crate) under_way: Vec<Uuid>,
    /// Agreements whose evidence is kept.
    pub(crate) consents_kept: u64,
}

/// That somebody agreed to something.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Consent {
    pub(crate) signup: Uuid,
    pub(crate) funnel: String,
    pub(crate) agreement: String,
    /// SHA-256, hex, of the text and the address that the visitor saw.
    pub(crate) text_hash: String,
    pub(crate) signed_at: Timestamp,
    /// The visitor's network.
    pub(crate) network: String,
}

impl Store {
    /// Forgets whoever signed up with that e-mail (or, without one, that phone number).
    pub(crate) async fn purge(&self, address: &str) -> Result<Receipt, StoreError> {
        let hashes = address_hashes(&self.keys, address);
        let select =
            format!("SELECT id, funnel, state, content, email_hash FROM signups WHERE email_hash IN ({})", parameters(1, hashes.len()));
        let query = bind_hashes(sqlx::query(AssertSqlSafe(select)), &hashes);
        let rows = query.fetch_all(&self.reader).await?.iter().map(|row| self.leaving(row)).collect::<Result<Vec<_>, _>>()?;
        let all: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let (forgotten, consents_kept) = self.change(Forget { rows }).await?;
        let under_way = all.into_iter().filter(|id| !forgotten.contains(id)).collect();
        Ok(Receipt { at: Timestamp::now(), forgotten, under_way, consents_kept })
    }

    /// Forgets what has been kept for its days. Gives back how many signups went.
    pub(crate) async fn forget_old(&self, keep: &KeepDays) -> Result<u64, StoreError> {
        // A clock that was set ahead must not take all at once.
        let now = self.clock.now().min(Timestamp::now().as_millisecond());
        let before = |days: Duration| now.saturating_sub(milliseconds(days));
        let mut gone = 0;
        for (state, days) in [(State::Registered, keep.registered), (State::Rejected, keep.rejected), (State::Parked, keep.parked)] {
            loop {
                let select = format!(
                    "SELECT id, funnel, state, content, email_hash FROM signups WHERE state = $1 AND received_at < $2 AND changed_at < $2 \
                     ORDER BY received_at LIMIT {TOGETHER}"
                );
                let rows = sqlx::query(AssertSqlSafe(select)).bind(state.as_str()).bind(before(days)).fetch_all(&self.reader).await?;
                // Mostly there is nothing: looking costs no write.
                if rows.is_empty() {
                    break;
                }
                let rows = rows.iter().map(|row| self.leaving(row)).collect::<Result<Vec<_>, _>>()?;
                let (forgotten, _) = self.change(Forget { rows }).await?;
                gone += forgotten.len() as u64;
                if forgotten.len() < TOGETHER as usize {
                    break;
                }
            }
        }
        self.change(ForgetConsents { before: before(keep.consent) }).await?;
        Ok(gone)
    }

    /// What whoever has that e-mail agreed to, the newest first; of signups that are gone.
    pub(crate) async fn consents(&self, address: &str) -> Result<Vec<Consent>, StoreError> {
        let hashes = address_hashes(&self.keys, address);
        let select = format!(
            "SELECT signup, funnel, agreement, text_hash, signed_at, network FROM consents WHERE email_hash IN ({}) ORDER BY signed_at DESC, number",
            parameters(1, hashes.len())
        );
        let query = bind_hashes(sqlx::query(AssertSqlSafe(select)), &hashes);
        query.fetch_all(&self.reader).await?.iter().map(consent).collect()
    }

    fn leaving(&self, row: &AnyRow) -> Result<Leaving, StoreError> {
        let id = read::id(row)?;
        let sealed: Vec<u8> = row.try_get("content")?;
        // What nobody can read any more goes without evidence.
        let agreements = self.open_content(id, &sealed).map(|content| content.agreements).unwrap_or_else(|error| {
            tracing::warn!(signup = %id, %error, "it goes without the evidence of consent");
            Vec::new()
        });
        let funnel: String = row.try_get("funnel")?;
        let consent = |agreement: &crate::crm::SignedAgreement| Consent {
            signup: id,
            funnel: funnel.clone(),
            agreement: agreement.label.clone(),
            text_hash: agreement.text_hash.clone(),
            signed_at: agreement.signed_at,
            network: network(agreement.ip),
        };
        Ok(Leaving {
            id,
            state: read::state(row)?,
            email_hash: row.try_get("email_hash")?,
            consents: agreements.iter().map(consent).collect(),
        })
    }
}

fn consent(row: &AnyRow) -> Result<Consent, StoreError> {
    let signup: String = row.try_get("signup")?;
    Ok(Consent {
        signup: signup.parse().map_err(|_| StoreError::Unreadable(signup))?,
        funnel: row.try_get("funnel")?,
        agreement: row.try_get("agreement")?,
        text_hash: row.try_get("text_hash")?,
        signed_at: read::time(row.try_get("signed_at")?)?,
        network: row.try_get("network")?,
    })
}

/// An address's network: enough to tell where consent came from, too little to tell from whom.
fn network(ip: IpAddr) -> String {
    let length = if ip.is_ipv4() { 24 } else { 48 };
    IpNet::new(ip, length).map_or_else(|_| String::new(), |network| network.trunc().to_string())
}

/// A signup that goes.
struct Leaving {
    id: Uuid,
    /// In which it was when it was read: if it has changed since, it stays.
    state: State,
    email_hash: Vec<u8>,
    consents: Vec<Consent>,
}

struct Forget {
    rows: Vec<Leaving>,
}

#[async_trait]
impl Change for Forget {
    /// Who is gone, and how many agreements' evidence stays.
    type Done = (Vec<Uuid>, u64);

    async fn make(&self, on: &mut AnyConnection) -> Result<Self::Done, StoreError> {
        let (mut gone, mut kept) = (Vec::new(), 0);
        for row in &self.rows {
            // Its attempts go with it.
            let deleted = sqlx::query("DELETE FROM signups WHERE id = $1 AND state = $2 AND state <> 'delivering'")
                .bind(row.id.to_string())
                .bind(row.state.as_str())
                .execute(&mut *on)
                .await?;
            if deleted.rows_affected() == 0 {
                continue;
            }
            gone.push(row.id);
            for (number, consent) in (0_i64..).zip(&row.consents) {
                sqlx::query(
                    "INSERT INTO consents (signup, number, funnel, email_hash, agreement, text_hash, signed_at, network) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                )
                .bind(row.id.to_string())
                .bind(number)
                .bind(consent.funnel.as_str())
                .bind(row.email_hash.as_slice())
                .bind(consent.agreement.as_str())
                .bind(consent.text_hash.as_str())
                .bind(consent.signed_at.as_millisecond())
                .bind(consent.network.as_str())
                .execute(&mut *on)
                .await?;
                kept += 1;
            }
        }
        Ok((gone, kept))
    }
}

struct ForgetConsents {
    before: i64,
}

#[async_trait]
impl Change for ForgetConsents {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM consents WHERE signed_at < $1").bind(self.before).execute(on).await?;
        Ok(())
    }
}
