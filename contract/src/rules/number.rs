//! Decimal numbers as texts: no float ever stands for what somebody typed.

use std::cmp::Ordering;

/// `-12.5`: a sign, digits, a dot with digits behind it.
pub(super) fn is_number(value: &str) -> bool {
    let (_, whole, fraction) = parts(value);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !whole.is_empty() && digits(whole) && fraction.is_none_or(|fraction| !fraction.is_empty() && digits(fraction))
}

/// Compares two numbers, however many digits they have.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let (one, other) = (Number::of(one), Number::of(other));
    match (one.negative, other.negative) {
        (false, false) => one.size(&other),
        (true, true) => other.size(&one),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

fn parts(value: &str) -> (bool, &str, Option<&str>) {
    let (negative, value) = value.strip_prefix('-').map_or((false, value), |rest| (true, rest));
    value.split_once('.').map_or((negative, value, None), |(whole, fraction)| (negative, whole, Some(fraction)))
}

/// Without the zeros that say nothing. There is one zero: it is not negative.
struct Number<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl Number<'_> {
    fn of(value: &str) -> Number<'_> {
        let (negative, whole, fraction) = parts(value);
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.unwrap_or_default().trim_end_matches('0'));
        Number { negative: negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction }
    }

    /// Compares what stands behind the signs. Of two wholes the longer one is greater; fractions compare digit by digit.
    fn size(&self, other: &Number<'_>) -> Ordering {
        (self.whole.len(), self.whole, self.fraction).cmp(&(other.whole.len(), other.whole, other.fraction))
    }
}
