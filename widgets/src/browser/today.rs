//! The visitor's calendar.

use js_sys::Date as Clock;
use latchkey_contract::rules::Date;

/// The visitor's own date; `None` where the clock shows a year that the rules do not know.
pub(crate) fn today() -> Option<Date> {
    let now = Clock::new_0();
    Date::new(now.get_full_year() as u16, now.get_month() as u8 + 1, now.get_date() as u8)
}
