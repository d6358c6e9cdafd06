//! The way to one CRM: how many go at once, and who goes next.
//!
//! Whoever signs up now goes first: part of the slots is theirs. The rest is for what waits in the store, the longest due first.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use super::{
    Courier,
    breaker::{Breaker, Pass},
};
use crate::{config::Delivery, crm::Crm, store};

/// How often the store is looked at for what has become due; another proxy may have put it there.
const LOOK: Duration = Duration::from_millis(500);
/// Through one lane.
const LOOK_UPS_AT_ONCE: usize = 4;
/// How many are claimed at once.
const TOGETHER: usize = 32;

pub(super) struct Lane {
    pub(super) connection: String,
    pub(super) crm: Arc<dyn Crm>,
    pub(super) breaker: Arc<Breaker>,
    /// Attempts that run at once; more wait, kept. A CRM that hangs holds up its own signups only.
    slots: Arc<Semaphore>,
    /// Of these, those that what waits in the store may take.
    backlog: Arc<Semaphore>,
    /// Look-ups that run at once: a CRM that is asked for reports by everybody at once answers nobody in time.
    pub(super) look_ups: Semaphore,
    /// Something may be due.
    due: Notify,
}

/// Leave for one attempt, as long as it runs.
pub(super) struct Turn {
    pub(super) pass: Pass,
    _slot: OwnedSemaphorePermit,
    _backlog: Option<OwnedSemaphorePermit>,
}

impl Lane {
    pub(super) fn new(connection: String, crm: Arc<dyn Crm>, delivery: &Delivery) -> Arc<Lane> {
        let at_once = crm.at_once().max(1);
        Arc::new(Lane {
            connection,
            breaker: Breaker::new(delivery.breaker_failures, delivery.breaker_pause, delivery.breaker_longest_pause),
            slots: Arc::new(Semaphore::new(at_once)),
            // Three quarters, and at least one.
            backlog: Arc::new(Semaphore::new(at_once - at_once / 4)),
            look_ups: Semaphore::new(LOOK_UPS_AT_ONCE),
            due: Notify::new(),
            crm,
        })
    }

    /// A turn for whoever signs up now, if there is one at once.
    pub(super) fn turn_now(&self) -> Option<Turn> {
        let slot = self.slots.clone().try_acquire_owned().ok()?;
        let pass = self.breaker.pass().ok()?;
        Some(Turn { pass, _slot: slot, _backlog: None })
    }

    /// That a signup may be due.
    pub(super) fn wake(&self) {
        self.due.notify_one();
    }

    /// Turns for what waits: at least one, after a wait for it, and as many more as are free.
    async fn turns(&self) -> Vec<Turn> {
        let mut turns = Vec::new();
        loop {
            // Never closed, so never an error; if they were, there would be nothing to do for ever.
            let (Ok(backlog), Ok(slot)) = (self.backlog.clone().acquire_owned().await, self.slots.clone().acquire_owned().await) else {
                return std::future::pending().await;
            };
            match self.breaker.pass() {
                Ok(pass) => {
                    turns.push(Turn { pass, _slot: slot, _backlog: Some(backlog) });
                    break;
                }
                Err(until) => {
                    drop((backlog, slot));
                    tokio::time::sleep_until(until.unwrap_or_else(|| tokio::time::Instant::now() + LOOK)).await;
                }
            }
        }
        // The one attempt that decides goes alone.
        while turns.len() < TOGETHER && !turns[0].pass.is_probe() {
            let (Ok(backlog), Ok(slot)) = (self.backlog.clone().try_acquire_owned(), self.slots.clone().try_acquire_owned()) else { break };
            let Ok(pass) = self.breaker.pass() else { break };
            turns.push(Turn { pass, _slot: slot, _backlog: Some(backlog) });
        }
        turns
    }
}

/// Delivers what waits for one connection, until the proxy stops.
pub(super) async fn work(courier: Arc<Courier>, lane: Arc<Lane>) {
    let mut looked_for_left = Instant::now();
    while let Some(mut turns) = courier.stopping.run_until_cancelled(lane.turns()).await {
        if looked_for_left.elapsed() > courier.delivery.lease / 3 {
            looked_for_left = Instant::now();
            courier.take_over_lane(&lane, false).await;
        }
        let claimed = courier.store.claim_due(&courier.open(&lane), turns.len(), courier.far(&lane), courier.delivery.lease).await;
        let claimed = claimed.unwrap_or_else(|error| {
            tracing::error!(connection = lane.connection, %error, "cannot look for signups that are due");
            Vec::new()
        });
        let nothing = claimed.is_empty();
        for claimed in claimed {
            let Some(turn) = turns.pop() else { break };
            courier.begin(lane.clone(), claimed, turn);
        }
        drop(turns);
        if nothing {
            // An error says that nothing has come meanwhile: time to look again.
            let _ = courier.stopping.run_until_cancelled(tokio::time::timeout(LOOK, lane.due.notified())).await;
        }
    }
}

impl Courier {
    /// What a lane can deliver: the funnels that are there.
    pub(super) fn open(&self, lane: &Lane) -> store::Lane {
        store::Lane { connection: lane.connection.clone(), funnels: self.funnels.all().iter().map(|funnel| funnel.id.clone()).collect() }
    }

    /// Later than anything is ever put off.
    pub(super) fn far(&self, lane: &Lane) -> Duration {
        self.delivery.longest_pause.max(lane.crm.settle()) + Duration::from_secs(1)
    }
}
