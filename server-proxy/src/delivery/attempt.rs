//! One claimed signup: looked up where it may have arrived, sent where it has not, and its end recorded.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tracing::{error, info, warn};
use uuid::Uuid;

use super::{
    Courier,
    forget::{without_codes, without_passwords},
    lane::{Lane, Turn},
    pause,
};
use crate::{
    crash,
    crm::{LookedUp, NoLink, Outcome, Refusal, Refused, Registration, Trouble},
    funnel::{Funnel, OnUnknown},
    store::{Again, AttemptKind, Claimed, Conclusion, Content, Reason, State, StoreError},
};

/// Between one try to write an end down and the next: at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A CRM that asks for longer is asked again all the same.
const LONGEST_PATIENCE: Duration = Duration::from_secs(60 * 60);

/// Nobody extends it: longer than a look-up takes.
const OPERATORS_LEASE: Duration = Duration::from_secs(10 * 60);

/// A claimed signup and all that is needed to hand it over.
struct Parcel<'a> {
    claimed: &'a Claimed,
    lane: &'a Lane,
    funnel: &'a Funnel,
    registration: &'a Registration,
}

/// What an operator learns of a signup that may have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reconciled {
    /// It is registered.
    Arrived,
    /// It can be sent again.
    Absent,
    /// The CRM could not tell now.
    Unanswered,
    /// The CRM cannot tell.
    Untold,
    /// Another signup of the same e-mail is under way: it is not touched.
    UnderWay,
    /// Somebody is at it, or it is settled.
    NotParked,
}

/// How an attempt ended, and what that says of the CRM.
struct Ended {
    conclusion: Conclusion,
    verdict: Verdict,
}

/// What an attempt says of the CRM. Only one that sends says something: what is looked up may be asked of another part of it.
enum Verdict {
    Works,
    /// And how long it asks to be left alone.
    Fails(Option<Duration>),
    None,
}

impl Courier {
    pub(super) async fn attempt(&self, lane: &Lane, mut claimed: Claimed, turn: Turn) {
        crash::point("after-claim");
        let started = Instant::now();
        let Some((funnel, content)) = self.deliverable(lane, &claimed, claimed.unsure).await else { return };
        let Some(form) = lane.crm.form(funnel.action) else {
            let detail = format!("this CRM has no \"{}\" any more", funnel.action.as_str());
            let conclusion = parked(Reason::Misconfigured, Some("misconfigured"), Trouble::new(detail));
            return self.record(lane, &claimed, conclusion, None).await;
        };
        let registration = funnel.registration(claimed.signup.id, form, content.clone());
        if claimed.unsure {
            let looked_up = self.look_up(&Parcel { claimed: &claimed, lane, funnel: &funnel, registration: &registration }).await;
            match looked_up {
                Ok(Some(crm_status)) => {
                    crash::point("looked-up");
                    let took = started.elapsed();
                    match self.store.go_on(&mut claimed, crm_status, took).await {
                        Ok(true) => {}
                        Ok(false) => return warn!(signup = %claimed.signup.id, "another proxy has taken it over: it is not sent"),
                        // As its claim is dropped, its lease runs out, and it is looked up again.
                        Err(error) => return error!(signup = %claimed.signup.id, %error, "cannot write down what a look-up has found"),
                    }
                    metrics::counter!("latchkey_attempts_total", "connection" => lane.connection.clone(), "outcome" => "absent")
                        .increment(1);
                    info!(signup = %claimed.signup.id, connection = lane.connection, kind = AttemptKind::LookUp.as_str(), outcome = "absent",
                        crm_status, ms = took.as_millis() as u64, "attempt");
                }
                Ok(None) => {}
                Err(ended) => return self.end(lane, &claimed, ended, started, turn).await,
            }
        }
        let sent = Instant::now();
        let outcome = lane.crm.register(&registration).await;
        crash::point("answer-read");
        let parcel = Parcel { claimed: &claimed, lane, funnel: &funnel, registration: &registration };
        let mut ended = match outcome {
            Outcome::Refused(Refusal { what: Refused::KnownEmail, .. }) if claimed.unsure => self.known(&parcel, outcome).await,
            outcome => self.ended(&parcel, outcome),
        };
        if ended.conclusion.state != State::Received {
            ended.conclusion.content = without_codes(&funnel, content);
        }
        self.end(lane, &claimed, ended, sent, turn).await;
    }

    /// What a proxy that stopped left in the middle of an attempt: it may have arrived.
    pub(super) async fn interrupted(&self, lane: &Lane, claimed: Claimed) {
        let Some((funnel, content)) = self.deliverable(lane, &claimed, true).await else { return };
        let Some(form) = lane.crm.form(funnel.action) else {
            let conclusion = Conclusion { state: State::Parked, reason: Some(Reason::Interrupted), ..Conclusion::default() };
            return self.record(lane, &claimed, conclusion, None).await;
        };
        let registration = funnel.registration(claimed.signup.id, form, content);
        let parcel = Parcel { claimed: &claimed, lane, funnel: &funnel, registration: &registration };
        let conclusion = Conclusion { outcome: None, detail: None, ..self.unknown(&parcel, Reason::Interrupted, Trouble::new("")) };
        warn!(signup = %claimed.signup.id, state = conclusion.state.as_str(), "its delivery was interrupted: whether it arrived is unknown");
        self.record(lane, &claimed, conclusion, None).await;
    }

    /// Asks the CRM whether a parked signup has arrived, for an operator. Nothing is sent.
    pub(crate) async fn reconcile(&self, id: Uuid) -> Result<Reconciled, StoreError> {
        let Some(signup) = self.store.signup(id).await? else { return Ok(Reconciled::NotParked) };
        let Some(lane) = self.lanes.get(&signup.connection) else { return Ok(Reconciled::Untold) };
        let claimed = match self.store.claim_parked(id, OPERATORS_LEASE).await {
            Ok(Some(claimed)) => claimed,
            Ok(None) => return Ok(Reconciled::NotParked),
            Err(error) if error.is_conflict() => return Ok(Reconciled::UnderWay),
            Err(error) => return Err(error),
        };
        let started = Instant::now();
        let suspicion = claimed.signup.reason.filter(|reason| reason.is_suspicion());
        let reason = claimed.signup.reason.filter(|_| suspicion.is_some() || !claimed.unsure).unwrap_or(Reason::OutcomeUnknown);
        let as_it_was = |outcome, trouble| looked(parked(reason, Some(outcome), trouble));
        let asked = async {
            let (funnel, content) = (self.funnels.get(&claimed.signup.funnel)?, claimed.content.as_ref().ok()?);
            let registration = funnel.registration(id, lane.crm.form(funnel.action)?, content.clone());
            lane.crm.can_look_up(&registration).then_some(())?;
            Some(self.ask(lane, &registration, &claimed).await)
        };
        let (reconciled, conclusion) = match asked.await {
            None => (Reconciled::Untold, as_it_was("unanswered", Trouble::new("this CRM cannot be asked whether it arrived"))),
            Some(LookedUp::Unanswered(trouble)) => (Reconciled::Unanswered, as_it_was("unanswered", trouble)),
            Some(LookedUp::Arrived { id, status }) => (Reconciled::Arrived, arrived(id, status)),
            Some(LookedUp::Absent { status }) => {
                // It surely did not arrive: a retry need not look again.
                let trouble = Trouble::of(status, "it is not there");
                (Reconciled::Absent, looked(parked(suspicion.unwrap_or(Reason::CrmUnreachable), Some("absent"), trouble)))
            }
        };
        self.record(lane, &claimed, conclusion, Some(started.elapsed())).await;
        Ok(reconciled)
    }

    /// The funnel that makes a registration of it, and what the visitor sent. Without them it waits: nothing is lost, nor forgotten
    /// whether it may have arrived.
    async fn deliverable(&self, lane: &Lane, claimed: &Claimed, unsure: bool) -> Option<(std::sync::Arc<Funnel>, Content)> {
        let id = claimed.signup.id;
        let detail = match (self.funnels.get(&claimed.signup.funnel), &claimed.content) {
            (Some(funnel), Ok(content)) => return Some((funnel, content.clone())),
            (_, Err(error)) => {
                error!(signup = %id, %error, "what a visitor sent cannot be opened: is a key missing in store.keys?");
                format!("what the visitor sent cannot be opened: {error}")
            }
            (None, _) => "its funnel is not there".to_owned(),
        };
        let conclusion = match claimed.left.is_zero() {
            true => parked(if unsure { Reason::Interrupted } else { Reason::Misconfigured }, Some("failed"), Trouble::new(detail)),
            false => Conclusion {
                outcome: Some("failed"),
                detail: Some(detail),
                reason: Some(Reason::Misconfigured),
                again: Some(Again { after: self.delivery.longest_pause, unsure }),
                ..Conclusion::default()
            },
        };
        self.record(lane, claimed, conclusion, None).await;
        None
    }

    /// `Ok` where it is to be sent, with the look-up's status if there was one.
    async fn look_up(&self, parcel: &Parcel<'_>) -> Result<Option<u16>, Ended> {
        let Parcel { claimed, lane, funnel, registration } = parcel;
        if !lane.crm.can_look_up(registration) {
            return match funnel.on_unknown {
                OnUnknown::Retry => Ok(None),
                OnUnknown::Park => {
                    let trouble = Trouble::new("this CRM cannot be asked whether it arrived");
                    Err(Ended { conclusion: looked(parked(Reason::OutcomeUnknown, Some("unanswered"), trouble)), verdict: Verdict::None })
                }
            };
        }
        match self.ask(lane, registration, claimed).await {
            LookedUp::Absent { status } => Ok(Some(status)),
            LookedUp::Arrived { id, status } => Err(Ended { conclusion: arrived(id, status), verdict: Verdict::None }),
            LookedUp::Unanswered(trouble) => Err(self.unanswered(claimed, trouble)),
        }
    }

    /// Asks the CRM whether it has arrived.
    async fn ask(&self, lane: &Lane, registration: &Registration, claimed: &Claimed) -> LookedUp {
        // Never closed, so never an error; if it were, it would be looked up all the same.
        let _turn = lane.look_ups.acquire().await;
        lane.crm.look_up(registration, self.store.by_the_machine(claimed.signup.received_at)).await
    }

    /// The e-mail is known although the signup was not there a moment ago: an attempt before may have got through since.
    async fn known(&self, parcel: &Parcel<'_>, outcome: Outcome) -> Ended {
        let Parcel { claimed, lane, registration, .. } = parcel;
        if !lane.crm.can_look_up(registration) {
            return self.ended(parcel, outcome);
        }
        match self.ask(lane, registration, claimed).await {
            LookedUp::Arrived { id, status } => Ended { conclusion: arrived(id, status), verdict: Verdict::Works },
            LookedUp::Absent { .. } => self.ended(parcel, outcome),
            LookedUp::Unanswered(trouble) => self.unanswered(claimed, trouble),
        }
    }

    fn unanswered(&self, claimed: &Claimed, trouble: Trouble) -> Ended {
        let conclusion = self.again(claimed, Reason::OutcomeUnknown, "unanswered", trouble, Duration::ZERO, true);
        Ended { conclusion: looked(conclusion), verdict: Verdict::None }
    }

    fn ended(&self, parcel: &Parcel<'_>, outcome: Outcome) -> Ended {
        match outcome {
            Outcome::Registered(registered) => {
                let (link, reason, detail) = match registered.link {
                    Ok(link) => (Some((link, Timestamp::now() + self.autologin)), None, None),
                    Err(NoLink::NotOffered) => (None, None, None),
                    Err(NoLink::NotGiven) => (None, Some(Reason::NoLink), None),
                    Err(NoLink::Forbidden(why)) => (None, Some(Reason::LinkForbidden), Some(why)),
                };
                let conclusion = Conclusion {
                    state: State::Registered,
                    reason,
                    crm_id: registered.id,
                    link,
                    outcome: Some("sent"),
                    crm_status: Some(registered.status),
                    detail,
                    ..Conclusion::default()
                };
                Ended { conclusion, verdict: Verdict::Works }
            }
            Outcome::Refused(refusal) => {
                let (reason, refused_field) = match refusal.what {
                    Refused::KnownEmail => (Reason::KnownEmail, None),
                    Refused::Field(field) => (Reason::FieldRefused, Some(field)),
                    Refused::Signup => (Reason::SignupRefused, None),
                };
                let conclusion = Conclusion {
                    state: State::Rejected,
                    reason: Some(reason),
                    refused_field,
                    outcome: Some("refused"),
                    crm_status: Some(refusal.status),
                    detail: Some(refusal.detail),
                    ..Conclusion::default()
                };
                Ended { conclusion, verdict: Verdict::Works }
            }
            Outcome::Failed(trouble) => {
                let verdict = Verdict::Fails(trouble.retry_after);
                let conclusion = self.again(parcel.claimed, Reason::CrmUnreachable, "failed", trouble, Duration::ZERO, false);
                Ended { conclusion, verdict }
            }
            Outcome::Unknown(trouble) => {
                let verdict = Verdict::Fails(trouble.retry_after);
                Ended { conclusion: self.unknown(parcel, Reason::OutcomeUnknown, trouble), verdict }
            }
            Outcome::Misconfigured(trouble) => {
                let verdict = Verdict::Fails(trouble.retry_after);
                Ended { conclusion: parked(Reason::Misconfigured, Some("misconfigured"), trouble), verdict }
            }
        }
    }

    /// It may have arrived: looked up when the CRM has settled, or else as the funnel says.
    fn unknown(&self, parcel: &Parcel<'_>, reason: Reason, trouble: Trouble) -> Conclusion {
        let Parcel { claimed, lane, funnel, registration } = parcel;
        match (lane.crm.can_look_up(registration), funnel.on_unknown) {
            (true, _) => self.again(claimed, reason, "unknown", trouble, lane.crm.settle(), true),
            (false, OnUnknown::Retry) => self.again(claimed, reason, "unknown", trouble, Duration::ZERO, false),
            (false, OnUnknown::Park) => parked(reason, Some("unknown"), trouble),
        }
    }

    /// To be tried again, but not before `least` is over; given up where its time is.
    fn again(
        &self,
        claimed: &Claimed,
        reason: Reason,
        outcome: &'static str,
        trouble: Trouble,
        least: Duration,
        unsure: bool,
    ) -> Conclusion {
        if claimed.left.is_zero() {
            return parked(reason, Some(outcome), trouble);
        }
        let pause =
            pause::before_next(&self.delivery, claimed.tries).max(trouble.retry_after.unwrap_or_default().min(self.delivery.longest_pause));
        // The last attempt is at the end of its time.
        let after = pause.min(claimed.left).max(least);
        Conclusion {
            state: State::Received,
            again: Some(Again { after, unsure }),
            reason: Some(reason),
            outcome: Some(outcome),
            crm_status: trouble.status,
            detail: Some(trouble.detail),
            ..Conclusion::default()
        }
    }

    async fn end(&self, lane: &Lane, claimed: &Claimed, ended: Ended, started: Instant, turn: Turn) {
        match ended.verdict {
            Verdict::Works => turn.pass.succeeded(),
            Verdict::Fails(retry_after) => turn.pass.failed(retry_after.map(|asked| asked.min(LONGEST_PATIENCE))),
            Verdict::None => {}
        }
        self.record(lane, claimed, ended.conclusion, Some(started.elapsed())).await;
    }

    /// Writes down how an attempt ended, and tells who waits. What the CRM said is known nowhere else, so a store that is busy (a
    /// backup) or full is asked until it takes it, or the proxy is stopped.
    async fn record(&self, lane: &Lane, claimed: &Claimed, conclusion: Conclusion, took: Option<Duration>) {
        let id = claimed.signup.id;
        let conclusion = without_passwords(claimed.content.as_ref().ok(), conclusion);
        let mut pause = FIRST_PAUSE;
        let signup = loop {
            match self.store.conclude(claimed, &conclusion, took).await {
                Ok(signup) => {
                    crash::point("after-commit");
                    break signup;
                }
                Err(error) => {
                    error!(signup = %id, %error, outcome = conclusion.outcome, "cannot write down how an attempt ended; trying again")
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        };
        let outcome = conclusion.outcome.unwrap_or("interrupted");
        metrics::counter!("latchkey_attempts_total", "connection" => lane.connection.clone(), "outcome" => outcome).increment(1);
        if let Some(took) = took {
            metrics::histogram!("latchkey_attempt_seconds", "connection" => lane.connection.clone()).record(took.as_secs_f64());
        }
        metrics::counter!("latchkey_signups_total", "funnel" => claimed.signup.funnel.clone(), "state" => conclusion.state.as_str())
            .increment(1);
        // The CRM's words may hold personal data: they are in the store, sealed, and not here.
        info!(signup = %id, connection = lane.connection, kind = conclusion.kind.as_str(), outcome, state = conclusion.state.as_str(),
            reason = conclusion.reason.map(Reason::as_str), crm_status = conclusion.crm_status,
            ms = took.map(|took| took.as_millis() as u64), again_in_ms = conclusion.again.map(|again| again.after.as_millis() as u64), "attempt");
        if let Some(signup) = signup {
            self.waiters.tell(&signup);
        }
    }
}

fn parked(reason: Reason, outcome: Option<&'static str>, trouble: Trouble) -> Conclusion {
    Conclusion {
        state: State::Parked,
        reason: Some(reason),
        outcome,
        crm_status: trouble.status,
        detail: Some(trouble.detail),
        ..Conclusion::default()
    }
}

fn arrived(crm_id: Option<String>, status: u16) -> Conclusion {
    looked(Conclusion {
        state: State::Registered,
        reason: Some(Reason::LookedUp),
        crm_id,
        outcome: Some("arrived"),
        crm_status: Some(status),
        ..Conclusion::default()
    })
}

fn looked(conclusion: Conclusion) -> Conclusion {
    Conclusion { kind: AttemptKind::LookUp, ..conclusion }
}
