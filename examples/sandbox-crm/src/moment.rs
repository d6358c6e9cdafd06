//! A moment as the simulated CRMs keep and show it: UTC, to the millisecond, `2021-01-01T00:00:00.000Z`.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::shapes::{is_date, is_moment};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Timestamp);

impl Moment {
    pub(crate) fn now() -> Self {
        Self(Timestamp::now())
    }

    pub(crate) fn is_past(self) -> bool {
        self.0 <= Timestamp::now()
    }

    pub(crate) fn epoch_ms(self) -> i64 {
        self.0.as_millisecond()
    }

    /// The day it lies on, in UTC.
    pub(crate) fn day(self) -> Date {
        self.0.to_zoned(TimeZone::UTC).date()
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

/// A date and time with its zone, or a date, which begins at midnight UTC.
impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let full = if is_date(&text) { format!("{text}T00:00:00Z") } else { text };
        let moment = if is_moment(&full) { full.parse().ok() } else { None };
        moment.map(Self).ok_or_else(|| de::Error::custom(format!("{full:?} is neither a date nor a date with time and zone")))
    }
}
