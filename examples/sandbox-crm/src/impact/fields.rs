//! What a customer or a lead may carry.
//!
//! The documents say that there are marketing parameters and "any dynamic parameters passed as metadata"; the names are from the notes
//! on them. Whether a lead must have all that a customer must have is not documented: here it must, but for the password. "The trading
//! account parameter", which makes an account together with the customer, has no documented name: whatever is sent for it is metadata.

use serde_json::{Map, Value};

use super::people::Kind;
use crate::check::{self, EMAIL, Member, Rule, Wrong, is_missing};
use crate::countries;
use crate::shapes::phone_digits;

/// ISO 3166-1 alpha-2, in capitals.
const COUNTRY_CODE: Rule = Rule::Like(countries::is_code, "be an ISO 3166-1 alpha-2 code");

/// All mandatory but for the last.
const CUSTOMER: &[Member] = &[
    Member::new("firstName", Rule::Text).required(),
    Member::new("lastName", Rule::Text).required(),
    Member::new("email", EMAIL).required(),
    // The vendor's spelling.
    Member::new("natonalityCountryCode", COUNTRY_CODE).required(),
    Member::new("phone", Rule::Like(is_phone, "be a phone number in international format")).required(),
    Member::new("phoneCountryCode", COUNTRY_CODE).required(),
    Member::new("password", Rule::Like(is_password, "be alphanumeric and have more than six characters")).required(),
    Member::new("utmDetails", Rule::ObjectOfTexts),
];

const PASSWORD: &str = "password";

/// Refuses what is wrong.
pub(super) fn check(fields: &Map<String, Value>, kind: Kind) -> Result<(), String> {
    let documented: Map<_, _> = fields.clone().into_iter().filter(|(name, _)| is_documented(name)).collect();
    match kind {
        Kind::Customer => check_documented(&documented, CUSTOMER),
        // Whoever sends one for a lead has mistaken the endpoint.
        Kind::Lead if documented.contains_key(PASSWORD) => return Err(format!("Field \"{PASSWORD}\" is for customers only")),
        Kind::Lead => {
            let lead: Vec<_> = CUSTOMER.iter().filter(|member| member.name != PASSWORD).copied().collect();
            check_documented(&documented, &lead)
        }
    }
    .and_then(|()| match metadata(fields).into_iter().find(|(_, value)| !is_parameter(value)) {
        Some((name, _)) => Err(Wrong::must(name, "be a string, a number or a boolean")),
        None => Ok(()),
    })
    .map_err(|wrong| wrong.to_string())
}

/// A mandatory member that is `null` or blank is as good as absent.
fn check_documented(fields: &Map<String, Value>, table: &[Member]) -> Result<(), Wrong> {
    match table.iter().find(|member| member.required && is_missing(fields.get(member.name))) {
        Some(member) => Err(Wrong::required(member.name)),
        None => check::check("", fields, table),
    }
}

/// "Parameters": not documented further, but hardly a list or an object.
fn is_parameter(value: &Value) -> bool {
    value.is_string() || value.is_number() || value.is_boolean()
}

/// "Any dynamic parameters passed as metadata".
pub(super) fn metadata(fields: &Map<String, Value>) -> Map<String, Value> {
    fields.clone().into_iter().filter(|(name, _)| !is_documented(name)).collect()
}

fn is_documented(name: &str) -> bool {
    CUSTOMER.iter().any(|known| known.name == name)
}

/// "International": no country's code begins with a zero, and none has numbers shorter than this.
fn is_phone(text: &str) -> bool {
    phone_digits(text).is_some_and(|digits| digits.len() >= 7 && !digits.starts_with('0'))
}

/// "Alphanumeric, more than six characters": letters and digits, some of each, and nothing else.
fn is_password(text: &str) -> bool {
    text.len() > 6
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}
