//! What a funnel's CRM gave to it last.

use jiff::Timestamp;
use sqlx::Row;

use super::{Store, StoreError};
use crate::funnel::Given;

impl Store {
    pub(crate) async fn given(&self, funnel: &str) -> Result<Option<Given>, StoreError> {
        let row = sqlx::query("SELECT content FROM given WHERE funnel = ?").bind(funnel).fetch_optional(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        let content: String = row.try_get(0)?;
        serde_json::from_str(&content).map(Some).map_err(|error| StoreError::Unreadable(error.to_string()))
    }

    pub(crate) async fn keep_given(&self, funnel: &str, given: &Given) -> Result<(), StoreError> {
        let content = serde_json::to_string(given).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        sqlx::query(
            "INSERT INTO given (funnel, content, changed_at) VALUES (?, ?, ?)
             ON CONFLICT (funnel) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at",
        )
        .bind(funnel)
        .bind(content)
        .bind(Timestamp::now().as_millisecond())
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
