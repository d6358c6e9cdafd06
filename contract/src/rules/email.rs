//! The e-mail rule, light enough for the browser.
//!
//! It accepts a part of what the HTML standard's rule (and `validator`'s, which the proxy checks on top) accepts, and is
//! stricter where an address that a person types into a public form is surely a slip:
//!
//! * the domain has a dot (`user@localhost` is no address on the internet);
//! * no dot begins, ends or doubles in the local part (RFC 5321, 4.1.2: a dot-string);
//! * the last label is not all digits (an address of four numbers is not a name);
//! * no IP literals (`user@[127.0.0.1]`), no quoted local parts, at most 254 characters in all (RFC 3696, erratum 1690).
//!
//! A domain may be written in any script. Whether IDNA allows it takes tables of 200 KB, so the proxy alone knows.

use super::Violation;

const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;
/// In characters: a label in another script is sent as Punycode, which has no fewer characters, and may have fewer bytes.
const LONGEST_LABEL: usize = 63;

pub(super) fn check(value: &str) -> Result<(), Violation> {
    if is_address(value) { Ok(()) } else { Err(Violation::Email) }
}

fn is_address(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    value.len() <= LONGEST && is_local(local) && is_domain(domain)
}

fn is_local(local: &str) -> bool {
    local.len() <= LONGEST_LOCAL && local.split('.').all(|part| !part.is_empty() && part.bytes().all(is_atom))
}

/// `atext` of RFC 5322, 3.2.3.
fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_domain(domain: &str) -> bool {
    let Some((_, last)) = domain.rsplit_once('.') else { return false };
    domain.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.chars().count() <= LONGEST_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || is_foreign_letter(c))
}

/// Beyond ASCII all but what is surely no letter: Latin-1 signs, general punctuation, symbols, the ideographic space and
/// punctuation, private use, presentation forms and what lies beyond the first plane.
fn is_foreign_letter(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{1fff}' | '\u{2c00}'..='\u{2dff}' | '\u{3005}'..='\u{d7ff}') && c != '×' && c != '÷'
}
