//! A signup's way out: claimed, looked up where it may have arrived, sent to the CRM, and its end recorded.
//!
//! An attempt runs in a task of its own; whoever asked only waits for it, so a visitor who closes the page cancels nothing.
//!
//! | file | |
//! |---|---|
//! | `lane` | the way to one CRM: who goes next, and how many at once |
//! | `attempt` | one claimed signup: look up, send, and what follows |
//! | `forget` | what is not kept any longer once an attempt has ended |
//! | `breaker`, `pause` | leaving a CRM alone that fails, and a signup until it is tried again |
//! | `waiters` | who waits for an end |

mod attempt;
mod breaker;
mod forget;
mod lane;
mod pause;
mod waiters;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::task::JoinHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{Instrument, error, warn};
use uuid::Uuid;

pub(crate) use attempt::Reconciled;
pub(crate) use breaker::Standing;

use crate::{
    config::Delivery,
    crash,
    crm::Connections,
    funnel::Funnels,
    store::{Claimed, Signup, Store, StoreError},
};
use lane::{Lane, Turn};

/// How often somebody who waits looks in the store: another proxy may be at it.
const LOOK: Duration = Duration::from_millis(500);

/// Takes signups to their CRMs.
pub(crate) struct Courier {
    store: Arc<Store>,
    lanes: BTreeMap<String, Arc<Lane>>,
    funnels: Arc<Funnels>,
    delivery: Delivery,
    /// How long a CRM's autologin link is taken to be good.
    autologin: Duration,
    attempts: TaskTracker,
    waiters: waiters::Waiters,
    stopping: CancellationToken,
}

impl Courier {
    pub(crate) fn new(
        store: Arc<Store>,
        connections: Connections,
        funnels: Arc<Funnels>,
        delivery: Delivery,
        autologin: Duration,
    ) -> Arc<Courier> {
        let lanes = connections.into_iter().map(|(name, crm)| (name.clone(), Lane::new(name, crm, &delivery))).collect();
        Arc::new(Courier {
            store,
            lanes,
            funnels,
            delivery,
            autologin,
            attempts: TaskTracker::new(),
            waiters: waiters::Waiters::default(),
            stopping: CancellationToken::new(),
        })
    }

    /// Begins to deliver what waits. What an earlier run left in the middle of an attempt is seen to first.
    pub(crate) async fn start(self: &Arc<Courier>) {
        for lane in self.lanes.values() {
            self.take_over_lane(lane, true).await;
            let (courier, lane) = (self.clone(), lane.clone());
            // A stop waits for it: what it has claimed has to be begun.
            self.attempts.spawn(lane::work(courier, lane));
        }
        let courier = self.clone();
        tokio::spawn(async move { courier.stay_alive().await });
    }

    /// Extends the leases for as long as this runs, and keeps to the server's time.
    async fn stay_alive(&self) {
        let mut beats = tokio::time::interval(self.delivery.lease / 3);
        loop {
            beats.tick().await;
            for beat in [self.store.set_clock().await, self.store.extend_leases(self.delivery.lease).await] {
                if let Err(error) = beat {
                    error!(%error, "cannot extend the leases of what is being delivered");
                }
            }
        }
    }

    /// Claims what others left in the middle of an attempt. It may have arrived.
    async fn take_over_lane(self: &Arc<Courier>, lane: &Arc<Lane>, at_start: bool) {
        const TOGETHER: usize = 256;
        let (open, lease) = (self.open(lane), self.delivery.lease);
        loop {
            let left = match at_start {
                true => self.store.take_over_at_start(&open, TOGETHER, lease).await,
                false => self.store.take_over(&open, TOGETHER, lease).await,
            };
            match left {
                Ok(left) => {
                    let count = left.len();
                    for claimed in left {
                        self.interrupted(lane, claimed).await;
                    }
                    if count < TOGETHER {
                        return;
                    }
                }
                Err(error) => {
                    error!(connection = lane.connection, %error, "cannot look for signups whose delivery was interrupted");
                    return;
                }
            }
        }
    }

    /// Runs something to its end although whoever asked for it may leave, and lets a stop wait for it.
    pub(crate) fn see_through<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.attempts.spawn(work.in_current_span())
    }

    /// Starts an attempt of a signup that was just kept, and waits for its end, but no longer than `time`. `None`: it goes on without
    /// whoever waits.
    pub(crate) async fn deliver(self: &Arc<Courier>, id: Uuid, connection: &str, time: Duration) -> Option<Signup> {
        let lane = self.lanes.get(connection)?;
        let ended = self.waiters.wait(id);
        match lane.turn_now() {
            Some(turn) => self.begin_new(lane.clone(), id, turn),
            // While a CRM is left alone, nobody need wait for it.
            None if lane.breaker.standing() != Standing::Closed => return None,
            None => lane.wake(),
        }
        match tokio::time::timeout(time, ended).await {
            Ok(Ok(signup)) => Some(signup),
            // Another proxy may have been quicker.
            _ => self.store.signup(id).await.ok().flatten(),
        }
    }

    /// The signup once it is settled, or as it stands when the time is over.
    pub(crate) async fn wait(&self, id: Uuid, time: Duration) -> Result<Option<Signup>, StoreError> {
        let deadline = tokio::time::Instant::now() + time;
        loop {
            // Listening starts before looking, so that no end falls between the two.
            let ended = self.waiters.wait(id);
            let signup = self.store.signup(id).await?;
            let over = tokio::time::Instant::now() >= deadline;
            if over || signup.as_ref().is_none_or(Signup::is_settled) {
                return Ok(signup);
            }
            // However it ends, the store is looked at next.
            let _ = tokio::time::timeout_at(deadline.min(tokio::time::Instant::now() + LOOK), ended).await;
        }
    }

    /// How each connection fares.
    pub(crate) fn standings(&self) -> impl Iterator<Item = (&str, Standing)> {
        self.lanes.iter().map(|(name, lane)| (name.as_str(), lane.breaker.standing()))
    }

    /// Whether that connection's CRM is known to work.
    pub(crate) fn works(&self, connection: &str) -> bool {
        self.lanes.get(connection).is_some_and(|lane| lane.breaker.works())
    }

    /// Forgets who waits no more, and sees to what nobody can deliver.
    pub(crate) async fn tidy(&self) {
        self.waiters.tidy();
        if let Err(error) = self.store.put_back().await {
            error!(%error, "cannot park again what an operator's command had claimed");
        }
        let awaited = self.funnels.wanting().iter().map(|wanting| wanting.id.clone());
        let funnels = self.funnels.all().iter().map(|funnel| funnel.id.clone()).chain(awaited).collect();
        match self.store.park_strays(funnels, self.lanes.keys().cloned().collect()).await {
            Ok(0) => {}
            Ok(parked) => warn!(parked, "signups are parked whose funnel or connection is no longer configured"),
            Err(error) => error!(%error, "cannot look for signups that nobody can deliver"),
        }
    }

    /// Takes no more up, and waits for the attempts under way, but no longer than `time`.
    pub(crate) async fn drain(&self, time: Duration) {
        self.stopping.cancel();
        self.attempts.close();
        if tokio::time::timeout(time, self.attempts.wait()).await.is_err() {
            warn!(under_way = self.attempts.len(), "stopping although attempts are under way: the next start takes them over");
        }
    }

    fn begin_new(self: &Arc<Courier>, lane: Arc<Lane>, id: Uuid, turn: Turn) {
        let courier = self.clone();
        self.attempts.spawn(async move {
            crash::point("before-claim");
            match courier.store.claim(id, courier.delivery.lease).await {
                Ok(Some(claimed)) => courier.attempt(&lane, claimed, turn).await,
                // The lane was quicker, or another proxy.
                Ok(None) => {}
                // It stays received, where the lane finds it.
                Err(error) => error!(signup = %id, %error, "cannot claim a signup that was just kept"),
            }
        });
    }

    fn begin(self: &Arc<Courier>, lane: Arc<Lane>, claimed: Claimed, turn: Turn) {
        let courier = self.clone();
        self.attempts.spawn(async move { courier.attempt(&lane, claimed, turn).await });
    }
}
