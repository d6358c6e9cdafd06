//! Affiliates that were added at a prompt. Their credentials are sealed.

use async_trait::async_trait;
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::super::{Store, StoreError, change::Change};

/// One of them, as it is kept: lists are JSON.
#[derive(Clone, Debug)]
pub(crate) struct StoredAffiliate {
    pub(crate) id: String,
    pub(crate) connection: String,
    pub(crate) crm_id: String,
    pub(crate) buckets: String,
    pub(crate) portals: String,
    pub(crate) scopes: String,
    /// JSON.
    pub(crate) credential: Option<String>,
    pub(crate) enabled: bool,
}

const COLUMNS: &str = "id, connection, crm_id, buckets, portals, scopes, credential, enabled";

fn place(id: &str) -> String {
    format!("affiliates/credential/{id}")
}

impl Store {
    pub(crate) async fn affiliate(&self, id: &str) -> Result<Option<StoredAffiliate>, StoreError> {
        let by_id = select(" WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(by_id)).bind(id).fetch_optional(&self.reader).await?;
        row.map(|row| self.read_affiliate(&row)).transpose()
    }

    /// All of them, by id.
    pub(crate) async fn affiliates(&self) -> Result<Vec<StoredAffiliate>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(select(" ORDER BY id"))).fetch_all(&self.reader).await?;
        rows.iter().map(|row| self.read_affiliate(row)).collect()
    }

    /// Adds them all, in the place of those of the same ids, or none.
    pub(crate) async fn put_affiliates(&self, affiliates: Vec<StoredAffiliate>) -> Result<(), StoreError> {
        let seal =
            |affiliate: &StoredAffiliate| affiliate.credential.as_ref().map(|text| self.keys.seal(&place(&affiliate.id), text.as_bytes()));
        let affiliates = affiliates.into_iter().map(|affiliate| (seal(&affiliate), affiliate)).collect();
        self.change(Put { affiliates, now: self.clock.now() }).await
    }

    /// Enables or disables one; whether there is one.
    pub(crate) async fn enable_affiliate(&self, id: &str, enabled: bool) -> Result<bool, StoreError> {
        self.change(Enable { id: id.to_owned(), enabled, now: self.clock.now() }).await
    }

    /// Seals anew the credentials that an older key sealed; how many.
    pub(crate) async fn seal_credentials_anew(&self) -> Result<u64, StoreError> {
        let select = "SELECT id, credential FROM affiliates WHERE credential IS NOT NULL";
        let rows = sqlx::query(select).fetch_all(&self.reader).await?;
        let mut anew = Vec::new();
        for row in &rows {
            let (id, sealed): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            if !self.keys.is_current(&sealed) {
                let plain = self.keys.open(&place(&id), &sealed)?;
                anew.push((self.keys.seal(&place(&id), &plain), sealed, id));
            }
        }
        let count = anew.len() as u64;
        if count > 0 {
            self.change(Reseal { anew }).await?;
        }
        Ok(count)
    }

    fn read_affiliate(&self, row: &AnyRow) -> Result<StoredAffiliate, StoreError> {
        let id: String = row.try_get("id")?;
        let sealed: Option<Vec<u8>> = row.try_get("credential")?;
        let open = |sealed: Vec<u8>| -> Result<String, StoreError> {
            String::from_utf8(self.keys.open(&place(&id), &sealed)?).map_err(|error| StoreError::Unreadable(error.to_string()))
        };
        Ok(StoredAffiliate {
            connection: row.try_get("connection")?,
            crm_id: row.try_get("crm_id")?,
            buckets: row.try_get("buckets")?,
            portals: row.try_get("portals")?,
            scopes: row.try_get("scopes")?,
            credential: sealed.map(open).transpose()?,
            enabled: row.try_get::<i64, _>("enabled")? == 1,
            id,
        })
    }
}

fn select(rest: &str) -> String {
    format!("SELECT {COLUMNS} FROM affiliates{rest}")
}

struct Put {
    affiliates: Vec<(Option<Vec<u8>>, StoredAffiliate)>,
    now: i64,
}

#[async_trait]
impl Change for Put {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        for (credential, affiliate) in &self.affiliates {
            let put = "INSERT INTO affiliates (id, connection, crm_id, buckets, portals, scopes, credential, enabled, changed_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET connection = excluded.connection, \
                crm_id = excluded.crm_id, buckets = excluded.buckets, portals = excluded.portals, scopes = excluded.scopes, \
                credential = excluded.credential, enabled = excluded.enabled, changed_at = excluded.changed_at";
            sqlx::query(put)
                .bind(affiliate.id.as_str())
                .bind(affiliate.connection.as_str())
                .bind(affiliate.crm_id.as_str())
                .bind(affiliate.buckets.as_str())
                .bind(affiliate.portals.as_str())
                .bind(affiliate.scopes.as_str())
                .bind(credential.clone())
                .bind(i64::from(affiliate.enabled))
                .bind(self.now)
                .execute(&mut *on)
                .await?;
        }
        Ok(())
    }
}

struct Enable {
    id: String,
    enabled: bool,
    now: i64,
}

#[async_trait]
impl Change for Enable {
    type Done = bool;

    async fn make(&self, on: &mut AnyConnection) -> Result<bool, StoreError> {
        let update = "UPDATE affiliates SET enabled = $1, changed_at = $2 WHERE id = $3";
        let done = sqlx::query(update).bind(i64::from(self.enabled)).bind(self.now).bind(self.id.as_str()).execute(on).await?;
        Ok(done.rows_affected() > 0)
    }
}

struct Reseal {
    /// New, old, and whose.
    anew: Vec<(Vec<u8>, Vec<u8>, String)>,
}

#[async_trait]
impl Change for Reseal {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        for (new, old, id) in &self.anew {
            let update = "UPDATE affiliates SET credential = $1 WHERE id = $2 AND credential = $3";
            sqlx::query(update).bind(new.clone()).bind(id.as_str()).bind(old.clone()).execute(&mut *on).await?;
        }
        Ok(())
    }
}
