//! The rows of the tables "Request Body": name, required, rule.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::check::{Member, Rule};
use crate::shapes::{is_address, is_digits};

/// A member that is there and empty counts as absent, as the page "Authentication" reckons with "fields with empty values".
pub(super) const fn optional(name: &'static str, rule: Rule) -> Member {
    Member::new(name, rule).or_blank()
}

pub(super) const fn mandatory(name: &'static str, rule: Rule) -> Member {
    Member::new(name, rule).filled()
}

pub(super) const EMAIL: Rule = Rule::Like(is_address, "be a valid email");

/// "length 8": of letters.
pub(super) const fn length(characters: usize) -> Rule {
    Rule::Length(characters, characters)
}

/// `country_code` and `number`. Both are optional in the tables; a phone without a number is none, so the number is demanded.
pub(super) const PHONE: Rule = Rule::Members(&[
    // The most digits that E.164 gives to a country.
    optional("country_code", Rule::Like(|text| digits(text.strip_prefix('+').unwrap_or(text), 1..=3), "be digits")),
    mandatory("number", Rule::Like(|text| digits(text, 4..=15), "be digits")),
]);

/// The document gives no form for either part of a phone. Digits are what every reading has in common; a leading `+` is taken with a
/// country code, since it cannot be known which of the two is right.
fn digits(text: &str, length: RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && is_digits(text)
}

/// The text of a member, where it is there and not empty.
pub(super) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

pub(super) fn object<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Map<String, Value>> {
    members.get(name).and_then(Value::as_object)
}

/// A phone number as a code would be sent to it: digits, so that a `+` makes no other number of it.
pub(super) fn phone(members: &Map<String, Value>) -> Option<String> {
    let phone = object(members, "phone")?;
    Some(format!("{}{}", text(phone, "country_code").unwrap_or_default().trim_start_matches('+'), text(phone, "number")?))
}
