//! What was added up of a mirror, kept for a while: of many who ask the same at once, one has it added up. Of a million people a year's
//! figures take a second; five hundred dashboards that are opened at once would wait for minutes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The most that is kept: questions, and rows of their answers. Beyond that everything is forgotten.
const MOST_QUESTIONS: usize = 2_000;
const MOST_ROWS: usize = 50_000;

/// Whose mirror, and what is asked of it.
type Question = (String, String);

pub(super) struct Computed<T> {
    fresh: Duration,
    slots: Mutex<HashMap<Question, Arc<Slot<T>>>>,
}

/// Held while it is added up.
type Slot<T> = tokio::sync::Mutex<Option<Found<T>>>;

struct Found<T> {
    rows: Arc<Vec<T>>,
    /// As of when the mirror was.
    as_of: Option<String>,
    at: Instant,
}

impl<T> Computed<T> {
    pub(super) fn new(fresh: Duration) -> Computed<T> {
        Computed { fresh, slots: Mutex::default() }
    }

    /// What is kept of a mirror that is as it was then, or else what `compute` finds.
    pub(super) async fn get<E>(
        &self,
        question: Question,
        as_of: Option<&str>,
        compute: impl Future<Output = Result<Vec<T>, E>>,
    ) -> Result<Arc<Vec<T>>, E> {
        let slot = self.slot(question);
        let mut kept = slot.lock().await;
        if let Some(found) = kept.as_ref().filter(|found| self.is_fresh(found) && found.as_of.as_deref() == as_of) {
            return Ok(found.rows.clone());
        }
        let rows = Arc::new(compute.await?);
        *kept = Some(Found { rows: rows.clone(), as_of: as_of.map(str::to_owned), at: Instant::now() });
        Ok(rows)
    }

    pub(super) fn tidy(&self) {
        // What is being added up at this moment is fresh.
        self.lock().retain(|_, slot| slot.try_lock().map_or(true, |kept| kept.as_ref().is_some_and(|found| self.is_fresh(found))));
    }

    fn is_fresh(&self, found: &Found<T>) -> bool {
        found.at.elapsed() < self.fresh
    }

    fn slot(&self, question: Question) -> Arc<Slot<T>> {
        let mut slots = self.lock();
        if !slots.contains_key(&question) {
            let rows = |slot: &Arc<Slot<T>>| slot.try_lock().map_or(0, |kept| kept.as_ref().map_or(0, |found| found.rows.len()));
            if slots.len() >= MOST_QUESTIONS || slots.values().map(rows).sum::<usize>() > MOST_ROWS {
                slots.clear();
            }
        }
        slots.entry(question).or_default().clone()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Question, Arc<Slot<T>>>> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const FOR_LONG: Duration = Duration::from_secs(30);

    fn question(whose: &str) -> Question {
        (whose.to_owned(), "signups".to_owned())
    }

    /// How often it was added up.
    async fn counted(times: &AtomicU32) -> Result<Vec<u32>, ()> {
        let time = times.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(vec![time])
    }

    #[tokio::test]
    async fn of_many_who_ask_one_has_it_added_up() {
        let (computed, times) = (Computed::new(FOR_LONG), AtomicU32::new(0));
        let one = || computed.get(question("a"), Some("then"), counted(&times));
        let (a, b, c) = tokio::join!(one(), one(), one());
        assert_eq!([a, b, c].map(|rows| rows.expect("rows")[0]), [1, 1, 1]);
        let of = async |whose, as_of| computed.get(question(whose), as_of, counted(&times)).await.expect("rows")[0];
        assert_eq!(of("b", Some("then")).await, 2, "what is kept is one affiliate's");
        assert_eq!(of("a", Some("later")).await, 3, "of a mirror that has been read since, it is added up anew");
        assert_eq!(of("a", None).await, 4, "and of one that is rebuilt");
    }

    #[tokio::test]
    async fn what_is_old_or_failed_is_not_kept() {
        let (computed, times) = (Computed::new(Duration::ZERO), AtomicU32::new(0));
        for time in 1..=2 {
            assert_eq!(computed.get(question("a"), None, counted(&times)).await.expect("rows")[0], time);
        }
        computed.tidy();
        assert!(computed.lock().is_empty());
        let computed = Computed::new(FOR_LONG);
        assert_eq!(computed.get(question("a"), None, async { Err::<Vec<u32>, ()>(()) }).await, Err(()));
        assert_eq!(computed.get(question("a"), None, counted(&times)).await.expect("rows")[0], 3);
    }

    #[tokio::test]
    async fn it_is_bounded() {
        let computed = Computed::new(FOR_LONG);
        for number in 0..=2 * MOST_QUESTIONS {
            computed.get(question(&number.to_string()), None, async { Ok::<_, ()>(vec![number]) }).await.expect("rows");
        }
        assert!(computed.lock().len() <= MOST_QUESTIONS);
        for number in 0..200 {
            computed.get(question(&format!("long {number}")), None, async { Ok::<_, ()>(vec![0; 1_000]) }).await.expect("rows");
        }
        assert!(computed.lock().len() <= MOST_ROWS / 1_000 + 2);
    }
}
