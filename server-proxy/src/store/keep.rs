//! A signup's way in: kept once, however often and through however many proxies it is sent.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    Idempotency, NewSignup, Reason, State, Store, StoreError, address_hashes, bind_hashes, change::Change, clock::milliseconds, parameters,
    place, read,
};

/// How long an `Idempotency-Key` is remembered, in milliseconds.
const REMEMBERED: i64 = 24 * 60 * 60 * 1000;
/// What stood in the way may be gone when it is looked for: so often it is tried anew.
const TRIES: u32 = 8;

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
    /// Keeps a signup, durably, unless it is kept already. It is given up `patience` from now if it cannot be delivered.
    pub(crate) async fn keep(&self, signup: &NewSignup, patience: std::time::Duration) -> Result<Kept, StoreError> {
        let content = serde_json::to_vec(&signup.content).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let now = self.clock.now();
        let keep = Keep {
            id: signup.id,
            funnel: signup.funnel.clone(),
            funnel_version: signup.funnel_version.clone(),
            variant: signup.variant.clone(),
            connection: signup.connection.clone(),
            suspect: signup.suspect,
            received_at: signup.received_at.as_millisecond(),
            content: self.keys.seal(&place("content", signup.id), &content),
            email_hashes: address_hashes(&self.keys, &signup.content.address(signup.id)),
            idempotency: signup.idempotency.clone(),
            due_at: now,
            give_up_at: now.saturating_add(milliseconds(patience)),
        };
        self.change(keep).await
    }

    /// Whether that request was kept before, as far as a reader sees; [`Store::keep`] decides.
    pub(crate) async fn remembered(&self, funnel: &str, idempotency: &Idempotency, now: Timestamp) -> Result<Option<Kept>, StoreError> {
        let mut reader = self.reader.acquire().await?;
        find(&mut reader, funnel, idempotency, now.as_millisecond() - REMEMBERED).await
    }
}

struct Keep {
    id: Uuid,
    funnel: String,
    funnel_version: String,
    variant: Option<String>,
    connection: String,
    suspect: Option<Reason>,
    received_at: i64,
    content: Vec<u8>,
    email_hashes: Vec<[u8; 32]>,
    idempotency: Option<Idempotency>,
    due_at: i64,
    give_up_at: i64,
}

#[async_trait]
impl Change for Keep {
    type Done = Kept;

    async fn make(&self, on: &mut AnyConnection) -> Result<Kept, StoreError> {
        // Hashes under an older key are in no new row's way: they have to be looked for.
        if self.email_hashes.len() > 1
            && let Some(kept) = self.in_the_way(on).await?
        {
            return Ok(kept);
        }
        for _ in 0..TRIES {
            if self.insert(on).await? {
                return Ok(Kept::New);
            }
            if let Some(kept) = self.in_the_way(on).await? {
                return Ok(kept);
            }
        }
        Err(StoreError::Unwritable("what stands in a signup's way comes and goes".to_owned()))
    }
}

impl Keep {
    fn state(&self) -> State {
        if self.suspect.is_some() { State::Parked } else { State::Received }
    }

    /// `false` where another row is in its way: of the same key, or of the same e-mail and under way.
    async fn insert(&self, on: &mut AnyConnection) -> Result<bool, StoreError> {
        let inserted = sqlx::query(
            "INSERT INTO signups (id, funnel, funnel_version, connection, state, reason, received_at, changed_at, content, email_hash, \
             idempotency_hash, fingerprint, due_at, give_up_at, variant) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
        )
        .bind(self.id.to_string())
        .bind(self.funnel.as_str())
        .bind(self.funnel_version.as_str())
        .bind(self.connection.as_str())
        .bind(self.state().as_str())
        .bind(self.suspect.map(Reason::as_str))
        .bind(self.received_at)
        .bind(self.content.as_slice())
        .bind(current(&self.email_hashes))
        .bind(self.idempotency.as_ref().and_then(|idempotency| current(&idempotency.keys)))
        .bind(self.idempotency.as_ref().and_then(|idempotency| current(&idempotency.fingerprints)))
        .bind(self.due_at)
        .bind(self.give_up_at)
        .bind(self.variant.as_deref())
        .execute(on)
        .await?;
        Ok(inserted.rows_affected() == 1)
    }

    async fn in_the_way(&self, on: &mut AnyConnection) -> Result<Option<Kept>, StoreError> {
        if let Some(idempotency) = &self.idempotency {
            let since = self.received_at - REMEMBERED;
            forget(on, &self.funnel, idempotency, since).await?;
            if let Some(kept) = find(on, &self.funnel, idempotency, since).await? {
                return Ok(Some(kept));
            }
        }
        let is_under_way = self.state() == State::Received && is_under_way(on, &self.funnel, &self.email_hashes).await?;
        Ok(is_under_way.then_some(Kept::UnderWay))
    }
}

/// The hash that is kept: the current key's.
fn current(hashes: &[[u8; 32]]) -> Option<Vec<u8>> {
    hashes.first().map(|hash| hash.to_vec())
}

/// The signup of that key, if it was received since.
async fn find(on: &mut AnyConnection, funnel: &str, idempotency: &Idempotency, since: i64) -> Result<Option<Kept>, StoreError> {
    let hashes = parameters(3, idempotency.keys.len());
    let sql = format!("SELECT id, fingerprint FROM signups WHERE received_at >= $1 AND funnel = $2 AND idempotency_hash IN ({hashes})");
    let query = bind_hashes(sqlx::query(AssertSqlSafe(sql)).bind(since).bind(funnel), &idempotency.keys);
    let Some(row) = query.fetch_optional(on).await? else { return Ok(None) };
    let fingerprint: Vec<u8> = row.try_get("fingerprint")?;
    let same = idempotency.fingerprints.iter().any(|own| own[..] == fingerprint);
    Ok(Some(if same { Kept::Before(read::id(&row)?) } else { Kept::KeyReused }))
}

/// Takes a key off a signup that was received before.
async fn forget(on: &mut AnyConnection, funnel: &str, idempotency: &Idempotency, before: i64) -> Result<(), StoreError> {
    let hashes = parameters(3, idempotency.keys.len());
    let sql = format!(
        "UPDATE signups SET idempotency_hash = NULL, fingerprint = NULL WHERE received_at < $1 AND funnel = $2 AND idempotency_hash IN ({hashes})"
    );
    let query = bind_hashes(sqlx::query(AssertSqlSafe(sql)).bind(before).bind(funnel), &idempotency.keys);
    query.execute(on).await?;
    Ok(())
}

async fn is_under_way(on: &mut AnyConnection, funnel: &str, email_hashes: &[[u8; 32]]) -> Result<bool, StoreError> {
    let hashes = parameters(2, email_hashes.len());
    let sql = format!("SELECT id FROM signups WHERE state IN ('received', 'delivering') AND funnel = $1 AND email_hash IN ({hashes})");
    let query = bind_hashes(sqlx::query(AssertSqlSafe(sql)).bind(funnel), email_hashes);
    Ok(query.fetch_optional(on).await?.is_some())
}
