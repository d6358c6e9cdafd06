//! A signup's way out: claimed by one worker under a lease, and its attempts' ends recorded.
//!
//! `received` is due at a time; `delivering` is under the lease of one run of one proxy, which is extended while that runs. What is
//! left under a lease that ran out was interrupted: whoever takes it over does not know whether it arrived.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow};
use uuid::Uuid;

use super::{
    Conclusion, Content, Reason, Signup, State, Store, StoreError, change::Change, clock::milliseconds, database::Engine, parameters,
    place, read,
};
use crate::crash;

/// What a worker for one connection can deliver.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    pub(crate) connection: String,
    pub(crate) funnels: Vec<String>,
}

/// A signup under our lease.
#[derive(Debug)]
pub(crate) struct Claimed {
    pub(crate) signup: Signup,
    /// An error where no configured key opens it.
    pub(crate) content: Result<Content, StoreError>,
    /// Whether an attempt may have arrived.
    pub(crate) unsure: bool,
    /// Attempts in a row that came to nothing.
    pub(crate) tries: u32,
    /// Until it is given up; nothing where that time is over.
    pub(crate) left: Duration,
    /// The number of the attempt that its claim began.
    attempt: i64,
    /// For as long as this lives, its lease is extended.
    _held: Arc<Uuid>,
}

/// What this run has claimed and works on. A claim that it never heard of, as the connection broke, is not among it: its lease runs
/// out like that of a proxy that died.
#[derive(Default)]
pub(super) struct Held(Mutex<Vec<Weak<Uuid>>>);

impl Held {
    fn hold(&self, id: Uuid) -> Arc<Uuid> {
        let held = Arc::new(id);
        self.lock().push(Arc::downgrade(&held));
        held
    }

    fn ids(&self) -> Vec<Uuid> {
        let mut held = self.lock();
        held.retain(|claimed| claimed.strong_count() > 0);
        held.iter().filter_map(Weak::upgrade).map(|id| *id).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Uuid>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of an operator's wish to deliver a signup again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retried {
    Queued,
    /// Nothing is left to be done, or it is being done.
    Not(State),
    /// Another signup of the same e-mail is under way.
    UnderWay,
    Missing,
}

impl Store {
    /// Claims a received signup; `None` where somebody else did.
    pub(crate) async fn claim(&self, id: Uuid, lease: Duration) -> Result<Option<Claimed>, StoreError> {
        Ok(self.claim_where(Which::One(id), lease).await?.pop())
    }

    /// Claims a parked signup for an operator; `None` where it is not parked.
    pub(crate) async fn claim_parked(&self, id: Uuid, lease: Duration) -> Result<Option<Claimed>, StoreError> {
        Ok(self.claim_where(Which::Parked(id), lease).await?.pop())
    }

    /// Claims what is due, the longest due first. What is due later than `far` from now was put there by a clock that has been set
    /// back since, and counts as due.
    pub(crate) async fn claim_due(&self, lane: &Lane, limit: usize, far: Duration, lease: Duration) -> Result<Vec<Claimed>, StoreError> {
        self.claim_where(Which::Due { lane: lane.clone(), limit, far: milliseconds(far) }, lease).await
    }

    /// Claims what was left in the middle of an attempt, which shows in a lease that ran out: whether it arrived is unknown.
    pub(crate) async fn take_over(&self, lane: &Lane, limit: usize, lease: Duration) -> Result<Vec<Claimed>, StoreError> {
        // Not what this run works on, though the store may have been away for longer than a lease.
        self.extend_leases(lease).await?;
        self.claim_where(Which::Left { lane: lane.clone(), limit }, lease).await
    }

    /// The same when a proxy starts. A file has one proxy: what another run holds, it has left, whatever its lease says.
    pub(crate) async fn take_over_at_start(&self, lane: &Lane, limit: usize, lease: Duration) -> Result<Vec<Claimed>, StoreError> {
        let lane = lane.clone();
        let which = if self.is_shared() { Which::Left { lane, limit } } else { Which::NotOurs { lane, limit } };
        self.claim_where(which, lease).await
    }

    async fn claim_where(&self, which: Which, lease: Duration) -> Result<Vec<Claimed>, StoreError> {
        let now = self.clock.now();
        let claim = Claim { which, engine: self.engine, owner: self.owner.clone(), now, until: now + milliseconds(lease) };
        let rows = self.change(claim).await?;
        rows.into_iter().map(|row| self.claimed(row, now)).collect()
    }

    fn claimed(&self, row: Leased, now: i64) -> Result<Claimed, StoreError> {
        let content = self.open_content(row.signup.id, &row.content);
        let left = u64::try_from(row.give_up_at - now).map(Duration::from_millis).unwrap_or_default();
        let held = self.held.hold(row.signup.id);
        Ok(Claimed { content, unsure: row.unsure, tries: row.tries, left, attempt: row.attempts, signup: row.signup, _held: held })
    }

    pub(super) fn open_content(&self, id: Uuid, sealed: &[u8]) -> Result<Content, StoreError> {
        let plain = self.keys.open(&place("content", id), sealed)?;
        serde_json::from_slice(&plain).map_err(|error| StoreError::Unreadable(error.to_string()))
    }

    /// Tells that this run still works on what it has claimed.
    pub(crate) async fn extend_leases(&self, lease: Duration) -> Result<(), StoreError> {
        let ids = self.held.ids();
        if ids.is_empty() {
            return Ok(());
        }
        self.change(Extend { owner: self.owner.clone(), ids, until: self.clock.now() + milliseconds(lease) }).await
    }

    /// Records that a look-up found nothing, and begins the attempt that sends.
    pub(crate) async fn go_on(&self, claimed: &mut Claimed, crm_status: u16, took: Duration) -> Result<(), StoreError> {
        let id = claimed.signup.id;
        self.change(GoOn { id, attempt: claimed.attempt, crm_status, took }).await?;
        claimed.attempt += 1;
        Ok(())
    }

    /// Records how an attempt ended, and where the signup stands from then on; gives the signup back as it stands. A lease that was
    /// lost meanwhile changes nothing about what the CRM said: its yes and its no count, as long as nobody knows better.
    pub(crate) async fn conclude(
        &self,
        claimed: &Claimed,
        conclusion: &Conclusion,
        took: Option<Duration>,
    ) -> Result<Option<Signup>, StoreError> {
        let id = claimed.signup.id;
        let content = match &conclusion.content {
            Some(content) => {
                let content = serde_json::to_vec(content).map_err(|error| StoreError::Unreadable(error.to_string()))?;
                Some(self.keys.seal(&place("content", id), &content))
            }
            None => None,
        };
        let conclude = Conclude {
            id,
            owner: self.owner.clone(),
            attempt: claimed.attempt,
            conclusion: conclusion.clone(),
            link: conclusion.link.as_ref().map(|(link, _)| self.keys.seal(&place("link", id), link.expose().as_bytes())),
            detail: conclusion.detail.as_ref().map(|detail| self.keys.seal(&place("detail", id), detail.as_bytes())),
            content,
            due_at: conclusion.again.map_or(0, |again| self.clock.now().saturating_add(milliseconds(again.after))),
            now: Timestamp::now(),
            took,
        };
        let signup = self.change(conclude).await?;
        if signup.is_none() {
            tracing::error!(signup = %id, outcome = conclusion.outcome, "an attempt ended for a signup that somebody else has settled");
        }
        Ok(signup)
    }

    /// Parks what no configured funnel or connection can deliver. On a server another proxy may know them already: there it is given
    /// up at its time.
    pub(crate) async fn park_strays(&self, funnels: Vec<String>, connections: Vec<String>) -> Result<u64, StoreError> {
        let given_up_before = if self.is_shared() { self.clock.now() } else { i64::MAX };
        self.change(ParkStrays { funnels, connections, given_up_before }).await
    }

    /// Has a parked signup delivered again, at once; one that waits for its next attempt need not wait. What may have arrived is looked
    /// up first, unless it is to be sent `anyway`.
    pub(crate) async fn retry(&self, id: Uuid, anyway: bool, patience: Duration) -> Result<Retried, StoreError> {
        let give_up_at = self.clock.now().saturating_add(milliseconds(patience));
        match self.change(Retry { id, anyway, give_up_at }).await {
            Err(error) if error.is_conflict() => Ok(Retried::UnderWay),
            done => done,
        }
    }
}

#[derive(Debug)]
enum Which {
    One(Uuid),
    Parked(Uuid),
    Due { lane: Lane, limit: usize, far: i64 },
    Left { lane: Lane, limit: usize },
    NotOurs { lane: Lane, limit: usize },
}

struct Claim {
    which: Which,
    engine: Engine,
    owner: String,
    now: i64,
    until: i64,
}

/// A claimed row.
struct Leased {
    signup: Signup,
    content: Vec<u8>,
    unsure: bool,
    tries: u32,
    give_up_at: i64,
    attempts: i64,
}

const CLAIM: &str = "UPDATE signups SET state = 'delivering', changed_at = $1, lease_owner = $2, lease_until = $3, attempts = attempts + 1";

#[async_trait]
impl Change for Claim {
    type Done = Vec<Leased>;

    async fn make(&self, on: &mut AnyConnection) -> Result<Vec<Leased>, StoreError> {
        let now = Timestamp::now().as_millisecond();
        let returning = concat!(" RETURNING content, unsure, tries, give_up_at, attempts, ", read::columns!());
        let skip = self.engine.skip_locked();
        let sql = match &self.which {
            Which::One(_) => format!("{CLAIM} WHERE id = $4 AND state = 'received'"),
            Which::Parked(_) => format!("{CLAIM} WHERE id = $4 AND state = 'parked'"),
            Which::Due { lane, limit, .. } => picked(&format!(
                "state = 'received' AND connection = $4 AND (due_at <= $5 OR due_at > $6) AND funnel IN ({}) ORDER BY due_at LIMIT {limit}{skip}",
                parameters(7, lane.funnels.len())
            )),
            Which::Left { lane, limit } => picked(&format!(
                "state = 'delivering' AND connection = $4 AND COALESCE(lease_until, 0) < $5 AND funnel IN ({}) LIMIT {limit}{skip}",
                parameters(6, lane.funnels.len())
            )),
            // An operator works beside the proxy.
            Which::NotOurs { lane, limit } => picked(&format!(
                "state = 'delivering' AND connection = $4 AND COALESCE(lease_owner, '') <> $2 AND COALESCE(lease_owner, '') NOT LIKE 'operator-%' \
                 AND funnel IN ({}) LIMIT {limit}{skip}",
                parameters(5, lane.funnels.len())
            )),
        };
        let mut query = sqlx::query(AssertSqlSafe(sql + returning)).bind(now).bind(self.owner.as_str()).bind(self.until);
        query = match &self.which {
            Which::One(id) | Which::Parked(id) => query.bind(id.to_string()),
            Which::Due { lane, far, .. } => {
                let query = query.bind(lane.connection.as_str()).bind(self.now).bind(self.now.saturating_add(*far));
                lane.funnels.iter().fold(query, |query, funnel| query.bind(funnel.as_str()))
            }
            Which::Left { lane, .. } => {
                let query = query.bind(lane.connection.as_str()).bind(self.now);
                lane.funnels.iter().fold(query, |query, funnel| query.bind(funnel.as_str()))
            }
            Which::NotOurs { lane, .. } => {
                let query = query.bind(lane.connection.as_str());
                lane.funnels.iter().fold(query, |query, funnel| query.bind(funnel.as_str()))
            }
        };
        let rows: Vec<Leased> = query.fetch_all(&mut *on).await?.iter().map(row).collect::<Result<_, _>>()?;
        if !rows.is_empty() {
            let ids = parameters(2, rows.len());
            let sql = format!(
                "INSERT INTO attempts (signup, number, kind, started_at) SELECT id, attempts, 'send', $1 FROM signups WHERE id IN ({ids})"
            );
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(now);
            for row in &rows {
                query = query.bind(row.signup.id.to_string());
            }
            query.execute(on).await?;
        }
        Ok(rows)
    }
}

/// Picked once, before any is claimed: a server might otherwise pick anew for each.
fn picked(which: &str) -> String {
    format!("WITH picked AS MATERIALIZED (SELECT id FROM signups WHERE {which}) {CLAIM} WHERE id IN (SELECT id FROM picked)")
}

fn row(row: &AnyRow) -> Result<Leased, StoreError> {
    let (unsure, tries): (i64, i64) = (row.try_get("unsure")?, row.try_get("tries")?);
    Ok(Leased {
        signup: read::signup(row)?,
        content: row.try_get("content")?,
        unsure: unsure != 0,
        tries: u32::try_from(tries).unwrap_or(u32::MAX),
        give_up_at: row.try_get("give_up_at")?,
        attempts: row.try_get("attempts")?,
    })
}

struct Extend {
    owner: String,
    ids: Vec<Uuid>,
    until: i64,
}

#[async_trait]
impl Change for Extend {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        let ids = parameters(3, self.ids.len());
        let sql = format!("UPDATE signups SET lease_until = $1 WHERE state = 'delivering' AND lease_owner = $2 AND id IN ({ids})");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(self.until).bind(self.owner.as_str());
        self.ids.iter().fold(query, |query, id| query.bind(id.to_string())).execute(on).await?;
        Ok(())
    }
}

struct GoOn {
    id: Uuid,
    attempt: i64,
    crm_status: u16,
    took: Duration,
}

#[async_trait]
impl Change for GoOn {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE attempts SET kind = 'look-up', took_ms = $1, outcome = 'absent', crm_status = $2 WHERE signup = $3 AND number = $4",
        )
        .bind(milliseconds(self.took))
        .bind(i64::from(self.crm_status))
        .bind(self.id.to_string())
        .bind(self.attempt)
        .execute(&mut *on)
        .await?;
        sqlx::query("UPDATE signups SET attempts = $1 WHERE id = $2")
            .bind(self.attempt + 1)
            .bind(self.id.to_string())
            .execute(&mut *on)
            .await?;
        sqlx::query("INSERT INTO attempts (signup, number, kind, started_at) VALUES ($1, $2, 'send', $3)")
            .bind(self.id.to_string())
            .bind(self.attempt + 1)
            .bind(Timestamp::now().as_millisecond())
            .execute(on)
            .await?;
        Ok(())
    }
}

struct Conclude {
    id: Uuid,
    owner: String,
    attempt: i64,
    conclusion: Conclusion,
    link: Option<Vec<u8>>,
    detail: Option<Vec<u8>>,
    content: Option<Vec<u8>>,
    due_at: i64,
    now: Timestamp,
    took: Option<Duration>,
}

macro_rules! conclude {
    ($which:literal) => {
        concat!(
            "UPDATE signups SET state = $1, reason = $2, refused_field = $3, changed_at = $4, crm_id = $5, link = $6, link_expires_at = $7, \
             due_at = $8, unsure = $9, tries = tries + $10, content = COALESCE($11, content), lease_owner = NULL, lease_until = NULL \
             WHERE id = $12 AND ",
            $which,
            " RETURNING ",
            read::columns!()
        )
    };
}

#[async_trait]
impl Change for Conclude {
    type Done = Option<Signup>;

    async fn make(&self, on: &mut AnyConnection) -> Result<Option<Signup>, StoreError> {
        let ours = self.query(conclude!("state = 'delivering' AND lease_owner = $13 AND attempts = $14"));
        let mut row = ours.bind(self.owner.as_str()).bind(self.attempt).fetch_optional(&mut *on).await?;
        if row.is_none() && matches!(self.conclusion.state, State::Registered | State::Rejected) {
            let late = conclude!(
                "(state IN ('received', 'delivering') OR (state = 'parked' AND reason IN ('outcome-unknown', 'interrupted', 'crm-unreachable')))"
            );
            row = self.query(late).fetch_optional(&mut *on).await?;
        }
        sqlx::query(
            "UPDATE attempts SET kind = $1, took_ms = $2, outcome = $3, crm_status = $4, detail = $5 WHERE signup = $6 AND number = $7",
        )
        .bind(self.conclusion.kind.as_str())
        .bind(self.took.map(milliseconds))
        .bind(self.conclusion.outcome)
        .bind(self.conclusion.crm_status.map(i64::from))
        .bind(self.detail.as_deref())
        .bind(self.id.to_string())
        .bind(self.attempt)
        .execute(on)
        .await?;
        crash::point("before-commit");
        row.as_ref().map(read::signup).transpose()
    }
}

impl Conclude {
    fn query(&self, sql: &'static str) -> sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments> {
        let conclusion = &self.conclusion;
        let again = conclusion.again;
        sqlx::query(sql)
            .bind(conclusion.state.as_str())
            .bind(conclusion.reason.map(Reason::as_str))
            .bind(conclusion.refused_field.as_deref())
            .bind(self.now.as_millisecond())
            .bind(conclusion.crm_id.as_deref())
            .bind(self.link.as_deref())
            .bind(conclusion.link.as_ref().map(|(_, expires_at)| expires_at.as_millisecond()))
            .bind(self.due_at)
            .bind(i64::from(again.is_some_and(|again| again.unsure)))
            .bind(i64::from(again.is_some()))
            .bind(self.content.as_deref())
            .bind(self.id.to_string())
    }
}

struct ParkStrays {
    funnels: Vec<String>,
    connections: Vec<String>,
    given_up_before: i64,
}

#[async_trait]
impl Change for ParkStrays {
    type Done = u64;

    async fn make(&self, on: &mut AnyConnection) -> Result<u64, StoreError> {
        // Nothing stands for a list without members, which SQL does not know.
        let funnels = parameters(3, self.funnels.len() + 1);
        let connections = parameters(4 + self.funnels.len(), self.connections.len() + 1);
        let sql = format!(
            "UPDATE signups SET state = 'parked', reason = 'misconfigured', changed_at = $1 WHERE state = 'received' AND give_up_at < $2 \
             AND (funnel NOT IN ({funnels}) OR connection NOT IN ({connections}))"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(Timestamp::now().as_millisecond()).bind(self.given_up_before);
        for list in [&self.funnels, &self.connections] {
            query = query.bind("");
            for name in list {
                query = query.bind(name.as_str());
            }
        }
        Ok(query.execute(on).await?.rows_affected())
    }
}

struct Retry {
    id: Uuid,
    anyway: bool,
    give_up_at: i64,
}

#[async_trait]
impl Change for Retry {
    type Done = Retried;

    async fn make(&self, on: &mut AnyConnection) -> Result<Retried, StoreError> {
        let queued = sqlx::query(
            "UPDATE signups SET state = 'received', reason = 'retried', changed_at = $1, due_at = 0, give_up_at = $2, tries = 0, \
             unsure = CASE WHEN $3 = 1 THEN 0 WHEN reason IN ('outcome-unknown', 'interrupted') THEN 1 ELSE unsure END \
             WHERE id = $4 AND state IN ('received', 'parked')",
        )
        .bind(Timestamp::now().as_millisecond())
        .bind(self.give_up_at)
        .bind(i64::from(self.anyway))
        .bind(self.id.to_string())
        .execute(&mut *on)
        .await?;
        if queued.rows_affected() == 1 {
            return Ok(Retried::Queued);
        }
        let row = sqlx::query("SELECT state FROM signups WHERE id = $1").bind(self.id.to_string()).fetch_optional(on).await?;
        row.map_or(Ok(Retried::Missing), |row| Ok(Retried::Not(read::state(&row)?)))
    }
}
