//! A form as "Get Trader Registration Form" answers it, and the values it asks for.
//!
//! The page gives `required`, `disabled` and `readonly` the type "number", so the default forms have 1 and 0; a form of a test's own may
//! have `true` and `false`. Of `type` the page names "select, multiselect, radio or checkbox"; the others, the members of an option, and
//! what a value of each type looks like, are ours.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::documented::Refusal;
use super::places::Places;
use crate::check::{Wrong, array, is_missing, join, string};
use crate::shapes::{is_address, is_date};

#[derive(Debug, Clone)]
pub(super) struct Form {
    pub(super) id: String,
    /// As it is answered.
    pub(super) body: Value,
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Shape {
    id: String,
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    fields: Vec<Field>,
}

#[derive(Debug, Clone, Deserialize)]
struct Field {
    key: String,
    #[serde(default, deserialize_with = "flag")]
    required: bool,
    #[serde(default, deserialize_with = "flag")]
    disabled: bool,
    #[serde(default, deserialize_with = "flag")]
    readonly: bool,
    /// A text; any value of a field is taken where a test's own form has something else here.
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(default)]
    options: Vec<Value>,
}

fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_bool().unwrap_or_default() || value.as_f64().is_some_and(|number| number != 0.0))
}

/// Fields of a form that are members of the request itself. The others are "additional fields configured in registration form".
const OWN: [&str; 3] = ["name", "email", "phone"];

impl Form {
    pub(super) fn read(body: Value) -> Result<Self, String> {
        let shape = Shape::deserialize(&body).map_err(|error| format!("a form: {error}"))?;
        if shape.id.chars().count() != 8 {
            return Err(format!("a form's id has eight characters, not {:?}", shape.id));
        }
        Ok(Self { id: shape.id, body, fields: shape.groups.into_iter().flat_map(|group| group.fields).collect() })
    }

    /// Holds `custom_fields` against this form. `whole`: what the form requires must be there.
    pub(super) fn check(&self, path: &str, values: Option<&Map<String, Value>>, whole: bool, places: &Places) -> Result<(), Refusal> {
        let additional = || self.fields.iter().filter(|field| !OWN.contains(&field.key.as_str()));
        let demanded = additional().filter(|field| whole && field.required && !field.disabled);
        for field in demanded {
            if values.and_then(|values| values.get(&field.key)).is_none_or(is_unanswered) {
                return Err(Wrong::required(join(path, &field.key)).into());
            }
        }
        for (key, value) in values.into_iter().flatten() {
            let path = join(path, key);
            let field = additional().find(|field| field.key == *key && !field.disabled);
            let field = field.ok_or_else(|| Wrong::unknown(&path))?;
            field.check(&path, value, places)?;
        }
        Ok(())
    }
}

/// A box that must be ticked and is not is missing too.
fn is_unanswered(value: &Value) -> bool {
    is_missing(Some(value)) || *value == false || value.as_array().is_some_and(Vec::is_empty)
}

impl Field {
    fn check(&self, path: &str, value: &Value, places: &Places) -> Result<(), Refusal> {
        // What nobody may change has at most the values that it offers itself.
        if self.readonly && self.options.is_empty() {
            return Err(Refusal::invalid(format!("\"{path}\" is read-only")));
        }
        let kind = self.kind.as_str().unwrap_or_default();
        match kind {
            "multiselect" => return self.check_several(path, value),
            "checkbox" if !self.options.is_empty() => return self.check_several(path, value),
            "checkbox" => return value.as_bool().map(drop).ok_or_else(|| Wrong::must(path, "be a boolean").into()),
            "select" | "radio" | "text" | "file" | "email" | "date" | "country" | "state" | "city" => {}
            _ => return Ok(()),
        }
        let text = string(path, value)?;
        let (fits, what) = match kind {
            "select" | "radio" => (self.offers(text), "be one of its options"),
            "email" => (is_address(text), "be a valid email"),
            "date" => (is_date(text), "be a date"),
            "country" => (places.has_country(text), "be a country"),
            "state" => (places.has_state(text), "be a state"),
            "city" => (places.has_city(text), "be a city"),
            _ => (true, ""),
        };
        if fits || text.is_empty() { Ok(()) } else { Err(Wrong::must(path, what).into()) }
    }

    fn check_several(&self, path: &str, value: &Value) -> Result<(), Refusal> {
        let values = array(path, value)?;
        let fit = values.iter().all(|value| value.as_str().is_some_and(|text| self.offers(text)));
        if fit { Ok(()) } else { Err(Wrong::must(path, "be some of its options").into()) }
    }

    fn offers(&self, text: &str) -> bool {
        self.options.iter().any(|option| option.get("value").unwrap_or(option).as_str() == Some(text))
    }
}
