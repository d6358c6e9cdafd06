//! What changes a signup. Each change is one transaction.

use jiff::Timestamp;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteExecutor, Transaction};
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
        let email_hashes = self.keys.hashes("e-mail", signup.email.to_lowercase().as_bytes());
        let content = serde_json::to_vec(&signup.content).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let content = self.keys.seal(&place("content", signup.id), &content);
        let now = signup.received_at.as_millisecond();
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(idempotency) = &signup.idempotency {
            forget(&mut transaction, &signup.funnel, idempotency, now - REMEMBERED).await?;
            if let Some(kept) = find(&mut *transaction, &signup.funnel, idempotency, now - REMEMBERED).await? {
                return Ok(kept);
            }
        }
        let state = if signup.suspect.is_some() { State::Parked } else { State::Received };
        if state == State::Received && is_under_way(&mut transaction, &signup.funnel, &email_hashes).await? {
            return Ok(Kept::UnderWay);
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
        .bind(current(&email_hashes))
        .bind(signup.idempotency.as_ref().and_then(|idempotency| current(&idempotency.keys)))
        .bind(signup.idempotency.as_ref().and_then(|idempotency| current(&idempotency.fingerprints)))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Kept::New)
    }

    /// Whether that request was kept before, as far as a reader sees; [`Store::keep`] decides.
    pub(crate) async fn remembered(&self, funnel: &str, idempotency: &Idempotency, now: Timestamp) -> Result<Option<Kept>, StoreError> {
        find(&self.reader, funnel, idempotency, now.as_millisecond() - REMEMBERED).await
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
        let changed = sqlx::query(
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
        if changed.rows_affected() == 0 {
            tracing::error!(signup = %id, outcome = conclusion.outcome, "an attempt ended for a signup that is not being delivered");
        }
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
}

/// The hash that is kept: the current key's.
fn current(hashes: &[[u8; 32]]) -> Option<Vec<u8>> {
    hashes.first().map(|hash| hash.to_vec())
}

/// The signup of that key, if it was received since.
async fn find<'a, E>(executor: E, funnel: &str, idempotency: &Idempotency, since: i64) -> Result<Option<Kept>, StoreError>
where
    E: SqliteExecutor<'a>,
{
    let mut query = QueryBuilder::<Sqlite>::new("SELECT id, fingerprint FROM signups WHERE received_at >= ");
    query.push_bind(since).push(" AND funnel = ").push_bind(funnel).push(" AND idempotency_hash IN (");
    push_hashes(&mut query, &idempotency.keys);
    let Some(row) = query.push(")").build().fetch_optional(executor).await? else { return Ok(None) };
    let fingerprint: Vec<u8> = row.try_get("fingerprint")?;
    let same = idempotency.fingerprints.iter().any(|own| own[..] == fingerprint);
    Ok(Some(if same { Kept::Before(read::id(&row)?) } else { Kept::KeyReused }))
}

/// Takes a key off a signup that was received before.
async fn forget(transaction: &mut Transaction<'_, Sqlite>, funnel: &str, idempotency: &Idempotency, before: i64) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new("UPDATE signups SET idempotency_hash = NULL, fingerprint = NULL WHERE received_at < ");
    query.push_bind(before).push(" AND funnel = ").push_bind(funnel).push(" AND idempotency_hash IN (");
    push_hashes(&mut query, &idempotency.keys);
    query.push(")").build().execute(&mut **transaction).await?;
    Ok(())
}

async fn is_under_way(transaction: &mut Transaction<'_, Sqlite>, funnel: &str, email_hashes: &[[u8; 32]]) -> Result<bool, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT 1 FROM signups WHERE state IN ('received', 'delivering') AND funnel = ");
    query.push_bind(funnel).push(" AND email_hash IN (");
    push_hashes(&mut query, email_hashes);
    Ok(query.push(")").build().fetch_optional(&mut **transaction).await?.is_some())
}

fn push_hashes(query: &mut QueryBuilder<Sqlite>, hashes: &[[u8; 32]]) {
    let mut list = query.separated(", ");
    for hash in hashes {
        list.push_bind(hash.to_vec());
    }
}
