//! What can be read: "Get Trader Registration Form", "Get User Kyc Form Collections" and "Get User Kyc Form" of the "Forms API", and
//! the "Configurations API". The path of the first is the document's, the others are ours, in its spirit.

use serde_json::{Value, json};

use super::documented::{Refusal, list, ok};
use super::members::required;
use super::records::Records;
use crate::answer::Answer;
use crate::exchange::Request;

const KYC_FORM: &str = "/public/v1/form/kyc/";

pub(super) fn read(records: &Records, path: &str, request: &Request) -> Result<Answer, Refusal> {
    // "For GET and DELETE requests, there will not be any request body. Parameters are passed via query parameters."
    if !request.body.is_empty() {
        return Err(Refusal::invalid("A GET request has no body"));
    }
    let query = request.uri.query().unwrap_or_default();
    match path {
        "/public/v1/form/registration/trader" => Ok(ok(records.registration.body.clone())),
        "/public/v1/form/kyc/collections" => {
            let entry = |form: &super::forms::Form| json!({ "id": form.id, "name": form.body.get("name").unwrap_or(&Value::Null) });
            Ok(list(&records.kyc.iter().map(entry).collect::<Vec<_>>()))
        }
        "/public/v1/config/countries" => Ok(list(&records.places.countries())),
        "/public/v1/config/states" => found(records.places.states(parameter(query, "country")?)),
        "/public/v1/config/cities" => found(records.places.cities(parameter(query, "state")?)),
        _ => {
            let form = path.strip_prefix(KYC_FORM).and_then(|id| records.kyc_form(id));
            form.map(|form| ok(form.body.clone())).ok_or_else(Refusal::not_found)
        }
    }
}

fn found(records: Option<Vec<Value>>) -> Result<Answer, Refusal> {
    records.map(|records| list(&records)).ok_or_else(Refusal::not_found)
}

/// As it was sent: no code needs an escape.
fn parameter<'a>(query: &'a str, name: &str) -> Result<&'a str, Refusal> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(known, value)| *known == name && !value.is_empty()).map(|(_, value)| value).next().ok_or_else(|| required(name))
}
