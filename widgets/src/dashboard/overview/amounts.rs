//! Amounts in words: of people, of money, as a share.

use latchkey_contract::partner::{Quantity, Unit};

use crate::partner::{Say, format::Style};

pub(super) fn written(say: Say, unit: Unit, amount: &str, currency: &str) -> String {
    match unit {
        Unit::Count | Unit::Number => say.decimal(Style::Number, amount),
        Unit::Ratio => say.decimal(Style::Percent, amount),
        Unit::Money => say.money(amount, currency),
    }
}

/// With few digits, for an axis; of which currency, its title says.
pub(super) fn short(say: Say, unit: Unit, amount: &str) -> String {
    match unit {
        Unit::Count | Unit::Number | Unit::Money => say.decimal(Style::Short, amount),
        Unit::Ratio => say.decimal(Style::Percent, amount),
    }
}

/// In each currency; `None` where there is nothing to write, as a share of nobody is.
pub(super) fn all(say: Say, unit: Unit, quantities: &[Quantity]) -> Option<Vec<String>> {
    match (quantities.is_empty(), unit) {
        (true, Unit::Ratio) => None,
        (true, _) => Some(vec![say.decimal(Style::Number, "0")]),
        (false, _) => Some(quantities.iter().map(|quantity| written(say, unit, &quantity.amount, &quantity.currency)).collect()),
    }
}

/// How much more or less it is, as a share of what it was: `+12 %`. Nothing where there was nothing before, or another currency.
pub(super) fn change(say: Say, now: &[Quantity], before: &[Quantity]) -> Option<(f64, String)> {
    let ([now], [before]) = (now, before) else { return None };
    let was = js_sys::parse_float(&before.amount);
    if now.currency != before.currency || was == 0.0 {
        return None;
    }
    let share = (js_sys::parse_float(&now.amount) - was) / was.abs();
    Some((share, say.decimal(Style::Change, &digits(share))))
}

/// As JavaScript writes it: Rust's own way is 10 KB.
pub(super) fn digits(number: f64) -> String {
    js_sys::Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
}
