//! Who waits for a signup's attempt to end, in this process.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;
use uuid::Uuid;

use crate::store::Signup;

#[derive(Default)]
pub(super) struct Waiters(Mutex<HashMap<Uuid, Vec<oneshot::Sender<Signup>>>>);

impl Waiters {
    /// Gets the signup as its next attempt leaves it. An error says that it will not be told of.
    pub(super) fn wait(&self, id: Uuid) -> oneshot::Receiver<Signup> {
        let (teller, waiter) = oneshot::channel();
        self.lock().entry(id).or_default().push(teller);
        waiter
    }

    pub(super) fn tell(&self, signup: &Signup) {
        let tellers = self.lock().remove(&signup.id).unwrap_or_default();
        for teller in tellers {
            // An error says that who waited has left.
            let _ = teller.send(signup.clone());
        }
    }

    /// Forgets who has left.
    pub(super) fn tidy(&self) {
        self.lock().retain(|_, tellers| {
            tellers.retain(|teller| !teller.is_closed());
            !tellers.is_empty()
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Vec<oneshot::Sender<Signup>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
