//! A funnel's file as it is written, before it is checked. Nothing is mandatory here: what has to be there is asked for
//! where it is read, so that all that is missing is reported at once.

use std::collections::BTreeMap;

use latchkey_contract::{DocumentView, FieldKind, Need};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{KnownEmail, OnUnknown, show_if::ShowIf, theme};
use crate::{
    captcha::WORK,
    crm::{Action, FormField, List},
};

/// Quicker than a person whose browser fills in everything.
const LEAST_FILL_MS: u32 = 1_000;
/// A widget may have to wait for it.
pub(super) const LONGEST_LEAST_FILL_MS: u32 = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) id: Option<String>,
    pub(super) connection: Option<String>,
    #[serde(default)]
    pub(super) action: Action,
    #[serde(default)]
    pub(super) origins: Vec<String>,
    #[serde(default)]
    pub(super) locales: Vec<String>,
    pub(super) affiliate: Option<String>,
    #[serde(default)]
    pub(super) known_email: KnownEmail,
    #[serde(default)]
    pub(super) on_unknown: OnUnknown,
    #[serde(default)]
    pub(super) isolation: Isolation,
    #[serde(default)]
    pub(super) steps: OrCrm<Step>,
    /// By the CRM's name for it: what is said otherwise of a field that comes from the CRM.
    #[serde(default)]
    pub(super) r#override: BTreeMap<String, Override>,
    /// Titles of steps that come from the CRM, by its name for them.
    #[serde(default)]
    pub(super) titles: BTreeMap<String, Localised>,
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
    #[serde(default)]
    pub(super) theme: theme::Table,
    /// Our own texts, worded anew.
    #[serde(default)]
    pub(super) texts: BTreeMap<String, Localised>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub(super) id: Option<String>,
    pub(super) title: Option<Localised>,
    pub(super) show_if: Option<ShowIf>,
    #[serde(default)]
    pub(super) fields: OrCrm<Field>,
    /// Which of the CRM's forms, for `fields = "crm"`.
    pub(super) form: Option<String>,
}

/// What a funnel says otherwise of a field that comes from the CRM.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    /// The field is left out.
    #[serde(default)]
    pub(super) omit: bool,
    pub(super) kind: Option<FieldKind>,
    pub(super) label: Option<Localised>,
    pub(super) help: Option<Localised>,
    pub(super) placeholder: Option<Localised>,
    pub(super) required: Option<bool>,
    pub(super) read_only: Option<bool>,
    pub(super) max_length: Option<usize>,
    pub(super) min_length: Option<usize>,
    pub(super) min: Option<Bound>,
    pub(super) max: Option<Bound>,
    pub(super) min_age: Option<u8>,
    pub(super) default: Option<String>,
    pub(super) from_url: Option<String>,
    pub(super) options: Option<Vec<Choice>>,
    pub(super) search: Option<bool>,
    pub(super) show_if: Option<ShowIf>,
    #[serde(default)]
    pub(super) messages: BTreeMap<String, Localised>,
}

#[derive(Deserialize, Clone, Default)]
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
    pub(super) min_length: Option<usize>,
    pub(super) min: Option<Bound>,
    pub(super) max: Option<Bound>,
    pub(super) min_age: Option<u8>,
    pub(super) default: Option<String>,
    pub(super) from_url: Option<String>,
    #[serde(default)]
    pub(super) options: Vec<Choice>,
    pub(super) search: Option<bool>,
    #[serde(default)]
    pub(super) read_only: bool,
    /// The field that has to hold the same; this one is not sent to the CRM.
    pub(super) matches: Option<String>,
    /// What a password has to hold.
    #[serde(default)]
    pub(super) needs: Vec<Need>,
    pub(super) show_if: Option<ShowIf>,
    /// By the code of a violation: what is said in place of our own words.
    #[serde(default)]
    pub(super) messages: BTreeMap<String, Localised>,
    /// The CRM's list that the options come from.
    pub(super) list: Option<List>,
    /// The field whose value decides what the list holds.
    pub(super) within: Option<String>,
    /// Only the CRM gives a field documents.
    #[serde(skip)]
    pub(super) documents: Vec<DocumentView>,
}

/// Where the form stands on somebody's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Isolation {
    /// In the page, whose scripts can read what is typed.
    #[default]
    None,
    /// In a frame of the proxy's own origin.
    Frame,
}

/// The least or the greatest value: a date, or a number, also without quotes.
#[derive(Deserialize, Clone)]
#[serde(untagged, expecting = "a number, or a date as \"2030-12-31\"")]
pub(super) enum Bound {
    Text(String),
    Number(serde_json::Number),
}

impl Bound {
    pub(super) fn text(&self) -> String {
        match self {
            Bound::Text(text) => text.clone(),
            Bound::Number(number) => number.to_string(),
        }
    }
}

#[derive(Deserialize, Clone)]
#[serde(untagged, expecting = "a text, or a table of value and label")]
pub(super) enum Choice {
    Value(String),
    Labelled(LabelledChoice),
}

#[derive(Deserialize, Clone)]
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
pub(super) struct FinishTable {
    #[serde(default)]
    pub(super) kind: FinishKind,
    pub(super) login_url: Option<String>,
    pub(super) message: Option<Localised>,
    /// What only the CRM knows, see [`crate::crm::SignupForm::finish`].
    #[serde(flatten)]
    pub(super) of_the_crm: Map<String, Value>,
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
    /// "work", or the name of a captcha.
    pub(super) challenge: Option<String>,
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

impl Choice {
    pub(super) fn value(&self) -> &str {
        match self {
            Choice::Value(value) => value,
            Choice::Labelled(labelled) => &labelled.value,
        }
    }
}

impl Bots {
    pub(super) fn asks_captcha(&self) -> bool {
        self.challenge.as_deref().is_some_and(|name| name != WORK)
    }

    pub(super) fn least_fill_ms(&self) -> u32 {
        self.least_fill_ms.unwrap_or(LEAST_FILL_MS)
    }
}

impl Field {
    /// The kind that is given, or the one that the CRM's document gives the name.
    pub(super) fn kind(&self, known: Option<&FormField>) -> FieldKind {
        let documented = known.map(|known| known.kind);
        self.kind.or(Self::fixed_kind(known)).unwrap_or(match (documented, self.list) {
            (Some(FieldKind::Country), _) | (_, Some(List::Countries)) => FieldKind::Country,
            (_, Some(_)) => FieldKind::Select,
            _ if !self.options.is_empty() || known.is_some_and(|known| known.list.is_some()) => FieldKind::Select,
            _ => FieldKind::Text,
        })
    }

    /// Whether fields of that kind have options.
    pub(super) fn has_options(kind: FieldKind) -> bool {
        matches!(kind, FieldKind::Select | FieldKind::Radio | FieldKind::Several | FieldKind::Country | FieldKind::Hidden)
    }

    /// The kind that the name demands: another would switch the rule off that the CRM counts on.
    pub(super) fn fixed_kind(known: Option<&FormField>) -> Option<FieldKind> {
        known.map(|known| known.kind).filter(|kind| !matches!(kind, FieldKind::Text | FieldKind::Country))
    }
}

/// What the file says, or `"crm"`: that the CRM says it.
pub(super) enum OrCrm<T> {
    Own(Vec<T>),
    Crm,
}

impl<T> Default for OrCrm<T> {
    fn default() -> OrCrm<T> {
        OrCrm::Own(Vec::new())
    }
}

impl<T> OrCrm<T> {
    pub(super) fn own(&self) -> &[T] {
        match self {
            OrCrm::Own(own) => own,
            OrCrm::Crm => &[],
        }
    }

    pub(super) fn is_crm(&self) -> bool {
        matches!(self, OrCrm::Crm)
    }
}

/// By hand, because `untagged` would forget where in the list a mistake stands.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrCrm<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<OrCrm<T>, D::Error> {
        struct Visitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Visitor<T> {
            type Value = OrCrm<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list, or \"crm\"")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OrCrm<T>, E> {
                if text == "crm" { Ok(OrCrm::Crm) } else { Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)) }
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<OrCrm<T>, A::Error> {
                let mut own = Vec::new();
                while let Some(element) = seq.next_element()? {
                    own.push(element);
                }
                Ok(OrCrm::Own(own))
            }
        }
        deserializer.deserialize_any(Visitor(std::marker::PhantomData))
    }
}
