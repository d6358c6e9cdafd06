//! Checks of what was sent, for every CRM alike. A refusal is a message that names the member.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// Absent, `null`, or a text with nothing in it.
pub(crate) fn missing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(_) => false,
    }
}

pub(crate) fn unknown(path: &str) -> String {
    format!("Field \"{path}\" is unknown")
}

pub(crate) fn required(path: &str) -> String {
    format!("Field \"{path}\" is required")
}

pub(crate) fn string<'a>(path: &str, value: &'a Value) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| format!("Field \"{path}\" must be a string"))
}

pub(crate) fn boolean(path: &str, value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("Field \"{path}\" must be a boolean"))
}

pub(crate) fn object<'a>(path: &str, value: &'a Value) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("Field \"{path}\" must be an object"))
}

pub(crate) fn array<'a>(path: &str, value: &'a Value) -> Result<&'a [Value], String> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| format!("Field \"{path}\" must be an array"))
}

pub(crate) fn email(path: &str, value: &Value) -> Result<(), String> {
    is_address(string(path, value)?).then_some(()).ok_or_else(|| format!("Field \"{path}\" must be an email address"))
}

/// Looks like one: something, an `@`, a domain with a dot in it, no white space.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let clean = !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    clean && !local.is_empty() && domain.contains('.') && domain.split('.').all(|label| !label.is_empty() && !label.contains('@'))
}

/// `YYYY-MM-DD`. The shape is checked as well, since jiff reads more than RFC 3339 allows.
pub(crate) fn is_date(text: &str) -> bool {
    shape(text) == "0000-00-00" && text.parse::<Date>().is_ok()
}

/// A date and time of RFC 3339, such as `2026-01-01T12:00:00Z`.
pub(crate) fn is_moment(text: &str) -> bool {
    let shape = shape(text);
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else { return false };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with('0') => fraction.trim_start_matches('0'),
        Some(_) => return false,
        None => rest,
    };
    matches!(zone, "Z" | "+00:00" | "-00:00") && text.parse::<Timestamp>().is_ok()
}

/// The text with every digit turned into `0`.
fn shape(text: &str) -> String {
    text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect()
}
