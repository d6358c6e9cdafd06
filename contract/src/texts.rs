//! The words of a form, in the one language that the visitor reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{FieldView, rules::Violation};

/// Every text of ours by its key ("submit", "error.required"). The proxy holds them for all languages and sends one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

impl Texts {
    /// The text of that key; the key itself where the language lacks it, so that nothing is silently empty.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    /// The sentence for a value that breaks a rule, the same from the browser and from the server.
    pub fn violation(&self, field: &FieldView, violation: Violation) -> String {
        self.error(violation.code(), &field.label)
            .replace("{max}", &field.max_length.to_string())
            .replace("{age}", &field.min_age.unwrap_or_default().to_string())
    }

    /// The sentence for an error's code.
    pub fn error(&self, code: &str, label: &str) -> String {
        self.get(&(String::from("error.") + code)).replace("{label}", label)
    }
}
