//! The queue's time: what is due, and whose lease has run out.
//!
//! It goes on evenly when the machine's clock is set: it is read once, and from then on counted. Proxies that share a server take
//! the server's. Signups are received by it too: by a clock that was set meanwhile, whoever a CRM created for one of them would seem to
//! have been there before.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::{Store, StoreError, database::Engine};

pub(super) struct Clock(Mutex<Set>);

struct Set {
    to: i64,
    at: Instant,
}

impl Clock {
    /// The machine's, as it stands now.
    pub(super) fn own() -> Clock {
        Clock(Mutex::new(Set { to: Timestamp::now().as_millisecond(), at: Instant::now() }))
    }

    fn set(&self, to: i64) {
        *self.lock() = Set { to, at: Instant::now() };
    }

    /// Milliseconds since 1970.
    pub(super) fn now(&self) -> i64 {
        let set = self.lock();
        set.to.saturating_add(milliseconds(set.at.elapsed()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Set> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

pub(super) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl Store {
    pub(crate) fn now(&self) -> Timestamp {
        // It is a time that was once read, and what has passed since.
        Timestamp::from_millisecond(self.clock.now()).unwrap_or_else(|_| Timestamp::now())
    }

    /// When by the machine's clock, as that is set now, it was that time.
    pub(crate) fn by_the_machine(&self, time: Timestamp) -> Timestamp {
        Timestamp::now() - self.now().duration_since(time)
    }

    /// Takes the server's time, where there is a server.
    pub(crate) async fn set_clock(&self) -> Result<(), StoreError> {
        if self.engine == Engine::Postgres {
            let server = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
            self.clock.set(sqlx::query_scalar(server).fetch_one(&self.reader).await?);
        }
        Ok(())
    }
}
