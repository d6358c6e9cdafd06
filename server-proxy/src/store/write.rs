//! What changes a signup. Each change is one transaction.

use jiff::Timestamp;
use sqlx::{Row, Sqlite, Transaction};
use uuid::Uuid;

use super::{Conclusion, Idempotency, NewSignup, Reason, State, Store, StoreError, place, read};

/// How long an `Idempotency-Key` is remembered, in milliseconds.
const REMEMBERED: i64 = 24 * 60 * 60 * 1000;

/// What became of keeping a signup.
#[derive(Debug)]
pub(crate) enum Kept {
    New,
    /// The same request was kept before.
    Before(Uuid),
    /// Another request was kept under the same key.
    KeyReused,
    /// A signup with this e-mail is under way in this funnel: nothing is kept.
    UnderWay,
}

impl Store {
    /// Keeps a signup, durably, unless it is kept already.
    pub(crate) async fn keep(&self, signup: &NewSignup) -> Result<Kept, StoreError> {
        let email_hash = self.email_hash(&signup.email);
        let content = serde_json::to_vec(&signup.content).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let content = self.keys.seal(&place("content", signup.id), &content);
        let now = signup.received_at.as_millisecond();
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(idempotency) = &signup.idempotency
            && let Some(kept) = remembered(&mut transaction, &signup.funnel, idempotency, now).await?
        {
            return Ok(kept);
        }
        let state = if signup.suspect.is_some() { State::Parked } else { State::Received };
        if state == State::Received {
            let under_way =
                sqlx::query("SELECT 1 FROM signups WHERE funnel = ? AND email_hash = ? AND state IN ('received', 'delivering')")
                    .bind(&signup.funnel)
                    .bind(&email_hash[..])
                    .fetch_optional(&mut *transaction)
                    .await?;
            if under_way.is_some() {
                return Ok(Kept::UnderWay);
            }
        }
        sqlx::query(
            "INSERT INTO signups (id, funnel, funnel_version, connection, state, reason, received_at, changed_at, content, email_hash, idempotency_hash, fingerprint)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(signup.id.to_string())
        .bind(&signup.funnel)
        .bind(&signup.funnel_version)
        .bind(&signup.connection)
        .bind(state.as_str())
        .bind(signup.suspect.map(Reason::as_str))
        .bind(now)
        .bind(now)
        .bind(content)
        .bind(&email_hash[..])
        .bind(signup.idempotency.as_ref().map(|idempotency| idempotency.key_hash.to_vec()))
        .bind(signup.idempotency.as_ref().map(|idempotency| idempotency.fingerprint.to_vec()))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Kept::New)
    }

    /// Whether that request was kept before.
    pub(crate) async fn remembered(&self, funnel: &str, idempotency: &Idempotency, now: Timestamp) -> Result<Option<Kept>, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let kept = remembered(&mut transaction, funnel, idempotency, now.as_millisecond()).await?;
        transaction.commit().await?;
        Ok(kept)
    }

    /// Takes a received signup for an attempt; `false` where somebody else did.
    pub(crate) async fn claim(&self, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let claimed =
            sqlx::query("UPDATE signups SET state = 'delivering', reason = NULL, changed_at = ? WHERE id = ? AND state = 'received'")
                .bind(now.as_millisecond())
                .bind(id.to_string())
                .execute(&mut *transaction)
                .await?
                .rows_affected();
        if claimed == 1 {
            sqlx::query("INSERT INTO attempts (signup, number, started_at) SELECT ?, COUNT(*) + 1, ? FROM attempts WHERE signup = ?")
                .bind(id.to_string())
                .bind(now.as_millisecond())
                .bind(id.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(claimed == 1)
    }

    /// Records how the running attempt ended, and where the signup stands from then on.
    pub(crate) async fn conclude(&self, id: Uuid, conclusion: &Conclusion, now: Timestamp) -> Result<(), StoreError> {
        let now = now.as_millisecond();
        let link = conclusion.link.as_ref().map(|(link, _)| self.keys.seal(&place("link", id), link.expose().as_bytes()));
        let detail = conclusion.detail.as_ref().map(|detail| self.keys.seal(&place("detail", id), detail.as_bytes()));
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "UPDATE signups SET state = ?, reason = ?, refused_field = ?, changed_at = ?, crm_id = ?, link = ?, link_expires_at = ?
             WHERE id = ? AND state = 'delivering'",
        )
        .bind(conclusion.state.as_str())
        .bind(conclusion.reason.map(Reason::as_str))
        .bind(&conclusion.refused_field)
        .bind(now)
        .bind(&conclusion.crm_id)
        .bind(link)
        .bind(conclusion.link.as_ref().map(|(_, expires_at)| expires_at.as_millisecond()))
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE attempts SET took_ms = ? - started_at, outcome = ?, crm_status = ?, detail = ? WHERE signup = ? AND outcome IS NULL",
        )
        .bind(now)
        .bind(conclusion.outcome)
        .bind(conclusion.crm_status)
        .bind(detail)
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Parks what an earlier run left in the middle of an attempt: it may have arrived. Gives back how many.
    pub(crate) async fn park_interrupted(&self, now: Timestamp) -> Result<u64, StoreError> {
        let parked = sqlx::query("UPDATE signups SET state = 'parked', reason = ?, changed_at = ? WHERE state = 'delivering'")
            .bind(Reason::Interrupted.as_str())
            .bind(now.as_millisecond())
            .execute(&self.writer)
            .await?;
        Ok(parked.rows_affected())
    }

    /// Notes the first use of a ticket; a later one changes nothing.
    pub(crate) async fn use_ticket(&self, id: Uuid, serial: u32, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE signups SET ticket_used_at = ? WHERE id = ? AND ticket_serial = ? AND ticket_used_at IS NULL")
            .bind(now.as_millisecond())
            .bind(id.to_string())
            .bind(serial)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Replaces a spent ticket. Of two that ask at once, the second gets what the first made.
    pub(crate) async fn renew_ticket(&self, id: Uuid, spent: u32) -> Result<(), StoreError> {
        sqlx::query("UPDATE signups SET ticket_serial = ticket_serial + 1, ticket_used_at = NULL WHERE id = ? AND ticket_serial = ?")
            .bind(id.to_string())
            .bind(spent)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    fn email_hash(&self, email: &str) -> [u8; 32] {
        self.keys.hash("e-mail", email.to_lowercase().as_bytes())
    }
}

/// Looks a key up and forgets it where its time is over.
async fn remembered(
    transaction: &mut Transaction<'_, Sqlite>,
    funnel: &str,
    idempotency: &Idempotency,
    now: i64,
) -> Result<Option<Kept>, StoreError> {
    sqlx::query(
        "UPDATE signups SET idempotency_hash = NULL, fingerprint = NULL WHERE funnel = ? AND idempotency_hash = ? AND received_at < ?",
    )
    .bind(funnel)
    .bind(&idempotency.key_hash[..])
    .bind(now - REMEMBERED)
    .execute(&mut **transaction)
    .await?;
    let found = sqlx::query("SELECT id, fingerprint FROM signups WHERE funnel = ? AND idempotency_hash = ?")
        .bind(funnel)
        .bind(&idempotency.key_hash[..])
        .fetch_optional(&mut **transaction)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let fingerprint: Vec<u8> = row.try_get("fingerprint")?;
    Ok(Some(if fingerprint == idempotency.fingerprint { Kept::Before(read::id(&row)?) } else { Kept::KeyReused }))
}
