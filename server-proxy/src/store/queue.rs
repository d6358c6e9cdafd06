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
    AttemptKind, Conclusion, Content, Reason, Signup, State, Store, StoreError, change::Change, clock::milliseconds, database::Engine,
    parameters, place, read,
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
    /// The attempt that its claim began: its number, and when that was.
    attempt: i64,
    started_at: Timestamp,
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
        if which.is_nothing() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let claim = Claim { which, engine: self.engine, owner: self.owner.clone(), now, until: now + milliseconds(lease) };
        let rows = self.change(claim).await?;
        rows.into_iter().map(|row| self.claimed(row, now)).collect()
    }

    fn claimed(&self, row: Leased, now: i64) -> Result<Claimed, StoreError> {
        let content = self.open_content(row.signup.id, &row.content);
        let left = u64::try_from(row.give_up_at - now).map(Duration::from_millis).unwrap_or_default();
        let held = self.held.hold(row.signup.id);
        Ok(Claimed {
            content,
            unsure: row.unsure,
            tries: row.tries,
            left,
            attempt: row.attempts,
            started_at: row.signup.changed_at,
            signup: row.signup,
            _held: held,
        })
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

    /// Records that a look-up found nothing, and begins the attempt that sends. `false` where somebody else has taken the signup over
    /// meanwhile: it is not to be sent.
    pub(crate) async fn go_on(&self, claimed: &mut Claimed, crm_status: u16, took: Duration) -> Result<bool, StoreError> {
        let attempt = Made {
            signup: claimed.signup.id,
            number: claimed.attempt,
            kind: AttemptKind::LookUp,
            started_at: claimed.started_at,
            took: Some(took),
            outcome: Some("absent"),
            crm_status: Some(crm_status),
            detail: None,
        };
        let next = claimed.attempt + 1;
        let is_ours = self.change(GoOn { owner: self.owner.clone(), attempt, next }).await?;
        claimed.attempt = next;
        claimed.started_at = Timestamp::now();
        Ok(is_ours)
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
            made: Made {
                signup: id,
                number: claimed.attempt,
                kind: conclusion.kind,
                started_at: claimed.started_at,
                took,
                outcome: conclusion.outcome,
                crm_status: conclusion.crm_status,
                detail: conclusion.detail.as_ref().map(|detail| self.keys.seal(&place("detail", id), detail.as_bytes())),
            },
            owner: self.owner.clone(),
            // A server takes no text with a NUL in it.
            conclusion: Conclusion { crm_id: conclusion.crm_id.as_ref().map(|id| id.replace('\0', "")), ..conclusion.clone() },
            link: conclusion.link.as_ref().map(|(link, _)| self.keys.seal(&place("link", id), link.expose().as_bytes())),
            content,
            due_at: conclusion.again.map_or(0, |again| self.clock.now().saturating_add(milliseconds(again.after))),
            now: Timestamp::now(),
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
        self.change(ParkStrays { funnels, connections, given_up_before, now: self.clock.now() }).await
    }

    /// Parks again what an operator's command that was broken off had claimed.
    pub(crate) async fn put_back(&self) -> Result<(), StoreError> {
        self.change(PutBack { now: self.clock.now() }).await
    }

    /// Has a parked signup delivered again, at once; one that waits for its next attempt need not wait. What may have arrived is looked
    /// up first, when the CRM has had `settle` since its last attempt, unless it is to be sent `anyway`.
    pub(crate) async fn retry(&self, id: Uuid, anyway: bool, patience: Duration, settle: Duration) -> Result<Retried, StoreError> {
        let give_up_at = self.clock.now().saturating_add(milliseconds(patience));
        match self.change(Retry { id, anyway, give_up_at, settle: milliseconds(settle) }).await {
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

impl Which {
    /// A lane none of whose funnels is there yet.
    fn is_nothing(&self) -> bool {
        match self {
            Which::One(_) | Which::Parked(_) => false,
            Which::Due { lane, .. } | Which::Left { lane, .. } | Which::NotOurs { lane, .. } => lane.funnels.is_empty(),
        }
    }
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

/// Puts a row under a lease.
const LEASE: &str = "UPDATE signups SET lease_owner = $1, lease_until = $2";
/// And begins an attempt. What is taken over goes on with the one that was under way: it began when the signup was last changed.
const BEGIN: &str = "state = 'delivering', attempts = attempts + 1, changed_at";

#[async_trait]
impl Change for Claim {
    type Done = Vec<Leased>;

    async fn make(&self, on: &mut AnyConnection) -> Result<Vec<Leased>, StoreError> {
        let begun = Timestamp::now().as_millisecond();
        let skip = self.engine.skip_locked();
        let sql = match &self.which {
            Which::One(_) => format!("{LEASE}, {BEGIN} = $3 WHERE id = $4 AND state = 'received'"),
            Which::Parked(_) => format!("{LEASE}, {BEGIN} = $3 WHERE id = $4 AND state = 'parked'"),
            Which::Due { lane, limit, .. } => format!(
                "{} {LEASE}, {BEGIN} = $3 {PICKED}",
                pick(&format!(
                    "state = 'received' AND connection = $4 AND (due_at <= $5 OR due_at > $6) AND funnel IN ({}) \
                     ORDER BY due_at LIMIT {limit}{skip}",
                    parameters(7, lane.funnels.len())
                ))
            ),
            // An operator works beside the proxy, and what that was at is parked.
            Which::Left { lane, limit } => format!(
                "{} {LEASE} {PICKED}",
                pick(&format!(
                    "state = 'delivering' AND connection = $3 AND COALESCE(lease_until, 0) < $4 \
                     AND COALESCE(lease_owner, '') NOT LIKE 'operator-%' AND funnel IN ({}) LIMIT {limit}{skip}",
                    parameters(5, lane.funnels.len())
                ))
            ),
            Which::NotOurs { lane, limit } => format!(
                "{} {LEASE} {PICKED}",
                pick(&format!(
                    "state = 'delivering' AND connection = $3 AND COALESCE(lease_owner, '') <> $1 \
                     AND COALESCE(lease_owner, '') NOT LIKE 'operator-%' AND funnel IN ({}) LIMIT {limit}{skip}",
                    parameters(4, lane.funnels.len())
                ))
            ),
        };
        let returning = concat!(" RETURNING content, unsure, tries, give_up_at, attempts, ", read::columns!());
        let query = sqlx::query(AssertSqlSafe(sql + returning)).bind(self.owner.as_str()).bind(self.until);
        let (query, lane) = match &self.which {
            Which::One(id) | Which::Parked(id) => (query.bind(begun).bind(id.to_string()), None),
            Which::Due { lane, far, .. } => {
                let query = query.bind(begun).bind(lane.connection.as_str()).bind(self.now).bind(self.now.saturating_add(*far));
                (query, Some(lane))
            }
            Which::Left { lane, .. } => (query.bind(lane.connection.as_str()).bind(self.now), Some(lane)),
            Which::NotOurs { lane, .. } => (query.bind(lane.connection.as_str()), Some(lane)),
        };
        let funnels = lane.into_iter().flat_map(|lane| &lane.funnels);
        let query = funnels.fold(query, |query, funnel| query.bind(funnel.as_str()));
        query.fetch_all(on).await?.iter().map(row).collect()
    }
}

/// Picked once, before any is claimed: a server might otherwise pick anew for each.
fn pick(which: &str) -> String {
    format!("WITH picked AS MATERIALIZED (SELECT id FROM signups WHERE {which})")
}

const PICKED: &str = "WHERE id IN (SELECT id FROM picked)";

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
    owner: String,
    attempt: Made,
    next: i64,
}

#[async_trait]
impl Change for GoOn {
    /// Whether the signup is still ours to send.
    type Done = bool;

    async fn make(&self, on: &mut AnyConnection) -> Result<bool, StoreError> {
        let ours = "UPDATE signups SET attempts = $1 WHERE id = $2 AND state = 'delivering' AND lease_owner = $3 AND attempts = $4";
        let ours = sqlx::query(ours)
            .bind(self.next)
            .bind(self.attempt.signup.to_string())
            .bind(self.owner.as_str())
            .bind(self.attempt.number)
            .execute(&mut *on)
            .await?;
        if ours.rows_affected() == 0 {
            return Ok(false);
        }
        self.attempt.write(on).await?;
        Ok(true)
    }
}

/// An attempt that was made.
struct Made {
    signup: Uuid,
    number: i64,
    kind: AttemptKind,
    started_at: Timestamp,
    took: Option<Duration>,
    outcome: Option<&'static str>,
    crm_status: Option<u16>,
    detail: Option<Vec<u8>>,
}

impl Made {
    /// Of two that end the same attempt, one because it had taken it over, who ends it last knows best.
    async fn write(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO attempts (signup, number, kind, started_at, took_ms, outcome, crm_status, detail) \
             SELECT id, $2, $3, $4, $5, $6, $7, $8 FROM signups WHERE id = $1 ON CONFLICT (signup, number) DO UPDATE SET kind = excluded.kind, \
             took_ms = excluded.took_ms, outcome = excluded.outcome, crm_status = excluded.crm_status, detail = excluded.detail",
        )
        .bind(self.signup.to_string())
        .bind(self.number)
        .bind(self.kind.as_str())
        .bind(self.started_at.as_millisecond())
        .bind(self.took.map(milliseconds))
        .bind(self.outcome)
        .bind(self.crm_status.map(i64::from))
        .bind(self.detail.as_deref())
        .execute(on)
        .await?;
        Ok(())
    }
}

struct Conclude {
    made: Made,
    owner: String,
    conclusion: Conclusion,
    link: Option<Vec<u8>>,
    content: Option<Vec<u8>>,
    due_at: i64,
    now: Timestamp,
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
        let mut row = ours.bind(self.owner.as_str()).bind(self.made.number).fetch_optional(&mut *on).await?;
        // The lease was lost. A yes is true whatever somebody else has made of it since; a no may be about the one whom that was.
        let late = match self.conclusion.state {
            State::Registered => Some(conclude!(
                "(state IN ('received', 'delivering', 'rejected') \
                 OR (state = 'parked' AND reason IN ('outcome-unknown', 'interrupted', 'crm-unreachable')))"
            )),
            State::Rejected => Some(conclude!(
                "(state = 'received' OR (state = 'parked' AND reason IN ('outcome-unknown', 'interrupted', 'crm-unreachable')))"
            )),
            _ => None,
        };
        if let (None, Some(late)) = (&row, late) {
            row = self.query(late).fetch_optional(&mut *on).await?;
        }
        self.made.write(on).await?;
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
            .bind(i64::from(again.map_or_else(|| conclusion.reason.is_some_and(Reason::is_doubt), |again| again.unsure)))
            .bind(i64::from(again.is_some()))
            .bind(self.content.as_deref())
            .bind(self.made.signup.to_string())
    }
}

struct ParkStrays {
    funnels: Vec<String>,
    connections: Vec<String>,
    given_up_before: i64,
    now: i64,
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

struct PutBack {
    now: i64,
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

struct Retry {
    id: Uuid,
    anyway: bool,
    give_up_at: i64,
    settle: i64,
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
