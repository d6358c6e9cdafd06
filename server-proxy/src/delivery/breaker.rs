//! The circuit breaker of one connection: a CRM that fails is left alone for a while, and then tried with one signup.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

pub(super) struct Breaker {
    state: Mutex<State>,
    /// Whether an attempt has succeeded in this run.
    has_worked: AtomicBool,
    /// Failures in a row that open it.
    failures: u32,
    first_pause: Duration,
    longest_pause: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed {
        failures: u32,
    },
    Open {
        until: Instant,
        pause: Duration,
    },
    /// One attempt is under way that decides.
    HalfOpen {
        pause: Duration,
    },
}

/// How a connection fares, for the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Closed,
    HalfOpen,
    Open,
}

/// Leave for one attempt. One that is dropped without an end has shown nothing.
pub(super) struct Pass {
    breaker: Arc<Breaker>,
    is_probe: bool,
}

impl Breaker {
    pub(super) fn new(failures: u32, first_pause: Duration, longest_pause: Duration) -> Arc<Breaker> {
        let state = Mutex::new(State::Closed { failures: 0 });
        Arc::new(Breaker { state, has_worked: AtomicBool::new(false), failures, first_pause, longest_pause })
    }

    /// Leave to try now. An error tells when to ask again; without a time, when the attempt that decides has ended.
    pub(super) fn pass(self: &Arc<Breaker>) -> Result<Pass, Option<Instant>> {
        let mut state = self.lock();
        match *state {
            State::Closed { .. } => Ok(Pass { breaker: self.clone(), is_probe: false }),
            State::Open { until, pause } if Instant::now() >= until => {
                *state = State::HalfOpen { pause };
                Ok(Pass { breaker: self.clone(), is_probe: true })
            }
            State::Open { until, .. } => Err(Some(until)),
            State::HalfOpen { .. } => Err(None),
        }
    }

    pub(super) fn standing(&self) -> Standing {
        match *self.lock() {
            State::Closed { .. } => Standing::Closed,
            // Its time is over, and nothing was there to try.
            State::Open { until, .. } if Instant::now() >= until => Standing::HalfOpen,
            State::Open { .. } => Standing::Open,
            State::HalfOpen { .. } => Standing::HalfOpen,
        }
    }

    /// Whether the CRM is known to work: it is not left alone, and not only because this run has hardly begun.
    pub(super) fn works(&self) -> bool {
        self.standing() == Standing::Closed && self.has_worked.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    /// Whether it is the one attempt that decides.
    pub(super) fn is_probe(&self) -> bool {
        self.is_probe
    }

    /// The CRM answered as one that works.
    pub(super) fn succeeded(mut self) {
        let decides = std::mem::take(&mut self.is_probe);
        self.breaker.has_worked.store(true, Ordering::Relaxed);
        let mut state = self.breaker.lock();
        // One that began before it opened decides nothing.
        if decides || matches!(*state, State::Closed { .. }) {
            *state = State::Closed { failures: 0 };
        }
    }

    /// It did not; and asks to be left alone for a time, if it says so.
    pub(super) fn failed(mut self, retry_after: Option<Duration>) {
        self.is_probe = false;
        let breaker = self.breaker.clone();
        let mut state = breaker.lock();
        let (failures, pause) = match *state {
            State::Closed { failures } => (failures + 1, breaker.first_pause),
            State::HalfOpen { pause } => (breaker.failures, (pause * 2).min(breaker.longest_pause)),
            // Begun before it opened: it knows already.
            State::Open { until, pause } => {
                if let Some(asked) = retry_after {
                    *state = State::Open { until: until.max(Instant::now() + asked), pause };
                }
                return;
            }
        };
        *state = if failures >= breaker.failures || retry_after.is_some() {
            State::Open { until: Instant::now() + pause.max(retry_after.unwrap_or_default()), pause }
        } else {
            State::Closed { failures }
        };
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.is_probe {
            let mut state = self.breaker.lock();
            if let State::HalfOpen { pause } = *state {
                *state = State::Open { until: Instant::now(), pause };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn fails(breaker: &Arc<Breaker>) {
        breaker.pass().expect("a pass").failed(None);
    }

    fn opens_in(breaker: &Arc<Breaker>) -> Duration {
        breaker.pass().err().expect("it is open").expect("a time").duration_since(Instant::now())
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_and_one_attempt_decides() {
        let breaker = Breaker::new(3, SECOND, SECOND * 3);
        fails(&breaker);
        fails(&breaker);
        assert!(!breaker.works(), "closed, but nothing has worked yet");
        breaker.pass().expect("a pass").succeeded();
        assert!(breaker.works());
        fails(&breaker);
        fails(&breaker);
        assert_eq!(breaker.standing(), Standing::Closed, "not in a row");
        fails(&breaker);
        assert_eq!((breaker.standing(), opens_in(&breaker)), (Standing::Open, SECOND));
        assert!(!breaker.works());
        tokio::time::advance(SECOND).await;
        let probe = breaker.pass().expect("one may try");
        assert!(probe.is_probe() && breaker.pass().is_err_and(|when| when.is_none()), "and no other");
        probe.failed(None);
        assert_eq!(opens_in(&breaker), SECOND * 2, "the pause grows");
        tokio::time::advance(SECOND * 2).await;
        fails(&breaker);
        assert_eq!(opens_in(&breaker), SECOND * 3, "but not for ever");
        tokio::time::advance(SECOND * 3).await;
        breaker.pass().expect("a pass").succeeded();
        assert_eq!(breaker.standing(), Standing::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_comes_to_nothing_leaves_its_place_to_the_next() {
        let breaker = Breaker::new(1, SECOND, SECOND);
        fails(&breaker);
        tokio::time::advance(SECOND).await;
        drop(breaker.pass().expect("a pass"));
        assert!(breaker.pass().expect("a pass").is_probe());
    }

    #[tokio::test(start_paused = true)]
    async fn a_crm_that_asks_for_patience_gets_it() {
        let breaker = Breaker::new(5, SECOND, SECOND);
        let (first, second) = (breaker.pass().expect("a pass"), breaker.pass().expect("a pass"));
        first.failed(Some(SECOND * 30));
        assert_eq!(opens_in(&breaker), SECOND * 30);
        second.failed(Some(SECOND * 40));
        assert_eq!(opens_in(&breaker), SECOND * 40, "the longest counts");
    }
}
