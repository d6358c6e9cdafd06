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

    /// Money or a volume, as decimal text: never a float's rounding.
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

/// `-12.50` stays as it is; `1e-7`, as which a JSON number may be written, becomes `0.0000001`.
fn decimal(text: &str) -> Option<String> {
    /// Larger than any amount's, and small enough to be written out.
    const LARGEST_EXPONENT: i32 = 40;
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (number, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= LARGEST_EXPONENT)?;
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    if exponent == 0 {
        return Some(format!("{sign}{number}"));
    }
    let zeros = "0".repeat(exponent.unsigned_abs() as usize);
    let padded = if exponent < 0 { format!("{zeros}{whole}{fraction}") } else { format!("{whole}{fraction}{zeros}") };
    let point = if exponent < 0 { whole.len() } else { whole.len() + zeros.len() };
    let (whole, fraction) = padded.split_at_checked(point)?;
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
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
