//! Whether a funnel is under attack: more signups in a minute than it ever has from people.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

const MINUTE: Duration = Duration::from_secs(60);

/// Counts signups by funnel, taken or not, in this proxy.
pub(super) struct Attacks {
    per_minute: u32,
    counted: Mutex<HashMap<String, Counted>>,
}

/// This minute's, and whether the one before had too many: an attack is over after a minute without.
struct Counted {
    since: Instant,
    count: u32,
    before: bool,
}

impl Attacks {
    pub(super) fn new(per_minute: u32) -> Attacks {
        Attacks { per_minute, counted: Mutex::default() }
    }

    /// One more has come for that funnel.
    pub(super) fn count(&self, funnel: &str, now: Instant) {
        let mut all = self.lock();
        let counted = all.entry(funnel.to_owned()).or_insert(Counted { since: now, count: 0, before: false });
        let passed = now.saturating_duration_since(counted.since);
        if passed >= MINUTE {
            let before = passed < MINUTE * 2 && counted.count >= self.per_minute;
            *counted = Counted { since: now, count: 0, before };
        }
        counted.count = counted.count.saturating_add(1);
        if counted.count == self.per_minute && !counted.before {
            tracing::warn!(funnel, per_minute = self.per_minute, "under attack: every visitor's browser is asked for proof of work");
        }
    }

    pub(super) fn is_under_way(&self, funnel: &str, now: Instant) -> bool {
        let all = self.lock();
        let Some(counted) = all.get(funnel) else { return false };
        match now.saturating_duration_since(counted.since) {
            passed if passed < MINUTE => counted.before || counted.count >= self.per_minute,
            passed => passed < MINUTE * 2 && counted.count >= self.per_minute,
        }
    }

    pub(super) fn tidy(&self, now: Instant) {
        self.lock().retain(|_, counted| now.saturating_duration_since(counted.since) < MINUTE * 2);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Counted>> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attack_lasts_until_a_minute_has_passed_without() {
        let (attacks, start) = (Attacks::new(3), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let count = |seconds| attacks.count("eu", at(seconds));
        let is_under_way = |seconds| attacks.is_under_way("eu", at(seconds));
        assert!(!is_under_way(0));
        (0..2).for_each(count);
        assert!(!is_under_way(2), "two are none");
        count(3);
        assert!(is_under_way(3) && !attacks.is_under_way("us", at(3)), "of this funnel alone");
        assert!(is_under_way(119) && !is_under_way(120), "nobody comes any more");
        count(70);
        assert!(is_under_way(70) && is_under_way(129), "the minute before counts");
        assert!(!is_under_way(130), "and no longer");
        attacks.tidy(at(190));
        assert!(attacks.lock().is_empty());
    }
}
