//! `show_if` as a file writes it: `{ field = "billing.country", equals = "DE" }`, `{ and = [ … ] }` and so on.

use latchkey_contract::Condition;
use serde::Deserialize;

/// One condition. Exactly one of its forms is written: a field with one word about it, or one of `and`, `or` and `not`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShowIf {
    pub(super) field: Option<String>,
    pub(super) equals: Option<Wanted>,
    pub(super) one_of: Option<Vec<Wanted>>,
    pub(super) present: Option<bool>,
    pub(super) and: Option<Vec<ShowIf>>,
    pub(super) or: Option<Vec<ShowIf>>,
    pub(super) not: Option<Box<ShowIf>>,
}

/// A value that a field is to hold. A box that is ticked holds `true`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged, expecting = "a text, or true or false")]
pub(super) enum Wanted {
    Flag(bool),
    Text(String),
}

impl Wanted {
    pub(super) fn text(&self) -> String {
        match self {
            Wanted::Text(text) => text.clone(),
            Wanted::Flag(true) => "true".to_owned(),
            Wanted::Flag(false) => String::new(),
        }
    }
}

impl ShowIf {
    /// How many of its forms are written.
    pub(super) fn forms(&self) -> usize {
        let field = self.field.is_some() || self.equals.is_some() || self.one_of.is_some() || self.present.is_some();
        [field, self.and.is_some(), self.or.is_some(), self.not.is_some()].into_iter().filter(|is_written| *is_written).count()
    }

    /// `None` for what is written wrongly: more than one form, or none.
    pub(super) fn condition(&self) -> Option<Condition> {
        let all = |list: &[ShowIf]| list.iter().map(ShowIf::condition).collect::<Option<Vec<_>>>();
        let is =
            |field: &str, one_of: &[Wanted]| Condition::Is { field: field.to_owned(), one_of: one_of.iter().map(Wanted::text).collect() };
        match self {
            ShowIf { field: Some(field), equals: Some(value), one_of: None, present: None, and: None, or: None, not: None } => {
                Some(is(field, std::slice::from_ref(value)))
            }
            ShowIf { field: Some(field), equals: None, one_of: Some(values), present: None, and: None, or: None, not: None } => {
                Some(is(field, values))
            }
            ShowIf { field: Some(field), equals: None, one_of: None, present: Some(present), and: None, or: None, not: None } => {
                let condition = Condition::Present(field.clone());
                Some(if *present { condition } else { Condition::Not(Box::new(condition)) })
            }
            ShowIf { field: None, equals: None, one_of: None, present: None, and: Some(list), or: None, not: None } => {
                all(list).map(Condition::And)
            }
            ShowIf { field: None, equals: None, one_of: None, present: None, and: None, or: Some(list), not: None } => {
                all(list).map(Condition::Or)
            }
            ShowIf { field: None, equals: None, one_of: None, present: None, and: None, or: None, not: Some(inner) } => {
                inner.condition().map(|inner| Condition::Not(Box::new(inner)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(value: Value) -> Option<Condition> {
        serde_json::from_value::<ShowIf>(value).expect("a table").condition()
    }

    #[test]
    fn each_form_is_a_condition() {
        let is = |field: &str, one_of: &[&str]| Condition::Is {
            field: field.to_owned(),
            one_of: one_of.iter().map(|value| (*value).to_owned()).collect(),
        };
        assert_eq!(read(json!({"field": "a", "equals": "DE"})), Some(is("a", &["DE"])));
        assert_eq!(read(json!({"field": "a", "equals": true})), Some(is("a", &["true"])));
        assert_eq!(read(json!({"field": "a", "equals": false})), Some(is("a", &[""])));
        assert_eq!(read(json!({"field": "a", "one_of": ["DE", "AT"]})), Some(is("a", &["DE", "AT"])));
        let present = Condition::Present("a".to_owned());
        assert_eq!(read(json!({"field": "a", "present": true})), Some(present.clone()));
        assert_eq!(read(json!({"field": "a", "present": false})), Some(Condition::Not(Box::new(present.clone()))));
        let both = json!([{"field": "a", "present": true}, {"not": {"field": "b", "equals": "x"}}]);
        let inner = vec![present, Condition::Not(Box::new(is("b", &["x"])))];
        assert_eq!(read(json!({"and": both})), Some(Condition::And(inner.clone())));
        assert_eq!(read(json!({"or": both})), Some(Condition::Or(inner)));
    }

    #[test]
    fn what_says_nothing_or_two_things_is_none() {
        for wrong in [
            json!({}),
            json!({"field": "a"}),
            json!({"equals": "x"}),
            json!({"field": "a", "equals": "x", "present": true}),
            json!({"field": "a", "equals": "x", "one_of": ["x"]}),
            json!({"field": "a", "and": []}),
            json!({"and": [{"field": "a"}]}),
            json!({"and": [], "or": []}),
            json!({"not": {}}),
        ] {
            assert_eq!(read(wrong.clone()), None, "{wrong}");
        }
    }
}
