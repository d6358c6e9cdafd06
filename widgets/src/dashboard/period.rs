//! The days that figures and tables are about, and whose days they are.

use js_sys::{Date, encode_uri_component};
use leptos::prelude::*;

use crate::partner::zone;

const DAY_MS: f64 = 86_400_000.0;

/// What is chosen, in signals.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub(super) preset: RwSignal<String>,
    /// Of a range of one's own: days, as their inputs have them.
    pub(super) from: RwSignal<String>,
    pub(super) to: RwSignal<String>,
    /// Whether days are UTC's instead of the visitor's.
    pub(super) is_utc: RwSignal<bool>,
}

/// Days, both included, `2026-01-31`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) zone: String,
}

/// A range of one's own.
pub(super) const CUSTOM: &str = "custom";
pub(super) const PRESETS: [&str; 8] = ["today", "yesterday", "days7", "days30", "month", "month.last", "year", CUSTOM];
const USUAL: &str = "days30";

impl Chosen {
    pub(super) fn new() -> Chosen {
        Chosen { preset: RwSignal::new(USUAL.to_owned()), from: RwSignal::default(), to: RwSignal::default(), is_utc: RwSignal::new(false) }
    }

    pub(super) fn zone(self) -> String {
        if self.is_utc.get() { zone::UTC.to_owned() } else { zone::of_the_visitor() }
    }

    /// `None` while a range of one's own is not whole, or ends before it begins.
    pub(super) fn days(self) -> Option<Days> {
        let zone = self.zone();
        let (year, month, day) = today(self.is_utc.get());
        let (from, to) = match self.preset.get().as_str() {
            CUSTOM => {
                let (from, to) = (self.from.get(), self.to.get());
                // As texts they are in the order of the days.
                return (!from.is_empty() && from <= to).then_some(Days { from, to, zone });
            }
            "today" => ((year, month, day), (year, month, day)),
            "yesterday" => ((year, month, day - 1), (year, month, day - 1)),
            "days7" => ((year, month, day - 6), (year, month, day)),
            "month" => ((year, month, 1), (year, month, day)),
            "month.last" => ((year, month - 1, 1), (year, month, 0)),
            "year" => ((year, 0, 1), (year, month, day)),
            _ => ((year, month, day - 29), (year, month, day)),
        };
        Some(Days { from: written(from), to: written(to), zone })
    }
}

impl Days {
    /// As the routes have it.
    pub(super) fn query(&self) -> String {
        ["from=", &self.from, "&to=", &self.to, "&tz=", &String::from(encode_uri_component(&self.zone))].concat()
    }

    /// How many there are.
    pub(super) fn count(&self) -> i32 {
        ((Date::parse(&self.to) - Date::parse(&self.from)) / DAY_MS) as i32 + 1
    }
}

/// Year, month from 0, day.
type Parts = (i32, i32, i32);

fn today(is_utc: bool) -> Parts {
    let now = Date::new_0();
    match is_utc {
        true => (now.get_utc_full_year() as i32, now.get_utc_month() as i32, now.get_utc_date() as i32),
        false => (now.get_full_year() as i32, now.get_month() as i32, now.get_date() as i32),
    }
}

/// A day before the first or after the last of its month is one of the month before or after.
fn written((year, month, day): Parts) -> String {
    // UTC has no days that are longer or shorter.
    let first = Date::utc(f64::from(year), f64::from(month));
    day_of(first + f64::from(day - 1) * DAY_MS)
}

fn day_of(moment: f64) -> String {
    let text = String::from(Date::new(&moment.into()).to_iso_string());
    text.split('T').next().unwrap_or_default().to_owned()
}
