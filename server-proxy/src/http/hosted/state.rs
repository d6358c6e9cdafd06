//! What goes along with a form that is posted without a script: in a hidden input, from page to page. No cookie, nothing kept here.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use latchkey_contract::{POSTED, tracking};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::keys::Keyring;

/// The visit so far. Sealed: it holds what was typed, and is a visitor's to keep but nobody's to change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Progress {
    /// Makes sending twice harmless.
    pub(super) idempotency_key: String,
    pub(super) form_token: Option<String>,
    /// The step that is shown, counted from 0.
    pub(super) step: usize,
    pub(super) fields: BTreeMap<String, String>,
    /// Where each code was sent to.
    pub(super) codes: BTreeMap<String, String>,
    /// Labels of what was accepted.
    pub(super) agreements: Vec<String>,
    pub(super) tracking: BTreeMap<String, String>,
    pub(super) locale: String,
    pub(super) version: String,
    pub(super) variant: Option<String>,
}

/// What a posted form says that it was.
pub(super) enum Posted {
    /// A page of ours, as it was sealed.
    Ours(Progress),
    /// An element on somebody's page, before its WebAssembly was there.
    Element(Element),
    /// A form that was copied, or whose page is from another time.
    Unknown,
}

/// What the element's script writes into the input, see `widgets/loader/element.js`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Element {
    pub(super) token: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) version: Option<String>,
    pub(super) variant: Option<String>,
    /// Of the page's address.
    pub(super) query: String,
}

impl Posted {
    pub(super) fn read(keys: &Keyring, funnel: &str, form: &[(String, String)]) -> Posted {
        let text = form.iter().find(|(name, _)| name == POSTED).map(|(_, text)| text.as_str()).unwrap_or_default();
        if text.starts_with('{') {
            return serde_json::from_str(text).map_or(Posted::Unknown, Posted::Element);
        }
        let sealed = URL_SAFE_NO_PAD.decode(text).ok();
        let opened = sealed.and_then(|sealed| keys.open(&place(funnel), &sealed).ok());
        opened.and_then(|json| serde_json::from_slice(&json).ok()).map_or(Posted::Unknown, Posted::Ours)
    }
}

impl Progress {
    pub(super) fn begin(locale: &str, version: &str, variant: Option<&str>, query: &str) -> Progress {
        Progress {
            idempotency_key: new_key(),
            form_token: None,
            step: 0,
            fields: BTreeMap::new(),
            codes: BTreeMap::new(),
            agreements: Vec::new(),
            tracking: tracked(query),
            locale: locale.to_owned(),
            version: version.to_owned(),
            variant: variant.map(str::to_owned),
        }
    }

    pub(super) fn seal(&self, keys: &Keyring, funnel: &str) -> String {
        // Of texts and lists alone, so it can be written.
        let json = serde_json::to_vec(self).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(keys.seal(&place(funnel), &json))
    }
}

pub(super) fn new_key() -> String {
    Uuid::new_v4().to_string()
}

/// What is sealed for one funnel does not open in another.
fn place(funnel: &str) -> String {
    format!("hosted {funnel}")
}

/// Where the visitor came from, as the widget reads it from the same query.
fn tracked(query: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
        if let Some(name) = tracking::canonical(&name)
            && tracking::is_value(&value)
        {
            values.entry(name).or_insert_with(|| value.into_owned());
        }
    }
    values
}
