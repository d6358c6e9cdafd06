//! A funnel's file as it is written, before it is checked. Nothing is mandatory here: what has to be there is asked for
//! where it is read, so that all that is missing is reported at once.

use std::collections::BTreeMap;

use latchkey_contract::FieldKind;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::KnownEmail;

/// Quicker than a person whose browser fills in everything.
const LEAST_FILL_MS: u32 = 1_000;
/// A widget may have to wait for it.
pub(super) const LONGEST_LEAST_FILL_MS: u32 = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) id: Option<String>,
    pub(super) connection: Option<String>,
    pub(super) action: Option<String>,
    #[serde(default)]
    pub(super) origins: Vec<String>,
    #[serde(default)]
    pub(super) locales: Vec<String>,
    pub(super) affiliate: Option<String>,
    #[serde(default)]
    pub(super) known_email: KnownEmail,
    #[serde(default)]
    pub(super) steps: Vec<Step>,
    #[serde(default)]
    pub(super) agreements: Vec<Agreement>,
    #[serde(default)]
    pub(super) routing: Map<String, Value>,
    #[serde(default)]
    pub(super) tracking: Tracking,
    #[serde(default)]
    pub(super) finish: FinishTable,
    #[serde(default)]
    pub(super) bots: Bots,
    /// Our own texts, worded anew.
    #[serde(default)]
    pub(super) texts: BTreeMap<String, Localised>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub(super) id: Option<String>,
    pub(super) title: Option<Localised>,
    #[serde(default)]
    pub(super) fields: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    pub(super) name: Option<String>,
    pub(super) kind: Option<FieldKind>,
    pub(super) label: Option<Localised>,
    pub(super) help: Option<Localised>,
    pub(super) placeholder: Option<Localised>,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) max_length: Option<usize>,
    pub(super) min_age: Option<u8>,
    pub(super) default: Option<String>,
    pub(super) from_url: Option<String>,
    #[serde(default)]
    pub(super) options: Vec<Choice>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, or a table of value and label")]
pub(super) enum Choice {
    Value(String),
    Labelled(LabelledChoice),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LabelledChoice {
    pub(super) value: String,
    pub(super) label: Localised,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Agreement {
    pub(super) label: Option<String>,
    pub(super) text: Option<Localised>,
    pub(super) url: Option<String>,
    #[serde(default)]
    pub(super) required: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Tracking {
    pub(super) keep_days: Option<u32>,
    #[serde(default)]
    pub(super) affiliates: Vec<String>,
    #[serde(default)]
    pub(super) map: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct FinishTable {
    #[serde(default)]
    pub(super) kind: FinishKind,
    pub(super) login_url: Option<String>,
    pub(super) message: Option<Localised>,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum FinishKind {
    #[default]
    Redirect,
    Message,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Bots {
    pub(super) least_fill_ms: Option<u32>,
}

/// One text for all languages, or one a language.
#[derive(Deserialize, Clone)]
#[serde(untagged, expecting = "a text, or a table of a text a language")]
pub(super) enum Localised {
    One(String),
    Each(BTreeMap<String, String>),
}

impl Localised {
    pub(super) fn in_locale(&self, locale: &str) -> Option<String> {
        match self {
            Localised::One(text) => Some(text.clone()),
            Localised::Each(texts) => texts.get(locale).cloned(),
        }
    }
}

impl Bots {
    pub(super) fn least_fill_ms(&self) -> u32 {
        self.least_fill_ms.unwrap_or(LEAST_FILL_MS)
    }
}

impl Field {
    /// The kind that is given, or the one that the name says.
    pub(super) fn kind(&self) -> FieldKind {
        self.kind.or(self.fixed_kind()).unwrap_or(match self.name.as_deref() {
            Some("billing.country") => FieldKind::Country,
            _ if !self.options.is_empty() => FieldKind::Select,
            _ => FieldKind::Text,
        })
    }

    /// The kind that the name demands: another would switch the rule off that the CRM counts on.
    pub(super) fn fixed_kind(&self) -> Option<FieldKind> {
        match self.name.as_deref() {
            Some("email") => Some(FieldKind::Email),
            Some("phone" | "additionalPhone") => Some(FieldKind::Tel),
            Some("dateOfBirth") => Some(FieldKind::Date),
            _ => None,
        }
    }
}
