//! The words of an element, in the one language that its visitor reads.

use latchkey_contract::{Texts, texts::filled};
use leptos::prelude::*;

use super::format::{Formats, Style};
use crate::browser::{json::Json, plural};

struct Words {
    texts: Texts,
    locale: String,
    rtl: bool,
    formats: Formats,
}

/// Handed around in its components; gone with them.
#[derive(Clone, Copy)]
pub(crate) struct Say(StoredValue<Words, LocalStorage>);

impl Say {
    /// `words` as `/embed/partner.json` has them.
    pub(crate) fn new(words: &Json) -> Say {
        let locale = words.text("locale").unwrap_or_default();
        let formats = Formats::new(&locale);
        Say(StoredValue::new_local(Words { texts: Texts(words.texts("texts")), locale, rtl: words.truth("rtl"), formats }))
    }

    fn with(self, read: impl FnOnce(&Words) -> String) -> String {
        self.0.try_with_value(read).unwrap_or_default()
    }

    pub(crate) fn locale(self) -> String {
        self.with(|words| words.locale.clone())
    }

    /// As the attribute `dir` has it.
    pub(crate) fn direction(self) -> String {
        self.with(|words| String::from(if words.rtl { "rtl" } else { "ltr" }))
    }

    /// The text of that key.
    pub(crate) fn text(self, key: &str) -> String {
        self.with(|words| words.texts.get(key).to_owned())
    }

    /// The same with values for the names in braces.
    pub(crate) fn filled(self, key: &str, values: &[(&str, &str)]) -> String {
        self.with(|words| fill(words.texts.get(key), values))
    }

    /// The text of that key in the wording for that number, which stands for `{count}`.
    pub(crate) fn counted(self, key: &str, count: usize) -> String {
        self.counted_with(key, count, &[])
    }

    pub(crate) fn counted_with(self, key: &str, count: usize, values: &[(&str, &str)]) -> String {
        self.with(|words| {
            let text = words.texts.counted(key, count, &|number| plural::category(&words.locale, number));
            let number = words.formats.number(count);
            let values: Vec<_> = values.iter().copied().chain([("count", number.as_str())]).collect();
            fill(text, &values)
        })
    }

    pub(crate) fn number(self, number: usize) -> String {
        self.with(|words| words.formats.number(number))
    }

    /// The day of a moment, where the visitor is.
    pub(crate) fn day(self, moment: &str) -> String {
        self.with(|words| words.formats.moment(Style::Day, moment, ""))
    }

    /// A moment in that zone.
    pub(crate) fn moment(self, moment: &str, zone: &str) -> String {
        self.with(|words| words.formats.moment(Style::Moment, moment, zone))
    }

    /// A day of the calendar, `2026-01-31`, as long or short as the style says.
    pub(crate) fn calendar_day(self, style: Style, day: &str) -> String {
        self.with(|words| words.formats.calendar_day(style, day))
    }

    /// Decimal text.
    pub(crate) fn decimal(self, style: Style, text: &str) -> String {
        self.with(|words| words.formats.decimal(style, text))
    }

    /// Decimal text in a currency, by its code.
    pub(crate) fn money(self, amount: &str, currency: &str) -> String {
        self.with(|words| words.formats.money(amount, currency))
    }
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    filled(text, |name| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()).unwrap_or_default())
}
