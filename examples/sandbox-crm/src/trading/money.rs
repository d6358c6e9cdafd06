//! Amounts of money, in whole cents: sums of them are exact.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::shapes::is_digits;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cents(i64);

impl Cents {
    /// As the JSON number that the document shows for most amounts.
    pub(super) fn number(self) -> Value {
        if self.0 % 100 == 0 {
            return (self.0 / 100).into();
        }
        serde_json::from_str(&self.to_string()).unwrap_or(Value::Null)
    }
}

impl fmt::Display for Cents {
    /// As the text that the document shows for a wallet's balance.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl FromStr for Cents {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not an amount with at most two decimals");
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        if !is_digits(whole) || !is_digits(fraction) || fraction.len() > 2 {
            return Err(wrong());
        }
        let cents: i64 = format!("{whole}{fraction:0<2}").parse().map_err(|_| wrong())?;
        Ok(Self(if negative { -cents } else { cents }))
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
    }
}

impl<'de> Deserialize<'de> for Cents {
    /// From a number or a text.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            // The shortest text that means the same number: what was written, unless it had more digits than anybody's money.
            Value::Number(number) => number.to_string(),
            other => return Err(serde::de::Error::custom(format!("{other} is not an amount"))),
        };
        // A whole number that went through another language's floats.
        text.strip_suffix(".0").unwrap_or(&text).parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_shown_exactly() {
        for (given, text, number) in
            [("12.5", "12.50", "12.5"), ("-0.05", "-0.05", "-0.05"), ("7", "7.00", "7"), ("0.10", "0.10", "0.1"), ("-3", "-3.00", "-3")]
        {
            let cents: Cents = given.parse().unwrap();
            assert_eq!((cents.to_string().as_str(), cents.number().to_string().as_str()), (text, number));
            assert_eq!(serde_json::from_str::<Cents>(given).unwrap(), cents);
        }
        let tenth: Cents = "0.1".parse().unwrap();
        assert_eq!(std::iter::repeat_n(tenth, 3).sum::<Cents>().number().to_string(), "0.3");
        for wrong in ["", "-", ".5", "1.", "1.234", "1e3", "+1", "1,5", "99999999999999999999"] {
            assert!(wrong.parse::<Cents>().is_err(), "{wrong}");
        }
    }
}
