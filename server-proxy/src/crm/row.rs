//! A record of a CRM's list, read leniently: its members by name, whatever their case and punctuation (`userAdditionalId`,
//! `user_additional_id`); numbers where texts are meant, and the other way round; `null` and "" as absent. What is there and cannot
//! be what is meant is an error, which repeats nothing of it: it may be personal data.

use std::collections::BTreeMap;

use serde_json::Value;

/// A record's members.
#[derive(Debug)]
pub(super) struct Row<'a>(BTreeMap<String, &'a Value>);

type Read<T> = Result<Option<T>, String>;

impl Row<'_> {
    pub(super) fn of(value: &Value) -> Result<Row<'_>, String> {
        let members = value.as_object().ok_or("is not an object")?;
        Ok(Row(members.iter().map(|(name, value)| (plain(name), value)).collect()))
    }

    /// The first of these names that has a value.
    pub(super) fn get(&self, names: &[&str]) -> Option<&Value> {
        names.iter().filter_map(|name| self.0.get(&plain(name)).copied()).find(|value| !is_absent(value))
    }

    pub(super) fn text(&self, names: &[&str]) -> Read<String> {
        self.read(names, "a text", text)
    }

    /// A date, or a date and a time, as it came.
    pub(super) fn moment(&self, names: &[&str]) -> Read<String> {
        self.read(names, "a date", |value| text(value).filter(|text| is_moment(text)))
    }

    /// Money or a volume, as decimal text. What a CRM writes as a JSON number has the 17 digits that the JSON reader keeps; as a text, all.
    pub(super) fn decimal(&self, names: &[&str]) -> Read<String> {
        self.read(names, "a decimal number", |value| decimal(&text(value)?))
    }

    pub(super) fn flag(&self, names: &[&str]) -> Read<bool> {
        self.read(names, "true or false", |value| match value {
            Value::Bool(flag) => Some(*flag),
            _ => match text(value)?.as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
        })
    }

    fn read<T>(&self, names: &[&str], what: &str, read: impl FnOnce(&Value) -> Option<T>) -> Read<T> {
        let Some(value) = self.get(names) else { return Ok(None) };
        let name = names.first().copied().unwrap_or_default();
        read(value).map(Some).ok_or_else(|| format!("{name} is not {what}"))
    }
}

/// A text, or a number as one.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a CRM calls a client or a lead. Documents say text; an installation that counts is understood all the same.
pub(super) fn id(value: &Value) -> Option<String> {
    const LONGEST: usize = 200;
    text(value).filter(|id| !id.is_empty() && id.len() <= LONGEST)
}

/// A name without what vendors vary in it.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_absent(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn is_moment(text: &str) -> bool {
    text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok() || text.parse::<jiff::civil::Date>().is_ok()
}

/// The longest number that is one, in digits.
const DIGITS: usize = 60;

/// Digits with at most one point and no exponent, as which a JSON number may be written: `1e-7` becomes `0.0000001`, and `-12.50` stays
/// as it is. `None` for what is no number.
pub(super) fn decimal(text: &str) -> Option<String> {
    let (mantissa, exponent) = match text.trim().split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text.trim(), 0),
    };
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let is_number = !whole.is_empty() && !digits.ends_with('.') && all.bytes().all(|byte| byte.is_ascii_digit());
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    if !is_number || all.len() > DIGITS || point.unsigned_abs() as usize > DIGITS {
        return None;
    }
    let zeros = |count: usize| "0".repeat(count);
    let (whole, fraction) = match usize::try_from(point) {
        Ok(point) if point <= all.len() => (all[..point].to_owned(), all[point..].to_owned()),
        Ok(point) => (format!("{all}{}", zeros(point - all.len())), String::new()),
        Err(_) => (String::new(), format!("{}{all}", zeros(point.unsigned_abs() as usize))),
    };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_found_whatever_their_spelling() {
        let value = json!({"User_Additional ID": "x", "loginId": 12345, "isFake": "false", "empty": " ", "none": null, "list": ["a"]});
        let row = Row::of(&value).expect("an object");
        assert_eq!(row.text(&["userAdditionalId"]), Ok(Some("x".to_owned())));
        assert_eq!(row.text(&["login", "loginId"]), Ok(Some("12345".to_owned())));
        assert_eq!(row.flag(&["isFake"]), Ok(Some(false)));
        assert_eq!(row.text(&["empty"]), Ok(None));
        assert_eq!(row.text(&["none"]), Ok(None));
        assert_eq!(row.text(&["list"]), Err("list is not a text".to_owned()));
        assert!(Row::of(&json!([])).is_err());
    }

    #[test]
    fn money_is_decimal_text() {
        for (value, read) in [
            (json!("100.00"), Some("100.00")),
            (json!(-12.5), Some("-12.5")),
            (json!(7), Some("7")),
            (json!(1e-7), Some("0.0000001")),
            (json!(1.25e21), Some("1250000000000000000000")),
            (json!("1,000.00"), None),
            (json!("007"), Some("7")),
            (json!("1."), None),
            (json!("NaN"), None),
            (json!("1e999"), None),
            (json!(true), None),
        ] {
            let row = json!({ "amount": value });
            assert_eq!(Row::of(&row).expect("an object").decimal(&["amount"]).ok().flatten().as_deref(), read, "{value}");
        }
    }

    #[test]
    fn dates_are_checked_and_kept_as_they_came() {
        for good in ["2026-01-02", "2026-01-02T03:04:05Z", "2026-01-02 03:04:05", "2026-01-02T03:04:05.000+02:00"] {
            let row = json!({ "date": good });
            assert_eq!(Row::of(&row).expect("an object").moment(&["date"]), Ok(Some(good.to_owned())));
        }
        for bad in [json!("yesterday"), json!("2026-02-30"), json!(7), json!({})] {
            let row = json!({ "date": bad });
            assert!(Row::of(&row).expect("an object").moment(&["date"]).is_err(), "{bad}");
        }
    }
}
