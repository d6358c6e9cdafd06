//! What a customer or a lead may carry.
//!
//! The documents say that there are marketing parameters and "any dynamic parameters passed as metadata"; the names are from the notes
//! on them. Whether a lead must have all that a customer must have is not documented: here it must, but for the password.

use serde_json::{Map, Value};

use super::country_codes::is_assigned;
use super::people::Kind;
use crate::check::{email, missing, object, required, string};

type Check = fn(&str, &Value) -> Result<(), String>;

/// All mandatory.
const MANDATORY: [(&str, Check); 6] = [
    ("firstName", text),
    ("lastName", text),
    ("email", email),
    // The vendor's spelling.
    ("natonalityCountryCode", country_code),
    ("phone", phone),
    ("phoneCountryCode", country_code),
];

const PASSWORD: &str = "password";
const UTM_DETAILS: &str = "utmDetails";

/// The message of the refusal, if there is one.
pub(super) fn check(fields: &Map<String, Value>, kind: Kind) -> Result<(), String> {
    let is_customer = kind == Kind::Customer;
    let mandatory = MANDATORY.into_iter().chain(is_customer.then_some((PASSWORD, password as Check)));
    for (name, check) in mandatory {
        let value = fields.get(name).filter(|value| !missing(Some(value))).ok_or_else(|| required(name))?;
        check(name, value)?;
    }
    if let Some(details) = fields.get(UTM_DETAILS) {
        object(UTM_DETAILS, details)?.iter().try_for_each(|(name, value)| text(&format!("{UTM_DETAILS}.{name}"), value))?;
    }
    for (name, value) in fields.iter().filter(|(name, _)| !is_documented(name)) {
        match value {
            // "Parameters": not documented further, but hardly a list or an object.
            Value::String(_) | Value::Number(_) | Value::Bool(_) => {}
            _ => return Err(format!("Field \"{name}\" must be a string, a number or a boolean")),
        }
    }
    // Whoever sends it for a lead has mistaken the endpoint.
    if !is_customer && fields.contains_key(PASSWORD) {
        return Err(format!("Field \"{PASSWORD}\" is for customers only"));
    }
    Ok(())
}

/// "Any dynamic parameters passed as metadata".
pub(super) fn metadata(fields: &Map<String, Value>) -> Map<String, Value> {
    fields.iter().filter(|(name, _)| !is_documented(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn is_documented(name: &str) -> bool {
    name == PASSWORD || name == UTM_DETAILS || MANDATORY.iter().any(|(known, _)| *known == name)
}

fn text(name: &str, value: &Value) -> Result<(), String> {
    string(name, value).map(drop)
}

/// ISO 3166-1 alpha-2, in capitals.
fn country_code(name: &str, value: &Value) -> Result<(), String> {
    let code = string(name, value)?;
    is_assigned(code).then_some(()).ok_or_else(|| format!("Field \"{name}\" must be an ISO 3166-1 alpha-2 code"))
}

/// "International": a plus, and no more digits than E.164 allows, without blanks.
fn phone(name: &str, value: &Value) -> Result<(), String> {
    let digits = string(name, value)?.strip_prefix('+').unwrap_or_default();
    let valid = (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then_some(()).ok_or_else(|| format!("Field \"{name}\" must be a phone number in international format"))
}

/// "Alphanumeric, more than six characters": letters and digits, some of each, and nothing else.
fn password(name: &str, value: &Value) -> Result<(), String> {
    let bytes = string(name, value)?.as_bytes();
    let valid = bytes.len() > 6
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().any(u8::is_ascii_alphabetic);
    valid.then_some(()).ok_or_else(|| format!("Field \"{name}\" must be alphanumeric and have more than six characters"))
}
