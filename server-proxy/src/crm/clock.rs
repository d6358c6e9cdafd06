//! The CRM's clock beside ours, as an answer tells it: when what the CRM holds was created, and when it wants to be asked again.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap};

/// What an answer says of the time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clocks {
    /// The answer's `Date`, in whole seconds.
    theirs: Option<Timestamp>,
    /// When its head had arrived.
    ours: Timestamp,
}

/// What a CRM says it created may be rounded to seconds, like its `Date`, and a clock may have been put right by a little since.
const TOLERANCE_MS: i64 = 10_000;

impl Clocks {
    /// Of an answer whose head has just arrived.
    pub(super) fn of(headers: &HeaderMap) -> Clocks {
        let theirs = headers.get(DATE).and_then(|value| value.to_str().ok()).and_then(http_date);
        Clocks { theirs, ours: Timestamp::now() }
    }

    /// The CRM's time when it answered.
    pub(super) fn now(&self) -> Timestamp {
        self.theirs.unwrap_or(self.ours)
    }

    /// How far the two are apart.
    pub(super) fn apart(&self) -> Duration {
        self.now().duration_since(self.ours).unsigned_abs()
    }

    /// Whether the CRM created something since, by our clock, we received a signup. `None` where it did so by our clock and not by the
    /// CRM's: whether the CRM's clock is ahead, or ours was put back meanwhile, nobody can tell.
    pub(super) fn is_since(&self, created: Timestamp, since: Timestamp) -> Option<bool> {
        let [created, since, theirs, ours] = [created, since, self.now(), self.ours].map(Timestamp::as_millisecond);
        // The answer was on its way for a moment, so the CRM's clock is never taken to be further ahead than it is.
        if created + TOLERANCE_MS >= since + (theirs - ours) {
            Some(true)
        } else if created + TOLERANCE_MS < since {
            Some(false)
        } else {
            None
        }
    }
}

/// A date as a header has it, in any of the three forms of RFC 9110.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    Timestamp::try_from(httpdate::parse_http_date(text.trim()).ok()?).ok()
}

#[cfg(test)]
impl Clocks {
    /// Of an answer without a `Date`.
    pub(super) fn silent() -> Clocks {
        Clocks::of(&HeaderMap::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn all_forms_of_a_date_are_read() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(http_date(text), Some(at("1994-11-06T08:49:37Z")), "{text}");
        }
        for bad in ["", "now", "120", "Sun, 06 Nov 1994", "1994-11-06T08:49:37Z"] {
            assert_eq!(http_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn since_is_reckoned_by_the_crms_clock() {
        let (since, ours) = (at("2026-01-01T12:00:00Z"), at("2026-01-01T12:05:00Z"));
        let by = |theirs: Option<&str>, created: &str| Clocks { theirs: theirs.map(at), ours }.is_since(at(created), since);
        // It goes with ours, or says nothing.
        for theirs in [Some("2026-01-01T12:05:00Z"), None] {
            assert_eq!(by(theirs, "2026-01-01T12:00:01Z"), Some(true));
            assert_eq!(by(theirs, "2026-01-01T11:59:55Z"), Some(true), "within the tolerance");
            assert_eq!(by(theirs, "2026-01-01T11:59:45Z"), Some(false));
        }
        // It is an hour behind.
        let behind = Some("2026-01-01T11:05:00Z");
        assert_eq!(by(behind, "2026-01-01T11:00:01Z"), Some(true));
        assert_eq!(by(behind, "2026-01-01T10:59:00Z"), Some(false));
        // It is an hour ahead, or ours was put back.
        let ahead = Some("2026-01-01T13:05:00Z");
        assert_eq!(by(ahead, "2026-01-01T13:00:01Z"), Some(true));
        assert_eq!(by(ahead, "2026-01-01T12:30:00Z"), None);
        assert_eq!(by(ahead, "2026-01-01T11:59:00Z"), Some(false));
    }
}
