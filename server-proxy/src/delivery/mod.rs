//! A signup's way out: claimed, sent to the CRM, and its end recorded.
//!
//! An attempt runs in a task of its own; whoever asked only waits for it, so a visitor who closes the page cancels nothing.
//! What surely did not arrive and what may have arrived is parked, with its reason: this version tries once.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{
    sync::{Semaphore, broadcast},
    task::JoinHandle,
};
use tokio_util::task::TaskTracker;
use tracing::{Instrument, error, info, warn};
use uuid::Uuid;

use crate::{
    crm::{Connections, Crm, NoLink, Outcome, Refused},
    funnel::Funnels,
    store::{Conclusion, Reason, Signup, State, Store, StoreError},
};

/// Between one try to write an end down and the next: at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Ends that somebody who is slow to listen may miss before they look in the store.
const REMEMBERED_ENDS: usize = 1024;

/// Takes signups to their CRMs.
pub(crate) struct Courier {
    store: Arc<Store>,
    lanes: BTreeMap<String, Lane>,
    funnels: Arc<Funnels>,
    /// How long a CRM's autologin link is taken to be good.
    autologin: Duration,
    attempts: TaskTracker,
    ends: broadcast::Sender<Uuid>,
}

/// The way to one CRM.
struct Lane {
    crm: Arc<dyn Crm>,
    /// Attempts that run at once; more wait, kept. A CRM that hangs holds up its own signups only.
    slots: Semaphore,
}

impl Courier {
    pub(crate) fn new(store: Arc<Store>, connections: Connections, funnels: Arc<Funnels>, autologin: Duration) -> Arc<Courier> {
        let lane = |(name, crm): (String, Arc<dyn Crm>)| (name, Lane { slots: Semaphore::new(crm.at_once()), crm });
        let lanes = connections.into_iter().map(lane).collect();
        Arc::new(Courier { store, lanes, funnels, autologin, attempts: TaskTracker::new(), ends: broadcast::Sender::new(REMEMBERED_ENDS) })
    }

    /// What an earlier run left: in the middle of an attempt, it may have arrived and is parked; never tried, it is tried.
    pub(crate) async fn take_over(self: &Arc<Courier>) -> Result<(), StoreError> {
        let parked = self.store.park_interrupted(Timestamp::now()).await?;
        if parked > 0 {
            warn!(parked, "the last run stopped in the middle of attempts: whether these signups arrived is unknown");
        }
        self.deliver_untried().await;
        Ok(())
    }

    /// Runs something to its end although whoever asked for it may leave, and lets a stop wait for it.
    pub(crate) fn see_through<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.attempts.spawn(work.in_current_span())
    }

    /// Starts what was kept and, for whatever reason, never tried. What is being tried already is left alone.
    pub(crate) async fn deliver_untried(self: &Arc<Courier>) {
        match self.store.untried().await {
            Ok(ids) => ids.into_iter().for_each(|id| self.deliver(id)),
            Err(error) => error!(%error, "cannot look for signups that were never tried"),
        }
    }

    /// Starts an attempt.
    pub(crate) fn deliver(self: &Arc<Courier>, id: Uuid) {
        let courier = self.clone();
        self.attempts.spawn(async move {
            if let Err(error) = courier.attempt(id).await {
                // The signup stays received in the store, where the next look for untried ones finds it.
                error!(signup = %id, %error, "the store failed during an attempt");
            }
            // An error here says that nobody waits.
            let _ = courier.ends.send(id);
        });
    }

    /// The signup once its attempt has ended, or as it stands when the time is over.
    pub(crate) async fn wait(&self, id: Uuid, time: Duration) -> Result<Option<Signup>, StoreError> {
        // Listening starts before looking, so that no end falls between the two.
        let mut ends = self.ends.subscribe();
        let deadline = tokio::time::Instant::now() + time;
        loop {
            let signup = self.store.signup(id).await?;
            if signup.as_ref().is_none_or(Signup::is_settled) {
                return Ok(signup);
            }
            let ended = async {
                // An error says that ends were missed: time to look again.
                while ends.recv().await.is_ok_and(|ended| ended != id) {}
            };
            if tokio::time::timeout_at(deadline, ended).await.is_err() {
                return self.store.signup(id).await;
            }
        }
    }

    /// Waits for the attempts under way, but no longer than `time`.
    pub(crate) async fn drain(&self, time: Duration) {
        self.attempts.close();
        if tokio::time::timeout(time, self.attempts.wait()).await.is_err() {
            warn!(under_way = self.attempts.len(), "stopping although attempts are under way: the next start parks them");
        }
    }

    async fn attempt(&self, id: Uuid) -> Result<(), StoreError> {
        // Read before it is claimed: what cannot be opened was surely not sent, and stays received.
        let (Some(signup), Some(content)) = (self.store.signup(id).await?, self.store.content(id).await?) else { return Ok(()) };
        if self.funnels.is_awaited(&signup.funnel) {
            // Its CRM has not said its part since the start: it is looked at again in a minute.
            return Ok(());
        }
        let (Some(funnel), Some(lane)) = (self.funnels.get(&signup.funnel), self.lanes.get(&signup.connection)) else {
            return self.park_unconfigured(id).await;
        };
        let Some(form) = lane.crm.form(funnel.action) else { return self.park_unconfigured(id).await };
        let registration = funnel.registration(id, form, content);
        // Never closed, so never an error; if it were, the attempt would run all the same.
        let _slot = lane.slots.acquire().await;
        if !self.store.claim(id, Timestamp::now()).await? {
            return Ok(());
        }
        let started = Instant::now();
        let conclusion = self.conclusion(lane.crm.register(&registration).await);
        let took = started.elapsed();
        self.record(id, &conclusion).await;

        let connection = signup.connection.clone();
        metrics::counter!("latchkey_attempts_total", "connection" => connection.clone(), "outcome" => conclusion.outcome).increment(1);
        metrics::histogram!("latchkey_attempt_seconds", "connection" => connection).record(took.as_secs_f64());
        metrics::counter!("latchkey_signups_total", "funnel" => signup.funnel.clone(), "state" => conclusion.state.as_str()).increment(1);
        // The CRM's words may hold personal data: they are in the store, sealed, and not here.
        info!(signup = %id, connection = %signup.connection, outcome = conclusion.outcome, state = conclusion.state.as_str(), reason = conclusion.reason.map(Reason::as_str),
            crm_status = conclusion.crm_status, ms = took.as_millis() as u64, "attempt");
        Ok(())
    }

    /// A signup whose funnel or connection is gone: a person must look.
    async fn park_unconfigured(&self, id: Uuid) -> Result<(), StoreError> {
        if self.store.claim(id, Timestamp::now()).await? {
            let detail = Some("the funnel or the connection is no longer configured".to_owned());
            let reason = Some(Reason::Misconfigured);
            self.record(id, &Conclusion { state: State::Parked, reason, detail, outcome: "misconfigured", ..Conclusion::default() }).await;
        }
        Ok(())
    }

    /// Writes down how an attempt ended. What the CRM said is known nowhere else, so a store that is busy (a backup) or full is
    /// asked until it takes it, or the proxy is stopped.
    async fn record(&self, id: Uuid, conclusion: &Conclusion) {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.store.conclude(id, conclusion, Timestamp::now()).await {
                Ok(()) => return,
                Err(error) => {
                    error!(signup = %id, %error, outcome = conclusion.outcome, "cannot write down how an attempt ended; trying again")
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn conclusion(&self, outcome: Outcome) -> Conclusion {
        let parked = |reason, outcome, trouble: crate::crm::Trouble| Conclusion {
            state: State::Parked,
            reason: Some(reason),
            outcome,
            crm_status: trouble.status,
            detail: Some(trouble.detail),
            ..Conclusion::default()
        };
        match outcome {
            Outcome::Registered(registered) => {
                let (link, reason, detail) = match registered.link {
                    Ok(link) => (Some((link, Timestamp::now() + self.autologin)), None, None),
                    Err(NoLink::NotOffered) => (None, None, None),
                    Err(NoLink::NotGiven) => (None, Some(Reason::NoLink), None),
                    Err(NoLink::Forbidden(why)) => (None, Some(Reason::LinkForbidden), Some(why)),
                };
                Conclusion {
                    state: State::Registered,
                    reason,
                    crm_id: registered.id,
                    link,
                    outcome: "sent",
                    crm_status: Some(registered.status),
                    detail,
                    ..Conclusion::default()
                }
            }
            Outcome::Refused(refusal) => {
                let (reason, refused_field) = match refusal.what {
                    Refused::KnownEmail => (Reason::KnownEmail, None),
                    Refused::Field(field) => (Reason::FieldRefused, Some(field)),
                    Refused::Signup => (Reason::SignupRefused, None),
                };
                Conclusion {
                    state: State::Rejected,
                    reason: Some(reason),
                    refused_field,
                    outcome: "refused",
                    crm_status: Some(refusal.status),
                    detail: Some(refusal.detail),
                    ..Conclusion::default()
                }
            }
            Outcome::Failed(trouble) => parked(Reason::CrmUnreachable, "failed", trouble),
            Outcome::Unknown(trouble) => parked(Reason::OutcomeUnknown, "unknown", trouble),
            Outcome::Misconfigured(trouble) => parked(Reason::Misconfigured, "misconfigured", trouble),
        }
    }
}
