//! Lists: KYC forms, countries, states, cities. No page of theirs could be read, so any list of things with a code and a name is
//! understood: bare, or in the envelope of "Get List of Client", `count` and `records`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::crm::{Unanswered, answer::Answer};

/// By language; "" for the text that is given for all.
pub(super) type Labels = BTreeMap<String, String>;

/// Members that hold what is sent for a record, the likeliest first.
const CODES: [&str; 5] = ["code", "value", "id", "key", "iso_code"];
const NAMES: [&str; 3] = ["name", "label", "title"];

#[derive(Debug, Serialize)]
pub(super) struct Record {
    pub(super) code: String,
    pub(super) labels: Labels,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_code: Option<String>,
}

impl Record {
    /// `None` for what has no code. A bare text is its own label.
    pub(super) fn read(value: &Value) -> Option<Record> {
        if let Some(code) = text(value) {
            return Some(Record { code, labels: Labels::new(), phone_code: None });
        }
        let code = CODES.iter().find_map(|name| text(value.get(name)?))?;
        let labels = NAMES.iter().find_map(|name| value.get(name)).map(|label| labels(Some(label))).unwrap_or_default();
        Some(Record { code, labels, phone_code: value.get("phone_code").and_then(text) })
    }
}

/// The list that an answer is, or holds.
pub(super) fn read(answer: &Answer) -> Result<Vec<Record>, Unanswered> {
    let body: Value = answer.read()?;
    let unreadable = |what: &str| Unanswered::Unreadable(answer.trouble(what));
    let mut lists = body.as_object().into_iter().flat_map(|members| members.values()).filter_map(Value::as_array);
    let list = match (body.as_array(), body.get("records").and_then(Value::as_array)) {
        (Some(list), _) | (None, Some(list)) => list,
        (None, None) => match (lists.next(), lists.next()) {
            (Some(list), None) => list,
            _ => return Err(unreadable("no list, or more than one")),
        },
    };
    let records: Vec<_> = list.iter().filter_map(Record::read).collect();
    if records.is_empty() && !list.is_empty() {
        return Err(unreadable("a list of which nothing has a code"));
    }
    let count = body.get("count").and_then(Value::as_u64);
    if count.is_some_and(|count| count > list.len() as u64) {
        // How to ask for the next page no page says; half a list would hide what is on the other half.
        return Err(unreadable("a list that says it goes on, and not how"));
    }
    Ok(records)
}

/// A text, or a number as one; nothing that is empty.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// "map, key is language code like 'en-us'", or one text.
pub(super) fn labels(value: Option<&Value>) -> Labels {
    match value {
        Some(Value::Object(texts)) => texts.iter().filter_map(|(language, label)| Some((language.clone(), text(label)?))).collect(),
        Some(value) => text(value).map(|label| (String::new(), label)).into_iter().collect(),
        None => Labels::new(),
    }
}
