//! What a password has to hold. ASCII alone counts: a CRM that asks for a capital letter may not know "Я" as one.

use crate::Need;

/// Whether the password holds what is needed.
pub(super) fn has(need: Need, value: &str) -> bool {
    value.bytes().any(|byte| match need {
        Need::Upper => byte.is_ascii_uppercase(),
        Need::Lower => byte.is_ascii_lowercase(),
        Need::Digit => byte.is_ascii_digit(),
        Need::Special => byte.is_ascii_punctuation(),
    })
}
