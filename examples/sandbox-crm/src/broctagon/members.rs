//! A request body held against the table "Request Body" of its page: name, required, rule.
//!
//! The document says nothing of members it does not list, of `null`, or of what a refusal says. All of it is refused here, by path: an
//! adapter's slip of the pen should show in a test. A member that is there and empty counts as absent, as the page "Authentication"
//! reckons with "fields with empty values".

use serde_json::{Map, Value};

use super::documented::Refusal;

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    name: &'static str,
    mandatory: bool,
    rule: Rule,
}

/// The columns "Type" and "Rule".
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    Text,
    Email,
    /// "length 8": of letters.
    Length(usize),
    OneOf(&'static [&'static str]),
    /// `country_code` and `number`. Both are optional in the tables; a phone without a number is none, so the number is demanded.
    Phone,
    /// "additional fields configured in the form": an object, held against the form later.
    Fields,
    Object(&'static [Member]),
}

pub(super) const fn mandatory(name: &'static str, rule: Rule) -> Member {
    Member { name, mandatory: true, rule }
}

pub(super) const fn optional(name: &'static str, rule: Rule) -> Member {
    Member { name, mandatory: false, rule }
}

const PHONE: &[Member] = &[optional("country_code", Rule::Text), mandatory("number", Rule::Text)];

/// The most digits that E.164 gives to a country.
const COUNTRY_CODE_DIGITS: usize = 3;

/// `path` is empty for the body itself.
pub(super) fn check(path: &str, members: &Map<String, Value>, table: &[Member]) -> Result<(), Refusal> {
    for row in table.iter().filter(|row| row.mandatory) {
        if members.get(row.name).is_none_or(is_empty) {
            return Err(required(&join(path, row.name)));
        }
    }
    for (name, value) in members {
        let path = join(path, name);
        let row = table.iter().find(|row| row.name == name).ok_or_else(|| Refusal::invalid(format!("\"{path}\" is not allowed")))?;
        row.rule.check(&path, value)?;
    }
    Ok(())
}

pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

pub(super) fn required(path: &str) -> Refusal {
    Refusal::invalid(format!("\"{path}\" is required"))
}

pub(super) fn must_be(path: &str, what: &str) -> Refusal {
    Refusal::invalid(format!("\"{path}\" must be {what}"))
}

/// `null` is not empty but of a wrong type.
pub(super) fn is_empty(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
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

impl Rule {
    fn check(self, path: &str, value: &Value) -> Result<(), Refusal> {
        match self {
            Rule::Fields => value.as_object().map(drop).ok_or_else(|| must_be(path, "an object")),
            Rule::Object(table) => check(path, value.as_object().ok_or_else(|| must_be(path, "an object"))?, table),
            Rule::Phone => {
                let phone = value.as_object().ok_or_else(|| must_be(path, "an object"))?;
                check(path, phone, PHONE)?;
                digits(&join(path, "country_code"), text(phone, "country_code"), 1..=COUNTRY_CODE_DIGITS, true)?;
                digits(&join(path, "number"), text(phone, "number"), 4..=15, false)
            }
            Rule::Text | Rule::Email | Rule::Length(_) | Rule::OneOf(_) => {
                let text = value.as_str().ok_or_else(|| must_be(path, "a string"))?;
                if is_empty(value) { Ok(()) } else { self.check_text(path, text) }
            }
        }
    }

    fn check_text(self, path: &str, text: &str) -> Result<(), Refusal> {
        match self {
            Rule::Email if !is_address(text) => Err(must_be(path, "a valid email")),
            Rule::Length(length) if text.chars().count() != length => Err(must_be(path, &format!("{length} characters long"))),
            Rule::OneOf(known) if !known.contains(&text) => Err(must_be(path, &format!("one of {}", known.join(", ")))),
            _ => Ok(()),
        }
    }
}

/// The document gives no form for either part of a phone. Digits are what every reading has in common; a leading `+` is taken with a
/// country code, since it cannot be known which of the two is right.
fn digits(path: &str, text: Option<&str>, length: std::ops::RangeInclusive<usize>, plus: bool) -> Result<(), Refusal> {
    let Some(text) = text else { return Ok(()) };
    let digits = if plus { text.strip_prefix('+').unwrap_or(text) } else { text };
    let fits = length.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(()) } else { Err(must_be(path, "digits")) }
}

/// Looks like one: something, an `@`, a domain with a dot in it, no white space.
pub(super) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let clean = !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    clean && !local.is_empty() && domain.contains('.') && domain.split('.').all(|label| !label.is_empty() && !label.contains('@'))
}
