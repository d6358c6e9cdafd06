//! Dates of the calendar, as `<input type="date">` gives them: `YYYY-MM-DD` (ISO 8601).

use std::cmp::Ordering;

use super::Violation;
use crate::FieldView;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// After every day that can be written.
    pub const LATEST: Date = Date { year: 9999, month: 12, day: 31 };

    /// `None` where the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        (year <= 9999 && (1..=days_in(year, month)).contains(&day)).then_some(Date { year, month, day })
    }

    /// Reads `YYYY-MM-DD`, and nothing else.
    pub fn parse(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        Date::new(number(&bytes[..4])?, number(&bytes[5..7])? as u8, number(&bytes[8..])? as u8)
    }

    /// Whole years from this day until `today`; 0 for days that lie ahead.
    fn years_until(self, today: Date) -> u16 {
        let had_birthday = (today.month, today.day) >= (self.month, self.day);
        today.year.saturating_sub(self.year).saturating_sub(u16::from(!had_birthday))
    }
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0')))
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(leap),
        _ => 0,
    }
}

/// People who sign up were born after it.
const EARLIEST: Date = Date { year: 1900, month: 1, day: 1 };

/// Where the field has no bounds of its own, a date lies in the past: most are dates of birth.
pub(super) fn check(field: &FieldView, value: &str, today: Date) -> Result<(), Violation> {
    let date = Date::parse(value).ok_or(Violation::Date)?;
    if (field.min.is_none() && date < EARLIEST) || (field.max.is_none() && date > today) {
        return Err(Violation::DateRange);
    }
    // A bound that is no date bounds nothing: the configuration's checks let none through.
    super::range(field, |bound| Date::parse(bound).map_or(Ordering::Equal, |bound| date.cmp(&bound)))?;
    match field.min_age {
        Some(age) if date.years_until(today) < u16::from(age) => Err(Violation::TooYoung),
        _ => Ok(()),
    }
}
