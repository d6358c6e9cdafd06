//! What operators are to be told of, and that of several proxies one tells it.
//!
//! A parked signup is news once each time it is parked: what has been told of is known by its attempts, so that no clock decides.
//! What looks like a bot's is none.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use uuid::Uuid;

use super::{Reason, Store, StoreError, change::Change, clock::milliseconds, database::Engine};

/// Signups that become news at once.
const TOGETHER: u64 = 500;
/// A CRM that no proxy has seen down for so long is down no more.
const STALE: Duration = Duration::from_secs(10);

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Parked,
    ConnectionDown,
    ConnectionUp,
}

/// Something to be told of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alert {
    pub(crate) event: Event,
    pub(crate) connection: String,
    /// How many signups were parked for which reason.
    pub(crate) reasons: BTreeMap<String, i64>,
}

impl Event {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Event::Parked => "parked",
            Event::ConnectionDown => "connection-down",
            Event::ConnectionUp => "connection-up",
        }
    }

    /// The row that it is about.
    fn kind(self) -> &'static str {
        match self {
            Event::Parked => "parked",
            Event::ConnectionDown | Event::ConnectionUp => "down",
        }
    }
}

impl Store {
    /// Takes up what has been parked since the last time.
    pub(crate) async fn gather_news(&self) -> Result<(), StoreError> {
        // Looking costs no write.
        let untold = "SELECT id FROM signups WHERE state = 'parked' AND told < attempts LIMIT 1";
        if sqlx::query(untold).fetch_optional(&self.reader).await?.is_some() {
            while self.change(Gather { engine: self.engine }).await? == TOGETHER {}
        }
        Ok(())
    }

    /// What an operator does themself to a parked signup is no news to them.
    pub(crate) async fn is_no_news(&self, id: Uuid) -> Result<(), StoreError> {
        self.change(NoNews { id }).await
    }

    /// A proxy sees that CRM down.
    pub(crate) async fn saw_down(&self, connection: &str) -> Result<(), StoreError> {
        self.change(SawDown { connection: connection.to_owned(), now: self.clock.now() }).await
    }

    /// What might be told now.
    pub(crate) async fn events(&self) -> Result<Vec<(Event, String)>, StoreError> {
        let mut events = Vec::new();
        for row in sqlx::query("SELECT DISTINCT connection FROM news WHERE count > 0").fetch_all(&self.reader).await? {
            events.push((Event::Parked, row.try_get(0)?));
        }
        for row in sqlx::query("SELECT connection, told FROM alerts WHERE kind = 'down'").fetch_all(&self.reader).await? {
            let told: i64 = row.try_get(1)?;
            events.push((if told == 0 { Event::ConnectionDown } else { Event::ConnectionUp }, row.try_get(0)?));
        }
        Ok(events)
    }

    /// Has it to ourselves to be told, for at most so long; `None` where it is not the time, or somebody else is at it. No message is
    /// ever put off for longer than `quiet`: one that is, was put off by a clock that has been set back since.
    pub(crate) async fn hold_alert(
        &self,
        event: Event,
        connection: &str,
        time: Duration,
        quiet: Duration,
    ) -> Result<Option<Alert>, StoreError> {
        let (time, quiet) = (milliseconds(time), milliseconds(quiet));
        self.change(Hold { event, connection: connection.to_owned(), now: self.clock.now(), time, quiet }).await
    }

    /// It is told; the next of its kind is not told before `quiet` is over.
    pub(crate) async fn told(&self, alert: Alert, quiet: Duration) -> Result<(), StoreError> {
        self.change(Told { alert, quiet_until: self.clock.now().saturating_add(milliseconds(quiet)) }).await
    }

    /// It could not be told: anybody may try.
    pub(crate) async fn release_alert(&self, alert: &Alert) -> Result<(), StoreError> {
        self.change(Release { event: alert.event, connection: alert.connection.clone() }).await
    }
}

struct Gather {
    engine: Engine,
}

#[async_trait]
impl Change for Gather {
    /// How many were looked at.
    type Done = u64;

    async fn make(&self, on: &mut AnyConnection) -> Result<u64, StoreError> {
        let sql = format!(
            "WITH picked AS MATERIALIZED (SELECT id FROM signups WHERE state = 'parked' AND told < attempts LIMIT {TOGETHER}{}) \
             UPDATE signups SET told = attempts WHERE id IN (SELECT id FROM picked) RETURNING connection, reason",
            self.engine.skip_locked()
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *on).await?;
        let mut counts = BTreeMap::<(String, String), i64>::new();
        for row in &rows {
            let reason: String = row.try_get(1)?;
            // A word that only a newer version knows is news as well.
            if !Reason::from_str(&reason).is_some_and(Reason::is_suspicion) {
                *counts.entry((row.try_get(0)?, reason)).or_default() += 1;
            }
        }
        for ((connection, reason), count) in counts {
            sqlx::query(
                "INSERT INTO news (connection, reason, count) VALUES ($1, $2, $3) \
                 ON CONFLICT (connection, reason) DO UPDATE SET count = news.count + excluded.count",
            )
            .bind(connection)
            .bind(reason)
            .bind(count)
            .execute(&mut *on)
            .await?;
        }
        Ok(rows.len() as u64)
    }
}

struct NoNews {
    id: Uuid,
}

#[async_trait]
impl Change for NoNews {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        // The attempt that is about to begin counts as told of.
        sqlx::query("UPDATE signups SET told = attempts + 1 WHERE id = $1 AND state = 'parked'")
            .bind(self.id.to_string())
            .execute(on)
            .await?;
        Ok(())
    }
}

struct SawDown {
    connection: String,
    now: i64,
}

#[async_trait]
impl Change for SawDown {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO alerts (connection, kind, seen_at) VALUES ($1, 'down', $2) \
             ON CONFLICT (connection, kind) DO UPDATE SET seen_at = excluded.seen_at",
        )
        .bind(self.connection.as_str())
        .bind(self.now)
        .execute(on)
        .await?;
        Ok(())
    }
}

struct Hold {
    event: Event,
    connection: String,
    now: i64,
    time: i64,
    quiet: i64,
}

macro_rules! hold {
    ($when:literal) => {
        concat!(
            "UPDATE alerts SET held_until = $1 WHERE connection = $2 AND kind = $3 AND (held_until <= $4 OR held_until > $1) AND ",
            $when
        )
    };
}

#[async_trait]
impl Change for Hold {
    type Done = Option<Alert>;

    async fn make(&self, on: &mut AnyConnection) -> Result<Option<Alert>, StoreError> {
        let mut reasons = BTreeMap::new();
        if self.event == Event::Parked {
            sqlx::query("INSERT INTO alerts (connection, kind) VALUES ($1, 'parked') ON CONFLICT DO NOTHING")
                .bind(self.connection.as_str())
                .execute(&mut *on)
                .await?;
        }
        let sql = match self.event {
            Event::Parked => hold!("(quiet_until <= $4 OR quiet_until > $5) AND $6 < $7"),
            Event::ConnectionDown => hold!("(quiet_until <= $4 OR quiet_until > $5) AND told = 0 AND seen_at BETWEEN $6 AND $7"),
            // Until when it is quiet is about the next time that it is down.
            Event::ConnectionUp => hold!("$5 = $5 AND told = 1 AND seen_at NOT BETWEEN $6 AND $7"),
        };
        let held = sqlx::query(sql)
            .bind(self.now.saturating_add(self.time))
            .bind(self.connection.as_str())
            .bind(self.event.kind())
            .bind(self.now)
            .bind(self.now.saturating_add(self.quiet))
            .bind(self.now - milliseconds(STALE))
            // Seen later than that by a clock that has been set back since.
            .bind(self.now + milliseconds(STALE));
        if held.execute(&mut *on).await?.rows_affected() == 0 {
            return Ok(None);
        }
        if self.event == Event::Parked {
            let news = sqlx::query("SELECT reason, count FROM news WHERE connection = $1 AND count > 0 ORDER BY reason");
            for row in news.bind(self.connection.as_str()).fetch_all(&mut *on).await? {
                reasons.insert(row.try_get(0)?, row.try_get(1)?);
            }
        }
        Ok(Some(Alert { event: self.event, connection: self.connection.clone(), reasons }))
    }
}

struct Told {
    alert: Alert,
    quiet_until: i64,
}

#[async_trait]
impl Change for Told {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        let Alert { event, connection, reasons } = &self.alert;
        for (reason, count) in reasons {
            // What came meanwhile is told the next time.
            sqlx::query("UPDATE news SET count = count - $1 WHERE connection = $2 AND reason = $3")
                .bind(*count)
                .bind(connection.as_str())
                .bind(reason.as_str())
                .execute(&mut *on)
                .await?;
        }
        let sql = match event {
            Event::Parked | Event::ConnectionDown => {
                "UPDATE alerts SET held_until = 0, quiet_until = $1, told = $2 WHERE connection = $3 AND kind = $4"
            }
            Event::ConnectionUp => "UPDATE alerts SET held_until = 0, told = $2 WHERE $1 = $1 AND connection = $3 AND kind = $4",
        };
        sqlx::query(sql)
            .bind(self.quiet_until)
            .bind(i64::from(*event == Event::ConnectionDown))
            .bind(connection.as_str())
            .bind(event.kind())
            .execute(on)
            .await?;
        Ok(())
    }
}

struct Release {
    event: Event,
    connection: String,
}

#[async_trait]
impl Change for Release {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("UPDATE alerts SET held_until = 0 WHERE connection = $1 AND kind = $2")
            .bind(self.connection.as_str())
            .bind(self.event.kind())
            .execute(on)
            .await?;
        Ok(())
    }
}
