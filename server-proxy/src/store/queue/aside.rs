//! What happens to signups aside from their attempts: nobody can deliver them, or an operator has a say.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe};
use uuid::Uuid;

use super::Retried;
use crate::store::{StoreError, change::Change, parameters, read};

pub(super) struct ParkStrays {
    pub(super) funnels: Vec<String>,
    pub(super) connections: Vec<String>,
    pub(super) given_up_before: i64,
    pub(super) now: i64,
}

#[async_trait]
impl Change for ParkStrays {
    type Done = u64;

    async fn make(&self, on: &mut AnyConnection) -> Result<u64, StoreError> {
        // Nothing stands for a list without members, which SQL does not know.
        let funnels = parameters(4, self.funnels.len() + 1);
        let connections = parameters(5 + self.funnels.len(), self.connections.len() + 1);
        let nobodys = format!("give_up_at < $2 AND (funnel NOT IN ({funnels}) OR connection NOT IN ({connections}))");
        let parked = "UPDATE signups SET state = 'parked', told = -1, lease_owner = NULL, lease_until = NULL, changed_at = $1, reason =";
        let mut strays = 0;
        for which in [
            format!("'misconfigured' WHERE state = 'received' AND COALESCE(lease_until, 0) < $3 AND {nobodys}"),
            // It may have arrived.
            format!("'interrupted', unsure = 1 WHERE state = 'delivering' AND COALESCE(lease_until, 0) < $3 AND {nobodys}"),
        ] {
            let query = sqlx::query(AssertSqlSafe(format!("{parked} {which}")));
            let mut query = query.bind(Timestamp::now().as_millisecond()).bind(self.given_up_before).bind(self.now);
            for list in [&self.funnels, &self.connections] {
                query = query.bind("");
                for name in list {
                    query = query.bind(name.as_str());
                }
            }
            strays += query.execute(&mut *on).await?.rows_affected();
        }
        Ok(strays)
    }
}

pub(super) struct PutBack {
    pub(super) now: i64,
}

#[async_trait]
impl Change for PutBack {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE signups SET state = 'parked', told = attempts, lease_owner = NULL, lease_until = NULL \
             WHERE state = 'delivering' AND lease_owner LIKE 'operator-%' AND COALESCE(lease_until, 0) < $1",
        )
        .bind(self.now)
        .execute(on)
        .await?;
        Ok(())
    }
}

pub(super) struct Retry {
    pub(super) id: Uuid,
    pub(super) anyway: bool,
    pub(super) give_up_at: i64,
    pub(super) settle: i64,
}

#[async_trait]
impl Change for Retry {
    type Done = Retried;

    async fn make(&self, on: &mut AnyConnection) -> Result<Retried, StoreError> {
        let queued = sqlx::query(
            // What may have arrived is looked up when the CRM has settled, and not before.
            "UPDATE signups SET state = 'received', reason = 'retried', changed_at = $1, give_up_at = $2, tries = 0, \
             due_at = CASE WHEN $3 = 1 THEN 0 WHEN state = 'received' AND unsure = 1 THEN due_at \
             WHEN unsure = 1 OR reason IN ('outcome-unknown', 'interrupted') THEN changed_at + $5 ELSE 0 END, \
             unsure = CASE WHEN $3 = 1 THEN 0 WHEN reason IN ('outcome-unknown', 'interrupted') THEN 1 ELSE unsure END \
             WHERE id = $4 AND state IN ('received', 'parked')",
        )
        .bind(Timestamp::now().as_millisecond())
        .bind(self.give_up_at)
        .bind(i64::from(self.anyway))
        .bind(self.id.to_string())
        .bind(self.settle)
        .execute(&mut *on)
        .await?;
        if queued.rows_affected() == 1 {
            return Ok(Retried::Queued);
        }
        let row = sqlx::query("SELECT state FROM signups WHERE id = $1").bind(self.id.to_string()).fetch_optional(on).await?;
        row.map_or(Ok(Retried::Missing), |row| Ok(Retried::Not(read::state(&row)?)))
    }
}
