//! A signup's way out: claimed by one worker under a lease, and its attempts' ends recorded.
//!
//! `received` is due at a time; `delivering` is under the lease of one run of one proxy, which is extended while that runs. What is
//! left under a lease that ran out was interrupted: whoever takes it over does not know whether it arrived.

mod aside;
mod claim;
mod end;

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use jiff::Timestamp;
use uuid::Uuid;

use super::{AttemptKind, Conclusion, Content, Signup, State, Store, StoreError, clock::milliseconds, place};
use aside::{ParkStrays, PutBack, Retry};
use claim::{Claim, Extend, Leased, Which};
use end::{Conclude, GoOn, Made};

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
