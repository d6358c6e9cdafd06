//! Numbers, amounts and dates in the visitor's language, which the browser knows.

use std::{cell::RefCell, collections::BTreeMap};

use js_sys::{Date, Function};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::zone::UTC;
use crate::browser::json;

// Not `js_sys::Intl`: its constructors do not catch, and a browser may refuse the language, a currency or a time zone.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type NumberFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &JsValue) -> Result<NumberFormat, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn format(this: &NumberFormat) -> Function;

    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &JsValue) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn format(this: &DateTimeFormat) -> Function;
}

const DIGITS: &str = "maximumFractionDigits";
/// As many as the proxy has of an amount: without being told, browsers round to three, or to what is usual for the currency.
const MOST_DIGITS: u32 = 8;

/// How something is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    Number,
    /// A share of 1.
    Percent,
    /// A share of what there was before, with its sign.
    Change,
    /// A number with few digits: `1.2K`.
    Short,
    /// An amount of money; of which currency, is said beside it.
    Money,
    /// The day of a moment; in which zone, is said beside it.
    Day,
    /// A moment with its time.
    Moment,
    /// The day of a moment, short: for an axis.
    ShortDay,
    /// The month of a moment, short.
    ShortMonth,
}

/// Each is made once: it is what takes time.
pub(super) struct Formats {
    locale: String,
    /// By style, and what is said beside it. `None` where the browser has no such.
    made: RefCell<BTreeMap<(Style, String), Option<Function>>>,
}

impl Formats {
    pub(super) fn new(locale: &str) -> Formats {
        Formats { locale: locale.to_owned(), made: RefCell::default() }
    }

    /// `beside` is a currency or a time zone; the visitor's zone, where it is empty.
    fn written(&self, style: Style, beside: &str, value: &JsValue) -> Option<String> {
        let mut made = self.made.borrow_mut();
        let format = made.entry((style, beside.to_owned())).or_insert_with(|| self.make(style, beside));
        // What is no date throws.
        format.as_ref()?.call1(&JsValue::UNDEFINED, value).ok()?.as_string()
    }

    fn make(&self, style: Style, beside: &str) -> Option<Function> {
        let options: Vec<(&str, JsValue)> = match style {
            Style::Number => vec![(DIGITS, MOST_DIGITS.into())],
            Style::Percent => vec![("style", "percent".into()), (DIGITS, 1.into())],
            Style::Change => {
                vec![("style", "percent".into()), (DIGITS, 0.into()), ("signDisplay", "exceptZero".into())]
            }
            Style::Short => vec![("notation", "compact".into()), (DIGITS, 1.into())],
            Style::Money => vec![("style", "currency".into()), ("currency", beside.into()), (DIGITS, MOST_DIGITS.into())],
            Style::Day => vec![("dateStyle", "medium".into())],
            Style::Moment => vec![("dateStyle", "medium".into()), ("timeStyle", "short".into())],
            Style::ShortDay => vec![("day", "numeric".into()), ("month", "short".into())],
            Style::ShortMonth => vec![("month", "short".into()), ("year", "2-digit".into())],
        };
        let is_date = style >= Style::Day;
        let zone = (is_date && !beside.is_empty()).then(|| ("timeZone", JsValue::from_str(beside)));
        let options = json::object(options.into_iter().chain(zone));
        match is_date {
            true => DateTimeFormat::new(&self.locale, &options).ok().map(|format| format.format()),
            false => NumberFormat::new(&self.locale, &options).ok().map(|format| format.format()),
        }
    }

    pub(super) fn number(&self, number: usize) -> String {
        self.written(Style::Number, "", &(number as f64).into()).unwrap_or_else(|| number.to_string())
    }

    /// Decimal text. What is none stays as it is.
    pub(super) fn decimal(&self, style: Style, text: &str) -> String {
        // As a text, which is exact.
        self.written(style, "", &text.into()).unwrap_or_else(|| text.to_owned())
    }

    /// An amount of a currency, as its code has it; the code stands beside the number where the browser does not take it for one.
    pub(super) fn money(&self, amount: &str, currency: &str) -> String {
        if currency.is_empty() {
            return self.decimal(Style::Number, amount);
        }
        let written = self.written(Style::Money, currency, &amount.into());
        written.unwrap_or_else(|| [&self.decimal(Style::Number, amount), "\u{a0}", currency].concat())
    }

    /// A moment (RFC 3339) in a zone; what is none stays as it is.
    pub(super) fn moment(&self, style: Style, moment: &str, zone: &str) -> String {
        let date = Date::new(&moment.into());
        let written = if date.get_time().is_nan() { None } else { self.written(style, zone, date.unchecked_ref()) };
        written.unwrap_or_else(|| moment.to_owned())
    }

    /// A day of the calendar, `2026-01-31`: in every zone the same.
    pub(super) fn calendar_day(&self, style: Style, day: &str) -> String {
        self.moment(style, day, UTC)
    }
}
