//! What a funnel can take from a CRM: the fields of its forms, its onboarding steps, its lists of countries, states and cities.
//!
//! It is kept between runs, so that a funnel is served while its CRM is down: hence the serde derives.

use std::collections::BTreeMap;

use async_trait::async_trait;
use latchkey_contract::FieldKind;
use serde::{Deserialize, Serialize};

use super::{Action, Unanswered};

/// A CRM that describes its own forms.
#[async_trait]
pub(crate) trait Catalog: Send + Sync {
    /// The names of its forms. The first is what a step gets that names none.
    fn forms(&self, action: Action) -> &'static [&'static str];

    /// Whether a step may name that form: also one whose name only the installation knows.
    fn has_form(&self, action: Action, form: &str) -> bool {
        self.forms(action).contains(&form)
    }

    /// The fields of a form that a step may name, in the CRM's order.
    async fn fields(&self, form: &str) -> Result<Vec<CrmField>, Unanswered>;

    /// Whether [`Catalog::steps`] answers.
    fn has_steps(&self) -> bool {
        false
    }

    /// The steps of signing up that have a form, in the CRM's order.
    async fn steps(&self) -> Result<Vec<CrmStep>, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    /// Which of the lists it has.
    fn lists(&self) -> &'static [List] {
        &[]
    }

    /// One of [`Catalog::lists`]: all countries, the states of a country, the cities of a state.
    async fn list(&self, _list: List, _within: Option<&str>) -> Result<Vec<CrmChoice>, Unanswered> {
        Err(Unanswered::Unsupported)
    }
}

/// A list that a field's values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum List {
    Countries,
    /// Of a country.
    States,
    /// Of a state.
    Cities,
}

impl List {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            List::Countries => "countries",
            List::States => "states",
            List::Cities => "cities",
        }
    }
}

/// A field as the CRM describes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CrmField {
    /// The name that a signup sends it under.
    pub(crate) name: String,
    pub(crate) kind: FieldKind,
    pub(crate) required: bool,
    pub(crate) read_only: bool,
    /// By language; empty where the CRM has none.
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) default: Option<String>,
    pub(crate) options: Vec<CrmChoice>,
    pub(crate) documents: Vec<CrmDocument>,
    /// The CRM's list that its values come from; states lie in the nearest country before them, cities in the nearest state.
    pub(crate) list: Option<List>,
}

/// A value that may be chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CrmChoice {
    pub(crate) value: String,
    /// By language; "" for the one that the CRM gives for all. Empty where the value is its own label.
    pub(crate) labels: BTreeMap<String, String>,
}

/// A document to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CrmDocument {
    pub(crate) label: Option<String>,
    pub(crate) url: String,
}

/// A step of signing up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CrmStep {
    pub(crate) id: String,
    /// One of [`Catalog::forms`].
    pub(crate) form: String,
}
