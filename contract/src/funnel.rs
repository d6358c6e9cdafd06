//! A funnel as a visitor's browser sees it: one language, nothing of the connection, nothing of the routing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Condition, Texts};

/// What the widget needs to show a funnel. The proxy makes one per language and version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FunnelView {
    pub id: String,
    /// Changes when the funnel's content does.
    pub version: String,
    /// Which of the funnel's variants this is, where it has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// BCP 47, of the texts here.
    pub locale: String,
    /// Whether the language is written from right to left.
    #[serde(default, skip_serializing_if = "is_false")]
    pub rtl: bool,
    /// Whether the whole form is to be shown in a frame of the proxy's own origin: what is typed is the page's to read otherwise.
    #[serde(default, skip_serializing_if = "is_false")]
    pub framed: bool,
    pub steps: Vec<StepView>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreements: Vec<AgreementView>,
    pub tracking: TrackingView,
    /// Whoever sends sooner after a visit's beginning looks like a program: a widget waits, in milliseconds.
    #[serde(default)]
    pub least_fill_ms: u32,
    pub texts: Texts,
}

/// A page of a funnel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<Condition>,
    pub fields: Vec<FieldView>,
}

/// An input on a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// The CRM document's own name, and the input's `name` attribute.
    pub name: String,
    pub kind: FieldKind,
    pub label: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// The longest value accepted, in characters.
    pub max_length: usize,
    /// The shortest value accepted, in characters; empty ones are for `required` to refuse.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min_length: usize,
    /// The least and the greatest value accepted: of a number, or of a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// The field that has to hold the same. Such a field is checked, and not sent on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// For a `password`: what it has to hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<Condition>,
    /// The funnel's own words for what is wrong, by the code of a violation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub messages: BTreeMap<String, String>,
    /// For dates of birth: the least age in whole years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_age: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// What the field holds before the visitor touches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The parameter of the landing page's URL that fills the field in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_url: Option<String>,
    /// The HTML `autocomplete` token (WCAG 2.2, 1.3.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autocomplete: Option<String>,
    /// All that may be chosen. Empty for a `country`: any of [`crate::countries`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceView>,
    /// Whether its options can be searched, where there is a script: they are many.
    #[serde(default, skip_serializing_if = "is_false")]
    pub search: bool,
    /// Whether what may be chosen is asked for at `…/options/{field}`, see [`OptionsAnswer`]; then `options` is empty.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lookup: bool,
    /// The field whose value decides what may be chosen: the country of a state, the state of a city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// Shown and sent with its default, and not to be changed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// To be read before the field is filled in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentView>,
    /// For a `code`: where it is sent to, see [`crate::CodeRequest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
}

/// A kind of character that a password has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    Upper,
    Lower,
    Digit,
    /// Neither a letter nor a digit.
    Special,
}

/// A document that a visitor is to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentView {
    pub label: String,
    pub url: String,
}

/// The way a one-time code takes to the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Email,
    Phone,
}

/// The answer to `GET /api/v1/funnels/{funnel}/options/{field}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionsAnswer {
    pub options: Vec<ChoiceView>,
}

/// One of the values that a field may hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChoiceView {
    pub value: String,
    /// Absent for countries: the browser knows their names in every language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// What kind of value a field holds; decides its rules, and the input that shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    #[default]
    Text,
    /// Several lines.
    Area,
    Email,
    Tel,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// Decimal, with a dot: `-12.5`.
    Number,
    /// `true`, or empty.
    Checkbox,
    /// A one-time code, of letters and digits.
    Code,
    Select,
    /// One of its options, all of them in sight.
    Radio,
    /// Any number of its options: their values in the funnel's order, with commas between.
    Several,
    /// Shown as dots, and never kept in a draft.
    Password,
    /// Sent with its default, or what the page's attribute or URL says, and not shown.
    Hidden,
    /// ISO 3166-1 alpha-2.
    Country,
}

/// Something the visitor accepts. Its checkbox is named by [`crate::agreement_name`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementView {
    /// What it is called in the CRM and in [`crate::SignupRequest::agreements`].
    pub label: String,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
}

/// What the widget keeps of the landing page's URL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackingView {
    /// Days; 0 keeps nothing beyond the page.
    pub keep_days: u32,
    /// Whether a page may name the affiliate.
    #[serde(default, skip_serializing_if = "is_false")]
    pub affiliate: bool,
}

/// What is absent is `false`: a view travels inside every loader.
fn is_false(value: &bool) -> bool {
    !*value
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}
