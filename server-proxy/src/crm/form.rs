//! What a CRM's document names for one action: the fields that a visitor may fill in, and what else can be sent.

use latchkey_contract::{Channel, FieldKind};
use serde_json::Value;

use super::List;

/// The names that a CRM's document gives for one action.
#[derive(Debug)]
pub(crate) struct SignupForm {
    /// What a visitor may fill in.
    pub(crate) fields: &'static [FormField],
    /// What the names of further fields begin with, where the CRM takes fields that its document does not name; "" for any.
    pub(crate) further: &'static [&'static str],
    /// What the CRM demands: of each of these, at least one field has to be asked for, and required, or set in `[routing]`.
    pub(crate) demands: &'static [&'static [&'static str]],
    /// What only the server sets, in `[routing]`.
    pub(crate) routing: &'static [(&'static str, ValueKind)],
    /// What `[finish]` may say on top of what every funnel's may.
    pub(crate) finish: &'static [(&'static str, ValueKind)],
    /// Members for where the visitor came from: our name for the value, and the member's.
    pub(crate) tracking: &'static [(&'static str, &'static str)],
    /// What becomes of tracking values that have no member of their own.
    pub(crate) rest: Rest,
}

/// A field that the CRM's document names.
#[derive(Debug)]
pub(crate) struct FormField {
    pub(crate) name: &'static str,
    /// The kind that the CRM counts on. A `text` may be configured as another kind (`select`, `country`, `area`), anything else
    /// may not.
    pub(crate) kind: FieldKind,
    /// For a `code`: where it is sent to.
    pub(crate) channel: Option<Channel>,
    /// The CRM's list that its values come from, where it has one.
    pub(crate) list: Option<List>,
}

impl FormField {
    pub(crate) const fn new(name: &'static str, kind: FieldKind) -> FormField {
        FormField { name, kind, channel: None, list: None }
    }

    pub(crate) const fn text(name: &'static str) -> FormField {
        FormField::new(name, FieldKind::Text)
    }

    pub(crate) const fn code(name: &'static str, channel: Channel) -> FormField {
        FormField { channel: Some(channel), ..FormField::new(name, FieldKind::Code) }
    }

    pub(crate) const fn of_list(self, list: List) -> FormField {
        FormField { list: Some(list), ..self }
    }
}

/// What becomes of tracking values that have no member of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// The CRM has no place for them: they stay with us.
    Kept,
    /// They go into this member, as a query string; unless the funnel maps that member itself: then its author chooses.
    Query(&'static str),
    /// Each becomes a member under its own name.
    Members,
}

/// What a value of the configuration has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Text,
    /// A text of so many characters.
    Length(usize),
    Flag,
    OneOf(&'static [&'static str]),
    /// A list of some of these.
    SomeOf(&'static [&'static str]),
    /// A path on the CRM's own site, such as `/wallet/deposit`.
    Path,
    /// Nothing: the proxy sets it itself, and neither a page nor a funnel's file may.
    Ours,
}

impl ValueKind {
    pub(crate) fn takes(self, value: &Value) -> bool {
        let is_in = |value: &Value, known: &[&str]| value.as_str().is_some_and(|text| known.contains(&text));
        match self {
            ValueKind::Text => value.is_string(),
            ValueKind::Length(length) => value.as_str().is_some_and(|text| text.chars().count() == length),
            ValueKind::Flag => value.is_boolean(),
            ValueKind::OneOf(known) => is_in(value, known),
            ValueKind::SomeOf(known) => value.as_array().is_some_and(|values| values.iter().all(|value| is_in(value, known))),
            // Two slashes would begin another host.
            ValueKind::Path => value.as_str().is_some_and(|text| {
                text.starts_with('/')
                    && !text.starts_with("//")
                    && !text.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace())
            }),
            ValueKind::Ours => false,
        }
    }

    pub(crate) fn describe(self) -> String {
        match self {
            ValueKind::Text => "a text".to_owned(),
            ValueKind::Length(length) => format!("a text of {length} characters"),
            ValueKind::Flag => "true or false".to_owned(),
            ValueKind::OneOf(known) => format!("one of {}", known.join(", ")),
            ValueKind::SomeOf(known) => format!("a list of {}", known.join(", ")),
            ValueKind::Path => "a path such as \"/wallet/deposit\"".to_owned(),
            ValueKind::Ours => "nothing: the proxy sets it itself".to_owned(),
        }
    }
}

impl SignupForm {
    pub(crate) fn field(&self, name: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether a visitor may be asked for a field of that name.
    pub(crate) fn takes(&self, name: &str) -> bool {
        let further = || self.further.iter().any(|prefix| name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()));
        self.field(name).is_some() || (further() && !self.sets(name))
    }

    /// Whether only the server sets it.
    pub(crate) fn sets(&self, name: &str) -> bool {
        self.routing.iter().any(|(routing, _)| *routing == name)
    }
}
