//! Autologin links, and the tickets that lead to them.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::{Store, StoreError, change::Change, place};
use crate::crm::AutologinLink;

impl Store {
    pub(crate) async fn link(&self, id: Uuid) -> Result<Option<AutologinLink>, StoreError> {
        let row = sqlx::query("SELECT link FROM signups WHERE id = $1").bind(id.to_string()).fetch_optional(&self.reader).await?;
        let sealed: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        let Some(sealed) = sealed else { return Ok(None) };
        let link =
            String::from_utf8(self.keys.open(&place("link", id), &sealed)?).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        Ok(Some(AutologinLink::checked_before(link)))
    }

    /// Notes the first use of a ticket; a later one changes nothing.
    pub(crate) async fn use_ticket(&self, id: Uuid, serial: u32, now: Timestamp) -> Result<(), StoreError> {
        self.change(Use { id, serial, now }).await
    }

    /// Replaces a spent ticket. Of two that ask at once, the second gets what the first made.
    pub(crate) async fn renew_ticket(&self, id: Uuid, spent: u32) -> Result<(), StoreError> {
        self.change(Renew { id, spent }).await
    }
}

struct Use {
    id: Uuid,
    serial: u32,
    now: Timestamp,
}

#[async_trait]
impl Change for Use {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("UPDATE signups SET ticket_used_at = $1 WHERE id = $2 AND ticket_serial = $3 AND ticket_used_at IS NULL")
            .bind(self.now.as_millisecond())
            .bind(self.id.to_string())
            .bind(i64::from(self.serial))
            .execute(on)
            .await?;
        Ok(())
    }
}

struct Renew {
    id: Uuid,
    spent: u32,
}

#[async_trait]
impl Change for Renew {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("UPDATE signups SET ticket_serial = ticket_serial + 1, ticket_used_at = NULL WHERE id = $1 AND ticket_serial = $2")
            .bind(self.id.to_string())
            .bind(i64::from(self.spent))
            .execute(on)
            .await?;
        Ok(())
    }
}
