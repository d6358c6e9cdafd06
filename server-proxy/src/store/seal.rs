//! Sealing anew under the current key what older keys sealed, so that these can be taken out of the configuration.
//!
//! The keyed hashes of e-mails are made anew with it. Those of idempotency keys last a day, and those of consents as long as the
//! evidence does: for the latter the older key has to stay, or the evidence is found by signup only.

use async_trait::async_trait;
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow};
use uuid::Uuid;

use super::{Store, StoreError, address_hashes, change::Change, place, read};

/// Rows that are sealed anew at once: few enough that nobody waits for them.
const TOGETHER: usize = 100;

/// How far it has come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SealedAnew {
    pub(crate) last: Uuid,
    pub(crate) seen: u64,
    pub(crate) changed: u64,
    /// Signups that no key opens.
    pub(crate) unopenable: Vec<Uuid>,
}

impl Store {
    /// Seals anew whatever the current key did not seal, of the next signups after that one; `None` at the end.
    pub(crate) async fn seal_anew(&self, after: Option<Uuid>) -> Result<Option<SealedAnew>, StoreError> {
        let select = format!("SELECT id, content, link, email_hash FROM signups WHERE id > $1 ORDER BY id LIMIT {TOGETHER}");
        let after = after.map_or_else(String::new, |id| id.to_string());
        let rows = sqlx::query(AssertSqlSafe(select)).bind(after).fetch_all(&self.reader).await?;
        let Some(last) = rows.last().map(read::id).transpose()? else { return Ok(None) };
        let (mut anew, mut unopenable) = (Vec::new(), Vec::new());
        for row in &rows {
            match self.anew(row).await {
                Ok(row) => anew.extend(row),
                Err(StoreError::Unopenable(_)) => unopenable.push(read::id(row)?),
                Err(error) => return Err(error),
            }
        }
        let changed = if anew.is_empty() { 0 } else { self.change(SealAnew { rows: anew }).await? };
        Ok(Some(SealedAnew { last, seen: rows.len() as u64, changed, unopenable }))
    }

    /// How many signups there are.
    pub(crate) async fn count(&self) -> Result<u64, StoreError> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM signups").fetch_one(&self.reader).await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    async fn anew(&self, row: &AnyRow) -> Result<Option<Anew>, StoreError> {
        let id = read::id(row)?;
        let (content, link): (Vec<u8>, Option<Vec<u8>>) = (row.try_get("content")?, row.try_get("link")?);
        let details = sqlx::query("SELECT number, detail FROM attempts WHERE signup = $1 AND detail IS NOT NULL")
            .bind(id.to_string())
            .fetch_all(&self.reader)
            .await?;
        let details: Vec<(i64, Vec<u8>)> =
            details.iter().map(|row| Ok((row.try_get("number")?, row.try_get("detail")?))).collect::<Result<_, StoreError>>()?;
        let address = self.open_content(id, &content)?.address(id);
        let email_hash = address_hashes(&self.keys, &address).first().map(|hash| hash.to_vec()).unwrap_or_default();
        let is_old = |sealed: &Vec<u8>| !self.keys.is_current(sealed);
        let is_sealed_anew = ![&content].into_iter().chain(&link).chain(details.iter().map(|(_, detail)| detail)).any(is_old);
        if is_sealed_anew && row.try_get::<Vec<u8>, _>("email_hash")? == email_hash {
            return Ok(None);
        }
        let again = |column: &str, sealed: &[u8]| -> Result<Vec<u8>, StoreError> {
            let place = place(column, id);
            Ok(self.keys.seal(&place, &self.keys.open(&place, sealed)?))
        };
        Ok(Some(Anew {
            id,
            email_hash,
            content: Exchange { new: again("content", &content)?, old: content },
            link: link.map(|link| Ok::<_, StoreError>(Exchange { new: again("link", &link)?, old: link })).transpose()?,
            details: details
                .into_iter()
                .map(|(number, detail)| Ok((number, Exchange { new: again("detail", &detail)?, old: detail })))
                .collect::<Result<_, StoreError>>()?,
        }))
    }
}

/// Nothing that has changed meanwhile is overwritten.
struct Exchange {
    old: Vec<u8>,
    new: Vec<u8>,
}

struct Anew {
    id: Uuid,
    email_hash: Vec<u8>,
    content: Exchange,
    link: Option<Exchange>,
    details: Vec<(i64, Exchange)>,
}

struct SealAnew {
    rows: Vec<Anew>,
}

#[async_trait]
impl Change for SealAnew {
    type Done = u64;

    async fn make(&self, on: &mut AnyConnection) -> Result<u64, StoreError> {
        let mut changed = 0;
        for row in &self.rows {
            let id = row.id.to_string();
            changed += sqlx::query("UPDATE signups SET content = $1, email_hash = $2 WHERE id = $3 AND content = $4")
                .bind(row.content.new.as_slice())
                .bind(row.email_hash.as_slice())
                .bind(id.as_str())
                .bind(row.content.old.as_slice())
                .execute(&mut *on)
                .await?
                .rows_affected();
            if let Some(link) = &row.link {
                sqlx::query("UPDATE signups SET link = $1 WHERE id = $2 AND link = $3")
                    .bind(link.new.as_slice())
                    .bind(id.as_str())
                    .bind(link.old.as_slice())
                    .execute(&mut *on)
                    .await?;
            }
            for (number, detail) in &row.details {
                sqlx::query("UPDATE attempts SET detail = $1 WHERE signup = $2 AND number = $3 AND detail = $4")
                    .bind(detail.new.as_slice())
                    .bind(id.as_str())
                    .bind(*number)
                    .bind(detail.old.as_slice())
                    .execute(&mut *on)
                    .await?;
            }
        }
        Ok(changed)
    }
}
