//! The telephone rule: E.164's lengths, any punctuation that people write. Whether a number exists in its country takes
//! metadata that only a server can afford.

use super::Violation;

const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Without spaces and punctuation, `00` as `+`: "0049 (30) 123-4567" is "+49301234567". What is not a number stays as it is.
pub(super) fn normalise(value: &str) -> String {
    let bare: String = value.chars().filter(|c| !is_punctuation(*c)).collect();
    match bare.strip_prefix("00") {
        Some(rest) => String::from("+") + rest,
        None => bare,
    }
}

fn is_punctuation(c: char) -> bool {
    // The last three: a non-breaking space, and the narrow one and the hyphen that word processors put into numbers.
    matches!(c, ' ' | '(' | ')' | '-' | '.' | '/' | '\u{a0}' | '\u{202f}' | '\u{2011}')
}

pub(super) fn check(value: &str) -> Result<(), Violation> {
    let digits = value.strip_prefix('+').unwrap_or(value);
    if DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) { Ok(()) } else { Err(Violation::Phone) }
}
