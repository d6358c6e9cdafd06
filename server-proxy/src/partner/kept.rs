//! What the CRM totals itself, kept for a while: of many who ask at once, one asks the CRM. Where it does not answer, what it said last
//! is shown with its age.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use latchkey_contract::partner::Age;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::tokens::seconds;
use crate::crm::{Trouble, Unanswered};

/// Whoever has something older to look at waits no longer for something newer.
const PATIENCE: Duration = Duration::from_secs(2);
/// A CRM that did not answer is not asked the same again before.
const PAUSE: Duration = Duration::from_secs(5);
/// What nobody has looked at for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(60 * 60);

/// Whose it is, and what.
type Key = (String, &'static str);

pub(super) struct Kept {
    fresh: Duration,
    slots: Mutex<HashMap<Key, Arc<Slot>>>,
}

struct Slot {
    said: Mutex<Said>,
    /// Held while the CRM is asked.
    asking: tokio::sync::Mutex<()>,
}

struct Said {
    answer: Option<(Value, Timestamp, Instant)>,
    failure: Option<(Unanswered, Instant)>,
    used: Instant,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Said> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What need not be asked for now; with `any`, also what is older than it ought to be.
    fn answer(&self, fresh: Duration, any: bool) -> Option<Result<(Value, Timestamp, bool), Unanswered>> {
        let mut said = self.lock();
        said.used = Instant::now();
        let failed = said.failure.as_ref().filter(|(_, at)| at.elapsed() < PAUSE);
        match (&said.answer, failed) {
            (Some((value, at, since)), None) if since.elapsed() < fresh => Some(Ok((value.clone(), *at, false))),
            (Some((value, at, _)), failed) if any || failed.is_some() => Some(Ok((value.clone(), *at, true))),
            (None, Some((error, _))) => Some(Err(error.clone())),
            _ => None,
        }
    }
}

impl Kept {
    pub(super) fn new(fresh: Duration) -> Kept {
        Kept { fresh, slots: Mutex::default() }
    }

    /// What is kept, or else what the CRM says now.
    pub(super) async fn get<T: Serialize + DeserializeOwned>(
        &self,
        whose: String,
        what: &'static str,
        ask: impl Future<Output = Result<T, Unanswered>>,
    ) -> Result<(T, Age), Unanswered> {
        let slot = self.slot((whose, what));
        let said = match slot.answer(self.fresh, false) {
            Some(said) => said,
            None => self.ask(&slot, ask).await,
        };
        let (value, at, stale) = said?;
        let unreadable = |error: serde_json::Error| Unanswered::Unreadable(Trouble::new(error.to_string()));
        Ok((serde_json::from_value(value).map_err(unreadable)?, Age { as_of: Some(seconds(at)), stale, syncing: false }))
    }

    /// What was kept may have changed.
    pub(super) fn forget(&self, whose: &str) {
        self.lock().retain(|(known, _), _| known != whose);
    }

    pub(super) fn tidy(&self) {
        self.lock().retain(|_, slot| slot.lock().used.elapsed() < FORGOTTEN);
    }

    async fn ask<T: Serialize>(
        &self,
        slot: &Slot,
        ask: impl Future<Output = Result<T, Unanswered>>,
    ) -> Result<(Value, Timestamp, bool), Unanswered> {
        let late = || Unanswered::Unreachable(Trouble::new("it takes too long"));
        let has_older = slot.lock().answer.is_some();
        let asked = async {
            let _asking = slot.asking.lock().await;
            // Somebody else may have asked meanwhile.
            if let Some(said) = slot.answer(self.fresh, false) {
                return said;
            }
            let answer = match has_older {
                true => tokio::time::timeout(PATIENCE, ask).await.unwrap_or_else(|_| Err(late())),
                false => ask.await,
            };
            let answer = answer
                .and_then(|answer| serde_json::to_value(answer).map_err(|error| Unanswered::Unreadable(Trouble::new(error.to_string()))));
            let mut said = slot.lock();
            match answer {
                Ok(value) => {
                    let at = Timestamp::now();
                    said.answer = Some((value.clone(), at, Instant::now()));
                    said.failure = None;
                    Ok((value, at, false))
                }
                Err(error) => {
                    said.failure = Some((error.clone(), Instant::now()));
                    Err(error)
                }
            }
        };
        let answer = asked.await;
        // What it said last is better than nothing.
        answer.or_else(|error| slot.answer(self.fresh, true).unwrap_or(Err(error)))
    }

    fn slot(&self, key: Key) -> Arc<Slot> {
        let new = || {
            let said = Said { answer: None, failure: None, used: Instant::now() };
            Arc::new(Slot { said: Mutex::new(said), asking: tokio::sync::Mutex::default() })
        };
        self.lock().entry(key).or_insert_with(new).clone()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    async fn answer(calls: &AtomicU32, answer: Result<u32, Unanswered>) -> Result<u32, Unanswered> {
        calls.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        answer
    }

    #[tokio::test]
    async fn of_many_who_ask_one_asks_the_crm() {
        let (kept, calls) = (Kept::new(Duration::from_secs(30)), AtomicU32::new(0));
        let one = || kept.get("a".to_owned(), "balance", answer(&calls, Ok(7)));
        let (a, b, c) = tokio::join!(one(), one(), one());
        for said in [a, b, c] {
            assert_eq!(said.expect("an answer").0, 7);
        }
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        let other = kept.get("b".to_owned(), "balance", answer(&calls, Ok(8))).await.expect("an answer").0;
        assert_eq!(other, 8, "what is kept is one affiliate's");
    }

    #[tokio::test]
    async fn what_was_said_last_is_shown_as_old() {
        let (kept, calls) = (Kept::new(Duration::ZERO), AtomicU32::new(0));
        let down = || Err(Unanswered::Unreachable(Trouble::new("it is down")));
        assert!(kept.get("a".to_owned(), "balance", answer(&calls, down())).await.is_err());
        assert!(kept.get("a".to_owned(), "balance", answer(&calls, Ok(1))).await.is_err(), "it is not asked again at once");
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        let (said, age) = kept.get("b".to_owned(), "balance", answer(&calls, Ok(7))).await.expect("an answer");
        assert_eq!((said, age.stale), (7, false));
        let (said, age) = kept.get("b".to_owned(), "balance", answer(&calls, down())).await.expect("an answer");
        assert_eq!((said, age.stale), (7, true));
    }
}
