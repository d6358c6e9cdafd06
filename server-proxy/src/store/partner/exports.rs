//! Downloads that were asked for, by the SHA-256 of their addresses.

use async_trait::async_trait;
use sqlx::{AnyConnection, Row};

use super::super::{Store, StoreError, change::Change};

impl Store {
    pub(crate) async fn keep_export(&self, hash: [u8; 32], content: String, expires_at: i64) -> Result<(), StoreError> {
        self.change(Keep { hash, content, expires_at }).await
    }

    /// Takes it away: of two that come with one address, one gets it.
    pub(crate) async fn take_export(&self, hash: [u8; 32]) -> Result<Option<String>, StoreError> {
        self.change(Take { hash, now: self.clock.now() }).await
    }
}

struct Keep {
    hash: [u8; 32],
    content: String,
    expires_at: i64,
}

#[async_trait]
impl Change for Keep {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO exports (hash, content, expires_at) VALUES ($1, $2, $3)")
            .bind(self.hash.to_vec())
            .bind(self.content.as_str())
            .bind(self.expires_at)
            .execute(on)
            .await?;
        Ok(())
    }
}

struct Take {
    hash: [u8; 32],
    now: i64,
}

#[async_trait]
impl Change for Take {
    type Done = Option<String>;

    async fn make(&self, on: &mut AnyConnection) -> Result<Option<String>, StoreError> {
        let delete = "DELETE FROM exports WHERE hash = $1 AND expires_at > $2 RETURNING content";
        let row = sqlx::query(delete).bind(self.hash.to_vec()).bind(self.now).fetch_optional(on).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }
}
