//! First passwords. A visitor never types one into an embedded element, so where a CRM demands one and the funnel does not ask for it,
//! the proxy makes it: random, sent once, and kept nowhere. The client is logged in by the autologin link and chooses their own.

use secrecy::SecretString;

use super::{Action, Registration};

/// The member that each of the CRMs which take one has for it.
pub(super) const PASSWORD: &str = "password";

/// What the visitor chose, or one that nobody knows. A lead has none.
pub(super) fn of(registration: &Registration) -> Option<SecretString> {
    let chosen = || registration.fields.get(PASSWORD).map(|chosen| SecretString::from(chosen.as_str()));
    (registration.action != Action::Lead).then(|| chosen().unwrap_or_else(generate))
}

/// Letters and digits that are not mistaken for each other.
const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz";
const CAPITALS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";
const LENGTH: usize = 20;

/// Letters of both cases and digits, at least one of each: what every CRM's rule takes.
fn generate() -> SecretString {
    let mut password = vec![pick(LETTERS), pick(CAPITALS), pick(DIGITS)];
    let any = [LETTERS, CAPITALS, DIGITS].concat();
    password.resize_with(LENGTH, || pick(&any));
    // The first three would otherwise be known by kind.
    for index in (1..password.len()).rev() {
        password.swap(index, below(index + 1));
    }
    SecretString::from(password.into_iter().map(char::from).collect::<String>())
}

fn pick(alphabet: &[u8]) -> u8 {
    alphabet[below(alphabet.len())]
}

/// Evenly among `0..end`, for an `end` of at most 256.
fn below(end: usize) -> usize {
    // Version 4 UUIDs are the random numbers that are at hand: bytes 0 to 5 are random whole.
    loop {
        let byte = usize::from(uuid::Uuid::new_v4().as_bytes()[0]);
        if byte < 256 - 256 % end {
            return byte % end;
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_password_has_what_every_rule_asks_for() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let password = generate();
            let text = password.expose_secret();
            assert_eq!(text.len(), LENGTH);
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{text}");
            for kind in [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit] {
                assert!(text.bytes().any(|byte| kind(&byte)), "{text}");
            }
            assert!(seen.insert(text.to_owned()), "the same twice");
        }
    }
}
