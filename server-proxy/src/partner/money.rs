//! Amounts: decimal text, and whole ones with their 10⁻⁸ parts, which a database sorts and adds without losing a cent.

/// Parts of one.
const PARTS: i128 = 100_000_000;
const DIGITS: usize = 8;

/// Whole ones and parts, of the same sign. What is smaller than a part is cut off; `None` for what is no number, or beyond 64 bits.
pub(crate) fn parts(text: &str) -> Option<(i64, i64)> {
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    let whole: i64 = is_number.then(|| whole.parse().ok()).flatten()?;
    let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(DIGITS).collect();
    let part: i64 = fraction.parse().ok()?;
    Some(if is_negative { (-whole, -part) } else { (whole, part) })
}

/// The sum of whole ones and of parts, as decimal text without needless zeros.
pub(crate) fn sum(whole: i64, part: i64) -> String {
    let all = i128::from(whole) * PARTS + i128::from(part);
    let sign = if all < 0 { "-" } else { "" };
    let (whole, part) = (all.unsigned_abs() / PARTS.unsigned_abs(), all.unsigned_abs() % PARTS.unsigned_abs());
    let fraction = format!("{part:0width$}", width = DIGITS);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A share of 1, in four digits, rounded down. `None` of nothing.
pub(crate) fn ratio(part: u64, of: u64) -> Option<String> {
    let all = u128::from(part) * 10_000 / u128::from((of > 0).then_some(of)?);
    let text = format!("{}.{:04}", all / 10_000, all % 10_000);
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_taken_apart_and_put_together() {
        for (text, taken) in [("0", (0, 0)), ("12.5", (12, 50_000_000)), ("-0.01", (0, -1_000_000)), ("-7.25", (-7, -25_000_000))] {
            assert_eq!(parts(text), Some(taken), "{text}");
            assert_eq!(sum(taken.0, taken.1), text);
        }
        assert_eq!(parts("0.123456789"), Some((0, 12_345_678)), "what is smaller than a part is cut off");
        for bad in ["", "-", ".", "1,5", "1e5", "99999999999999999999"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
        assert_eq!(sum(1, -50_000_000), "0.5", "sums of both signs");
    }

    #[test]
    fn a_ratio_has_four_digits() {
        assert_eq!(ratio(1, 8).as_deref(), Some("0.125"));
        assert_eq!(ratio(2, 3).as_deref(), Some("0.6666"));
        assert_eq!((ratio(0, 5).as_deref(), ratio(5, 5).as_deref()), (Some("0"), Some("1")));
        assert_eq!(ratio(0, 0), None);
    }

    proptest! {
        #[test]
        fn no_cent_is_lost(cents in prop::collection::vec(-1_000_000_000_000_i64..1_000_000_000_000, 0..50)) {
            let text = |cents: i64| sum(cents / 100, cents % 100 * 1_000_000);
            let taken: Vec<_> = cents.iter().map(|cents| parts(&text(*cents)).expect("an amount")).collect();
            let added = sum(taken.iter().map(|taken| taken.0).sum(), taken.iter().map(|taken| taken.1).sum());
            prop_assert_eq!(added, text(cents.iter().sum()));
        }
    }
}
