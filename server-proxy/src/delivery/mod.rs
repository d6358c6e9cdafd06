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
use tokio::sync::{Semaphore, broadcast};
use tokio_util::task::TaskTracker;
use tracing::{error, info, warn};
use uuid::Uuid;

use crate::{
    crm::{Crm, NoLink, Outcome, Refused, Registration},
    funnel::Funnel,
    store::{Conclusion, Reason, Signup, State, Store, StoreError},
};

/// Attempts that run at once; more wait, kept.
const AT_ONCE: usize = 64;
/// Ends that somebody who is slow to listen may miss before they look in the store.
const REMEMBERED_ENDS: usize = 1024;

/// Takes signups to their CRMs.
pub(crate) struct Courier {
    store: Arc<Store>,
    connections: BTreeMap<String, Arc<dyn Crm>>,
    funnels: BTreeMap<String, Arc<Funnel>>,
    /// How long a CRM's autologin link is taken to be good.
    autologin: Duration,
    attempts: TaskTracker,
    slots: Semaphore,
    ends: broadcast::Sender<Uuid>,
}

impl Courier {
    pub(crate) fn new(
        store: Arc<Store>,
        connections: BTreeMap<String, Arc<dyn Crm>>,
        funnels: BTreeMap<String, Arc<Funnel>>,
        autologin: Duration,
    ) -> Arc<Courier> {
        Arc::new(Courier {
            store,
            connections,
            funnels,
            autologin,
            attempts: TaskTracker::new(),
            slots: Semaphore::new(AT_ONCE),
            ends: broadcast::Sender::new(REMEMBERED_ENDS),
        })
    }

    /// What an earlier run left: in the middle of an attempt, it may have arrived and is parked; never tried, it is tried.
    pub(crate) async fn take_over(self: &Arc<Courier>) -> Result<(), StoreError> {
        let parked = self.store.park_interrupted(Timestamp::now()).await?;
        if parked > 0 {
            warn!(parked, "the last run stopped in the middle of attempts: whether these signups arrived is unknown");
        }
        for id in self.store.untried().await? {
            self.deliver(id);
        }
        Ok(())
    }

    /// Starts an attempt.
    pub(crate) fn deliver(self: &Arc<Courier>, id: Uuid) {
        let courier = self.clone();
        self.attempts.spawn(async move {
            if let Err(error) = courier.attempt(id).await {
                // The signup stays as it is in the store, where the next start finds it.
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
        // Never closed, so never an error; if it were, the attempt would run all the same.
        let _slot = self.slots.acquire().await;
        if !self.store.claim(id, Timestamp::now()).await? {
            return Ok(());
        }
        let started = Instant::now();
        let Some((signup, crm, registration)) = self.registration(id).await? else { return Ok(()) };
        let outcome = crm.register(&registration).await;
        let conclusion = self.conclusion(outcome);
        self.store.conclude(id, &conclusion, Timestamp::now()).await?;

        let connection = signup.connection.clone();
        metrics::counter!("latchkey_attempts_total", "connection" => connection.clone(), "outcome" => conclusion.outcome).increment(1);
        metrics::histogram!("latchkey_attempt_seconds", "connection" => connection).record(started.elapsed().as_secs_f64());
        metrics::counter!("latchkey_signups_total", "funnel" => signup.funnel.clone(), "state" => conclusion.state.as_str()).increment(1);
        // The CRM's words may hold personal data: they are in the store, sealed, and not here.
        info!(signup = %id, connection = %signup.connection, outcome = conclusion.outcome, state = conclusion.state.as_str(), reason = conclusion.reason.map(Reason::as_str),
            crm_status = conclusion.crm_status, ms = started.elapsed().as_millis() as u64, "attempt");
        Ok(())
    }

    /// What is to be sent. A signup whose funnel or connection is gone is parked: a person must look.
    async fn registration(&self, id: Uuid) -> Result<Option<(Signup, &Arc<dyn Crm>, Registration)>, StoreError> {
        let (Some(signup), Some(content)) = (self.store.signup(id).await?, self.store.content(id).await?) else { return Ok(None) };
        let (Some(funnel), Some(crm)) = (self.funnels.get(&signup.funnel), self.connections.get(&signup.connection)) else {
            let detail = Some("the funnel or the connection is no longer configured".to_owned());
            let conclusion = Conclusion {
                state: State::Parked,
                reason: Some(Reason::Misconfigured),
                detail,
                outcome: "misconfigured",
                ..Conclusion::default()
            };
            self.store.conclude(id, &conclusion, Timestamp::now()).await?;
            return Ok(None);
        };
        let (tracking, affiliate) = funnel.attribution(crm.signup_form(), &content.tracking);
        let registration = Registration {
            id,
            fields: content.fields,
            routing: funnel.routing.clone(),
            tracking,
            affiliate,
            agreements: content.agreements,
        };
        Ok(Some((signup, crm, registration)))
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
                    Err(NoLink::NotGiven) => (None, Some(Reason::NoLink), None),
                    Err(NoLink::Forbidden(why)) => (None, Some(Reason::LinkForbidden), Some(why)),
                };
                Conclusion {
                    state: State::Registered,
                    reason,
                    crm_id: Some(registered.id),
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
