//! Days of a zone, and the times at which they begin.

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use latchkey_contract::partner::{self as contract, Grain};

use super::Refusal;

/// The most days that are asked about at once: ten years.
const MOST_DAYS: i32 = 3_660;
/// The most points of a series.
const MOST_POINTS: usize = 1_100;
/// Where nothing is said: so many days, today included.
const USUAL_DAYS: i64 = 30;

/// Days of a zone, both included.
#[derive(Clone, Debug)]
pub(super) struct Period {
    from: Date,
    to: Date,
    tz: TimeZone,
    name: String,
}

/// The parameters `from`, `to` and `tz`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Days<'a> {
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
    pub(crate) tz: Option<&'a str>,
}

impl Days<'_> {
    pub(super) fn are_given(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }
}

impl Period {
    /// The last days, where neither is given; up to today, or from the same distance, where one is.
    pub(super) fn read(days: Days<'_>, now: Timestamp) -> Result<Period, Refusal> {
        let name = days.tz.filter(|name| !name.is_empty()).unwrap_or("UTC");
        let tz = TimeZone::get(name).map_err(|_| Refusal::invalid("tz", "zone", "is no time zone such as Europe/Berlin"))?;
        let name = tz.iana_name().unwrap_or("UTC").to_owned();
        let to = match day("to", days.to)? {
            Some(to) => to,
            None => now.to_zoned(tz.clone()).date(),
        };
        let from = match day("from", days.from)? {
            Some(from) => from,
            None => to.checked_sub((USUAL_DAYS - 1).days()).map_err(|_| Refusal::invalid("to", "date", "is too long ago"))?,
        };
        let period = Period { from, to, tz, name };
        if from > to {
            return Err(Refusal::invalid("from", "range", "is after to"));
        }
        if period.days() > MOST_DAYS {
            return Err(Refusal::invalid("from", "range", format!("at most {MOST_DAYS} days are asked about at once")));
        }
        Ok(period)
    }

    fn days(&self) -> i32 {
        self.from.until(self.to).map_or(i32::MAX, |span| span.get_days().saturating_add(1))
    }

    /// The period of as many days before it.
    pub(super) fn before(&self) -> Result<Period, Refusal> {
        let early = |_| Refusal::invalid("from", "date", "is too long ago");
        let to = self.from.yesterday().map_err(early)?;
        let from = self.from.checked_sub(self.days().days()).map_err(early)?;
        Ok(Period { from, to, tz: self.tz.clone(), name: self.name.clone() })
    }

    pub(super) fn shown(&self) -> contract::Period {
        contract::Period { from: self.from.to_string(), to: self.to.to_string() }
    }

    pub(super) fn zone(&self) -> &str {
        &self.name
    }

    /// When a day begins, in milliseconds since 1970. A day whose midnight is skipped begins when it can.
    fn begins(&self, day: Date) -> Result<i64, Refusal> {
        let late = |_| Refusal::invalid("to", "date", "is no day that is asked about");
        Ok(day.to_zoned(self.tz.clone()).and_then(|zoned: Zoned| zoned.start_of_day()).map_err(late)?.timestamp().as_millisecond())
    }

    /// From when, and before when.
    pub(super) fn bounds(&self) -> Result<(i64, i64), Refusal> {
        let end = self.to.tomorrow().map_err(|_| Refusal::invalid("to", "date", "is no day that is asked about"))?;
        Ok((self.begins(self.from)?, self.begins(end)?))
    }

    /// The first days of its points, and when these begin and the last ends.
    pub(super) fn points(&self, by: Grain) -> Result<(Vec<Date>, Vec<i64>), Refusal> {
        let mut days = vec![self.from];
        let mut day = self.from;
        while let Ok(next) = day.tomorrow() {
            if next > self.to {
                break;
            }
            day = next;
            let begins = match by {
                Grain::Day => true,
                Grain::Week => day.weekday() == Weekday::Monday,
                Grain::Month => day.day() == 1,
            };
            if begins {
                days.push(day);
            }
        }
        if days.len() > MOST_POINTS {
            return Err(Refusal::invalid("by", "range", format!("more than {MOST_POINTS} points")));
        }
        let mut times = days.iter().map(|day| self.begins(*day)).collect::<Result<Vec<_>, _>>()?;
        times.push(self.bounds()?.1);
        Ok((days, times))
    }
}

fn day(name: &str, text: Option<&str>) -> Result<Option<Date>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    // The parser takes more than that form.
    let day = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
    day.map(Some).ok_or_else(|| Refusal::invalid(name, "date", "is no date YYYY-MM-DD"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str, tz: &str) -> Period {
        Period::read(Days { from: Some(from), to: Some(to), tz: Some(tz) }, Timestamp::UNIX_EPOCH).expect("a period")
    }

    fn at(milliseconds: i64) -> String {
        Timestamp::from_millisecond(milliseconds).expect("a time").to_string()
    }

    #[test]
    fn a_day_is_as_long_as_its_zone_makes_it() {
        let bounds = |from, to, tz| period(from, to, tz).bounds().map(|(from, to)| (at(from), at(to))).expect("bounds");
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(bounds("2026-03-29", "2026-03-29", "Europe/Berlin"), pair("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
        assert_eq!(bounds("2026-10-25", "2026-10-25", "Europe/Berlin"), pair("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"));
        assert_eq!(bounds("2026-01-31", "2026-02-01", "Asia/Kathmandu"), pair("2026-01-30T18:15:00Z", "2026-02-01T18:15:00Z"));
        // Samoa had no 30 December 2011, and Beirut's 26 March 2023 began at one o'clock by the law of its zone's file or at midnight.
        assert_eq!(bounds("2011-12-29", "2011-12-31", "Pacific/Apia"), pair("2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z"));
    }

    #[test]
    fn the_period_before_has_as_many_days() {
        let before = period("2026-03-01", "2026-03-31", "UTC").before().expect("a period").shown();
        assert_eq!((before.from.as_str(), before.to.as_str()), ("2026-01-29", "2026-02-28"));
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let points =
            |by| period("2026-01-30", "2026-02-10", "UTC").points(by).expect("points").0.iter().map(Date::to_string).collect::<Vec<_>>();
        assert_eq!(points(Grain::Week), ["2026-01-30", "2026-02-02", "2026-02-09"]);
        assert_eq!(points(Grain::Month), ["2026-01-30", "2026-02-01"]);
        assert_eq!(points(Grain::Day).len(), 12);
    }

    #[test]
    fn what_is_no_period_is_refused() {
        let read = |from, to, tz| Period::read(Days { from, to, tz }, Timestamp::UNIX_EPOCH).is_err();
        assert!(read(Some("2026-01-02"), Some("2026-01-01"), None));
        assert!(read(Some("2026-02-30"), None, None));
        assert!(read(Some("20260101"), None, None));
        assert!(read(None, None, Some("Mars/Olympus")));
        assert!(read(Some("1000-01-01"), Some("2026-01-01"), None));
        assert!(!read(None, None, None));
    }
}
