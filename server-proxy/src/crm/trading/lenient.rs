//! Values as this CRM may write them: its document shows one type for each, and a number may come as a text all the same. What the
//! document does not show at all (`"stats": [ ]`) is taken for what it is.
//!
//! Errors repeat no value: it may be personal data.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::row::decimal;

/// A text; ids may be numbers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Value")]
pub(super) struct Text(pub(super) String);

impl TryFrom<Value> for Text {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Text, &'static str> {
        match value {
            Value::String(text) => Ok(Text(text)),
            Value::Number(number) => Ok(Text(number.to_string())),
            _ => Err("is no text"),
        }
    }
}

/// A whole number: the document writes `0.1` for some of them, which is its tool's word for "number".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Value")]
pub(super) struct Count(pub(super) u64);

impl TryFrom<Value> for Count {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Count, &'static str> {
        let text = Text::try_from(value).map_err(|_| "is no whole number")?.0;
        let text = decimal(&text).ok_or("is no whole number")?;
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        match whole.parse() {
            Ok(count) if fraction.bytes().all(|digit| digit == b'0') => Ok(Count(count)),
            _ => Err("is no whole number"),
        }
    }
}

/// An amount, as decimal digits: never reckoned with. A JSON number has the 17 digits that the JSON reader keeps; a text has all.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Value")]
pub(super) struct Amount(pub(super) String);

impl TryFrom<Value> for Amount {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Amount, &'static str> {
        let text = Text::try_from(value).map_err(|_| "is no amount")?.0;
        decimal(&text).map(Amount).ok_or("is no amount")
    }
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Value")]
pub(super) struct Flag(pub(super) bool);

impl TryFrom<Value> for Flag {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Flag, &'static str> {
        match value {
            Value::Bool(flag) => Ok(Flag(flag)),
            Value::String(text) if text == "true" => Ok(Flag(true)),
            Value::String(text) if text == "false" => Ok(Flag(false)),
            _ => Err("is neither true nor false"),
        }
    }
}

/// A moment, "2019-08-24T14:15:22Z"; one that names no zone, and a day, are UTC's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Value")]
pub(super) struct Moment(pub(super) Timestamp);

impl TryFrom<Value> for Moment {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Moment, &'static str> {
        let text = value.as_str().ok_or("is no moment")?;
        let local = || text.parse::<civil::DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
        text.parse().ok().or_else(|| Some(local()?.timestamp())).map(Moment).ok_or("is no moment")
    }
}

/// Somebody or something of which only id and name concern us; the rest of what may be a person's whole record is left.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Named {
    pub(super) id: Option<Text>,
    pub(super) name: Option<Text>,
}

/// A text, or the name of an object that stands in its place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Value")]
pub(super) struct Label(pub(super) String);

impl TryFrom<Value> for Label {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Label, &'static str> {
        let label = match &value {
            Value::Object(members) => ["name", "step", "stage", "id"].iter().find_map(|name| members.get(*name)),
            text => Some(text),
        };
        label.and_then(|label| Text::try_from(label.clone()).ok()).map(|text| Label(text.0)).ok_or("is neither a text nor has a name")
    }
}

/// A record whose members the document does not show: its texts, numbers and flags, under their own names.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "Value")]
pub(super) struct Loose(pub(super) BTreeMap<String, Value>);

impl TryFrom<Value> for Loose {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Loose, &'static str> {
        let Value::Object(members) = value else { return Err("is no record") };
        Ok(Loose(members.into_iter().filter(|(_, value)| !value.is_object() && !value.is_array()).collect()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn amounts_stay_as_they_are() {
        for (given, read) in [
            (json!(12), "12"),
            (json!(12.5), "12.5"),
            (json!("12.50"), "12.50"),
            (json!(-0.1), "-0.1"),
            (json!("007"), "7"),
            (json!(5.5e-17), "0.000000000000000055"),
            (json!(1e21), "1000000000000000000000"),
            (json!("1.25e1"), "12.5"),
            (json!("12345678901234567890.123456789"), "12345678901234567890.123456789"),
        ] {
            assert_eq!(from_value::<Amount>(given.clone()).map(|amount| amount.0).ok().as_deref(), Some(read), "{given}");
        }
        for bad in [json!(""), json!("-"), json!("."), json!("1,000"), json!("NaN"), json!("1e999"), json!([]), json!(true), json!(null)] {
            assert!(from_value::<Amount>(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn counts_are_whole() {
        for (given, read) in [(json!(7), 7), (json!("7"), 7), (json!(7.0), 7)] {
            assert_eq!(from_value::<Count>(given.clone()).ok(), Some(Count(read)), "{given}");
        }
        for bad in [json!(0.1), json!(-1), json!("many"), json!(null)] {
            assert!(from_value::<Count>(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn moments_are_those_of_utc() {
        let moment = |text: &str| from_value::<Moment>(json!(text)).ok().map(|moment| moment.0.to_string());
        assert_eq!(moment("2019-08-24T14:15:22Z").as_deref(), Some("2019-08-24T14:15:22Z"));
        assert_eq!(moment("2019-08-24T16:15:22.5+02:00").as_deref(), Some("2019-08-24T14:15:22.5Z"));
        assert_eq!(moment("2019-08-24T14:15:22").as_deref(), Some("2019-08-24T14:15:22Z"));
        assert_eq!(moment("2019-08-24").as_deref(), Some("2019-08-24T00:00:00Z"));
        assert_eq!(moment("yesterday"), None);
    }
}
