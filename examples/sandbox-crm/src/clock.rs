//! A CRM's clock, which a test can put forward or back: what it creates, and the `Date` of its answers, go by it.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::HeaderValue;
use jiff::{SignedDuration, Timestamp};

#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_seconds: AtomicI64,
}

impl Clock {
    /// Puts it forward, or back, from the right time. A day is more than anybody's clock is wrong.
    pub(crate) fn put(&self, ahead_seconds: i64) -> Result<(), String> {
        const DAY: i64 = 24 * 60 * 60;
        if !(-DAY..=DAY).contains(&ahead_seconds) {
            return Err(format!("aheadSeconds must be between -{DAY} and {DAY}, not {ahead_seconds}"));
        }
        self.ahead_seconds.store(ahead_seconds, Ordering::Relaxed);
        Ok(())
    }

    pub(crate) fn put_right(&self) {
        self.ahead_seconds.store(0, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.ahead_seconds.load(Ordering::Relaxed))
    }

    /// The value of `Date`.
    pub(crate) fn date(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
    }
}
