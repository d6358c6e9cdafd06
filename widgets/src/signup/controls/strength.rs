//! How hard a password is to guess, as far as its look tells.

use latchkey_contract::{Need, rules};

/// The keys of the words for it, from the worst.
pub(super) const WORDS: [&str; 4] = ["password.weak", "password.fair", "password.good", "password.strong"];

/// From 1 to 4; 0 for none. By its length and its kinds of characters; what repeats itself counts little.
pub(super) fn strength(password: &str) -> usize {
    let mut seen: Vec<char> = Vec::new();
    let mut before = '\0';
    let mut worth = 0;
    for c in password.chars() {
        // "abcd" and "4321" say as little as "aaaa".
        let step = (c as u32).abs_diff(before as u32) > 1;
        worth += if seen.contains(&c) {
            1
        } else if step {
            4
        } else {
            2
        };
        seen.push(c);
        before = c;
    }
    let kinds = [Need::Upper, Need::Lower, Need::Digit, Need::Special].into_iter().filter(|need| rules::has(*need, password)).count();
    match worth + kinds * 3 {
        _ if password.is_empty() => 0,
        0..=33 => 1,
        34..=42 => 2,
        43..=54 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::strength;

    #[test]
    fn longer_and_more_mixed_is_stronger() {
        assert_eq!(strength(""), 0);
        for (password, level) in [
            ("abc", 1),
            ("password", 1),
            ("12345678", 1),
            ("aaaaaaaaaaaa", 1),
            ("Passw0rd", 2),
            ("Tr4de-Book", 3),
            ("correct horse battery", 3),
            ("p7!Kw2#Vz9qL", 4),
        ] {
            assert_eq!(strength(password), level, "{password}");
        }
    }
}
