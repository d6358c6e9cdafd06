//! What a funnel's CRM gave to it last.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, change::Change};
use crate::funnel::Given;

impl Store {
    pub(crate) async fn given(&self, funnel: &str) -> Result<Option<Given>, StoreError> {
        let row = sqlx::query("SELECT content FROM given WHERE funnel = $1").bind(funnel).fetch_optional(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        let content: String = row.try_get(0)?;
        serde_json::from_str(&content).map(Some).map_err(|error| StoreError::Unreadable(error.to_string()))
    }

    pub(crate) async fn keep_given(&self, funnel: &str, given: &Given) -> Result<(), StoreError> {
        let content = serde_json::to_string(given).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        self.change(KeepGiven { funnel: funnel.to_owned(), content, now: Timestamp::now() }).await
    }
}

struct KeepGiven {
    funnel: String,
    content: String,
    now: Timestamp,
}

#[async_trait]
impl Change for KeepGiven {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO given (funnel, content, changed_at) VALUES ($1, $2, $3)
             ON CONFLICT (funnel) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at",
        )
        .bind(self.funnel.as_str())
        .bind(self.content.as_str())
        .bind(self.now.as_millisecond())
        .execute(on)
        .await?;
        Ok(())
    }
}
