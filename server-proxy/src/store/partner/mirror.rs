//! How fresh an affiliate's mirror is, and whose it is to bring it up to date: of several proxies one does, by a lease.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::{AnyConnection, Row};

use super::super::{Store, StoreError, change::Change, clock::milliseconds};

/// Times by the store's clock; 0 for never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mirror {
    /// When the CRM was last asked with success: at all, and for everything.
    pub(crate) as_of: i64,
    pub(crate) whole_as_of: i64,
    /// When it last was not, since then.
    pub(crate) failed_at: i64,
    /// Until when somebody brings it up to date.
    pub(crate) held_until: i64,
}

/// From when on a mirror is to be brought up to date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Freshness {
    pub(crate) fresh: Duration,
    /// A CRM that did not answer is left alone for so long.
    pub(crate) patience: Duration,
    pub(crate) lease: Duration,
}

impl Store {
    /// The mirror of an affiliate's records; nothing yet where there is none.
    pub(crate) async fn mirror(&self, affiliate: &str) -> Result<Mirror, StoreError> {
        let select = "SELECT as_of, whole_as_of, failed_at, held_until FROM mirrors WHERE affiliate = $1";
        let row = sqlx::query(select).bind(affiliate).fetch_optional(&self.reader).await?;
        Ok(row.map(|row| read(&row)).transpose()?.unwrap_or_default())
    }

    /// Has it to ourselves to be brought up to date, and says how it was; `None` where it is fresh, or somebody else is at it.
    pub(crate) async fn hold_mirror(&self, affiliate: &str, when: Freshness) -> Result<Option<Mirror>, StoreError> {
        let (affiliate, owner) = (affiliate.to_owned(), self.owner.clone());
        self.change(Hold { affiliate, owner, now: self.clock.now(), when }).await
    }

    /// Lets it go. `started`: by the store's clock, when what was read was asked for; `None` where the CRM did not answer.
    pub(crate) async fn release_mirror(&self, affiliate: &str, started: Option<i64>, whole: bool) -> Result<(), StoreError> {
        let (affiliate, owner) = (affiliate.to_owned(), self.owner.clone());
        self.change(Release { affiliate, owner, started, whole, now: self.clock.now() }).await
    }

    /// Everything that is mirrored of an affiliate goes. Somebody who is reading at this moment finds that it is no longer theirs.
    pub(crate) async fn drop_mirror(&self, affiliate: &str) -> Result<(), StoreError> {
        self.change(Unhold { affiliate: affiliate.to_owned() }).await?;
        self.forget_records(affiliate, None, i64::MAX).await?;
        self.change(Drop { affiliate: affiliate.to_owned() }).await
    }

    /// The affiliates that there is a mirror of.
    pub(crate) async fn mirrored(&self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT affiliate FROM mirrors ORDER BY affiliate").fetch_all(&self.reader).await?)
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Mirror, sqlx::Error> {
    Ok(Mirror { as_of: row.try_get(0)?, whole_as_of: row.try_get(1)?, failed_at: row.try_get(2)?, held_until: row.try_get(3)? })
}

struct Hold {
    affiliate: String,
    owner: String,
    now: i64,
    when: Freshness,
}

#[async_trait]
impl Change for Hold {
    type Done = Option<Mirror>;

    async fn make(&self, on: &mut AnyConnection) -> Result<Option<Mirror>, StoreError> {
        let insert = "INSERT INTO mirrors (affiliate) VALUES ($1) ON CONFLICT (affiliate) DO NOTHING";
        sqlx::query(insert).bind(self.affiliate.as_str()).execute(&mut *on).await?;
        let select = "SELECT as_of, whole_as_of, failed_at, held_until FROM mirrors WHERE affiliate = $1";
        let mirror = read(&sqlx::query(select).bind(self.affiliate.as_str()).fetch_one(&mut *on).await?)?;
        // A time to come was written by a clock that has been set back since.
        let is_within = |time: i64, duration: Duration| time > self.now.saturating_sub(milliseconds(duration)) && time <= self.now;
        if is_within(mirror.as_of, self.when.fresh) || is_within(mirror.failed_at, self.when.patience) {
            return Ok(None);
        }
        let held_until = self.now.saturating_add(milliseconds(self.when.lease));
        let hold =
            "UPDATE mirrors SET owner = $1, held_until = $2 WHERE affiliate = $3 AND as_of = $4 AND (held_until <= $5 OR held_until > $2)";
        let held = sqlx::query(hold)
            .bind(self.owner.as_str())
            .bind(held_until)
            .bind(self.affiliate.as_str())
            .bind(mirror.as_of)
            .bind(self.now)
            .execute(on)
            .await?;
        Ok((held.rows_affected() == 1).then_some(mirror))
    }
}

struct Release {
    affiliate: String,
    owner: String,
    started: Option<i64>,
    whole: bool,
    now: i64,
}

#[async_trait]
impl Change for Release {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        let sql = match (self.started, self.whole) {
            (Some(_), true) => "as_of = $1, whole_as_of = $1, failed_at = 0",
            (Some(_), false) => "as_of = $1, failed_at = 0",
            (None, _) => "failed_at = $1",
        };
        let sql = format!("UPDATE mirrors SET owner = '', held_until = 0, {sql} WHERE affiliate = $2 AND owner = $3");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(self.started.unwrap_or(self.now))
            .bind(self.affiliate.as_str())
            .bind(self.owner.as_str())
            .execute(on)
            .await?;
        Ok(())
    }
}

struct Unhold {
    affiliate: String,
}

#[async_trait]
impl Change for Unhold {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        let unhold = "UPDATE mirrors SET as_of = 0, whole_as_of = 0, failed_at = 0, owner = '', held_until = 0 WHERE affiliate = $1";
        sqlx::query(unhold).bind(self.affiliate.as_str()).execute(on).await?;
        Ok(())
    }
}

struct Drop {
    affiliate: String,
}

#[async_trait]
impl Change for Drop {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM accounts WHERE affiliate = $1").bind(self.affiliate.as_str()).execute(&mut *on).await?;
        sqlx::query("DELETE FROM mirrors WHERE affiliate = $1 AND owner = ''").bind(self.affiliate.as_str()).execute(on).await?;
        Ok(())
    }
}
