//! A funnel as a visitor's browser sees it: one language, nothing of the connection, nothing of the routing.

use serde::{Deserialize, Serialize};

use crate::Texts;

/// What the widget needs to show a funnel. The proxy makes one per language and version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FunnelView {
    pub id: String,
    /// Changes when the funnel's content does.
    pub version: String,
    /// BCP 47, of the texts here.
    pub locale: String,
    /// Whether the language is written from right to left.
    #[serde(default, skip_serializing_if = "is_false")]
    pub rtl: bool,
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
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
