//! The words of a form, in the one language that the visitor reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{FieldView, rules::Violation};

/// Every text of ours by its key ("submit", "error.required"). The proxy holds them for all languages and sends one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

/// A number's plural category in the texts' language, as CLDR names it: "one", "few" … The browser and the server each know.
pub type Plural<'a> = &'a dyn Fn(usize) -> String;

impl Texts {
    /// The text of that key; the key itself where the language lacks it, so that nothing is silently empty.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The text of that key for a number: the wording of the number's plural category (`key.few`), or the one of a text that
    /// has no others.
    pub fn counted<'a>(&'a self, key: &'a str, number: usize, plural: Plural<'_>) -> &'a str {
        let of = |category: &str| self.0.get(&[key, ".", category].concat());
        let text = self.0.get(key).or_else(|| of(&plural(number))).or_else(|| of("other"));
        text.map_or(key, String::as_str)
    }

    /// The sentence for a value that breaks a rule, the same from the browser and from the server: the funnel's own, or ours.
    pub fn violation(&self, field: &FieldView, violation: Violation, plural: Plural<'_>) -> String {
        let number = match violation {
            Violation::TooLong => field.max_length,
            Violation::TooShort => field.min_length,
            _ => field.min_age.unwrap_or_default().into(),
        };
        let value = |name: &str| match (name, violation) {
            ("label", _) => field.label.clone(),
            ("max", Violation::TooLong) | ("min", Violation::TooShort) | ("age", _) => number.to_string(),
            ("max", _) => field.max.clone().unwrap_or_default(),
            ("min", _) => field.min.clone().unwrap_or_default(),
            _ => String::new(),
        };
        match field.messages.get(violation.code()) {
            Some(own) => filled(own, value),
            None => filled(self.counted(&["error.", violation.code()].concat(), number, plural), value),
        }
    }

    /// The sentence for an error's code.
    pub fn error(&self, code: &str, label: &str) -> String {
        self.fill(code, |_| label.to_owned())
    }

    /// The error's text with values for the names in braces.
    pub fn fill(&self, code: &str, value: impl Fn(&str) -> String) -> String {
        filled(self.get(&["error.", code].concat()), value)
    }
}

/// A text with values for the names in braces. Not by `str::replace`, which costs a visitor 4 KB.
pub fn filled(text: &str, value: impl Fn(&str) -> String) -> String {
    let mut message = String::new();
    // Every other part stands between braces.
    for (index, part) in text.split(['{', '}']).enumerate() {
        if index % 2 == 0 {
            message.push_str(part);
        } else {
            message.push_str(&value(part));
        }
    }
    message
}
