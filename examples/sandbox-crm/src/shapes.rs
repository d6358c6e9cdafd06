//! What an address, a number and a date look like, where a document asks for one.

use jiff::Timestamp;
use jiff::civil::Date;

/// Looks like an e-mail address: something, an `@`, a domain with a dot in it, no white space.
pub(crate) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let clean = !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    clean && !local.is_empty() && domain.contains('.') && domain.split('.').all(|label| !label.is_empty() && !label.contains('@'))
}

/// ASCII digits and nothing else, which `parse` would not be content with.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of a phone number in international format: a plus before them, no blanks, and no more than E.164 allows.
pub(crate) fn phone_digits(text: &str) -> Option<&str> {
    text.strip_prefix('+').filter(|digits| is_digits(digits) && digits.len() <= 15)
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
