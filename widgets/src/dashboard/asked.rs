//! A question to the proxy, and what came of it. What was answered last stays while it is asked again, and when that fails.

use latchkey_contract::partner::Age;
use leptos::prelude::*;

use super::board::Board;
use crate::{
    browser::{json::Json, pause, task},
    partner::Failure,
};

/// So long after it is asked again where the proxy still asks the CRM; twice as long each time, up to the other.
pub(super) const SYNCING_MS: u32 = 1_000;
pub(super) const SYNCING_AT_MOST_MS: u32 = 16_000;
/// So often it waits as it is told to, where too much was asked.
pub(super) const WAITS: u32 = 3;

/// Copied around; gone with the component that made it.
pub(super) struct Asked<T: Send + Sync + 'static> {
    pub(super) value: RwSignal<Option<T>>,
    pub(super) course: Course,
}

/// How the asking goes, whatever is asked.
#[derive(Clone, Copy)]
pub(super) struct Course {
    pub(super) is_asking: RwSignal<bool>,
    /// Of the last time that it was asked.
    pub(super) failure: RwSignal<Option<Failure>>,
    /// Of what was answered last; `None` where nothing was.
    pub(super) age: RwSignal<Option<Age>>,
    /// Tells a question from the one before: what comes too late is for nobody.
    number: StoredValue<u32>,
    /// What was answered last: the path.
    answered: StoredValue<String>,
}

// Not derived: that would want an answer that is copied too.
impl<T: Send + Sync + 'static> Clone for Asked<T> {
    fn clone(&self) -> Asked<T> {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Asked<T> {}

impl<T: Send + Sync + 'static> Asked<T> {
    pub(super) fn new() -> Asked<T> {
        Asked { value: RwSignal::new(None), course: Course::new() }
    }

    /// Asks for what is at that path, and keeps what `read` makes of the answer.
    pub(super) fn ask(self, board: Board, path: String, read: fn(&Json) -> T) {
        self.course.ask(board, path, Box::new(move |answer| drop(self.value.try_set(Some(read(answer))))));
    }
}

impl Course {
    pub(super) fn new() -> Course {
        Course {
            is_asking: RwSignal::new(false),
            failure: RwSignal::new(None),
            age: RwSignal::new(None),
            number: StoredValue::new(0),
            answered: StoredValue::default(),
        }
    }

    /// Whether that question is still the last one, and somebody there to hear of it.
    pub(super) fn is_current(self, number: u32) -> bool {
        self.number.try_get_value() == Some(number)
    }

    /// Begins a question; what the one before it may still bring is for nobody.
    pub(super) fn begin(self) -> u32 {
        self.number.update_value(|number| *number += 1);
        self.is_asking.set(true);
        self.number.get_value()
    }

    pub(super) fn ask(self, board: Board, path: String, keep: Box<dyn Fn(&Json)>) {
        let number = self.begin();
        task::start(async move {
            let (mut pace, mut waits) = (SYNCING_MS, 0);
            loop {
                let Some(client) = board.client() else { return };
                let answer = client.get(&path).await;
                if !self.is_current(number) {
                    return;
                }
                let wait = match answer {
                    Ok(answer) => {
                        let age = age(&answer);
                        let is_syncing = age.syncing;
                        // First the answer, then that it is there.
                        keep(&answer);
                        self.answered.set_value(path.clone());
                        self.end(board, Ok(age));
                        let wait = is_syncing.then_some(pace);
                        pace = (pace * 2).min(SYNCING_AT_MOST_MS);
                        wait
                    }
                    Err(Failure::Busy(seconds)) if waits < WAITS => {
                        waits += 1;
                        self.forget_unless(&path);
                        Some(seconds.clamp(1, 60) * 1_000)
                    }
                    Err(failure) => {
                        self.forget_unless(&path);
                        self.end(board, Err(failure));
                        None
                    }
                };
                let Some(wait) = wait else { return };
                pause::milliseconds(wait).await;
                if !self.is_current(number) {
                    return;
                }
            }
        });
    }

    /// What is there is no answer to another question, such as of other days.
    fn forget_unless(self, path: &str) {
        if self.answered.with_value(|answered| answered != path) {
            self.age.set(None);
        }
    }

    /// What came of it.
    pub(super) fn end(self, board: Board, what: Result<Age, Failure>) {
        self.is_asking.try_set(false);
        match what {
            Ok(age) => {
                self.age.try_set(Some(age));
                self.failure.try_set(None);
            }
            Err(failure) => {
                board.tell(&failure);
                self.failure.try_set(Some(failure));
            }
        }
    }
}

/// How old an answer says it is; as of now where it does not say.
pub(super) fn age(answer: &Json) -> Age {
    let age = answer.member("age");
    Age { as_of: age.text("asOf"), stale: age.truth("stale"), syncing: age.truth("syncing") }
}
