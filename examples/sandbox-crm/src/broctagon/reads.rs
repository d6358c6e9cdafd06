//! What can be read: "Get Trader Registration Form", "Get User Kyc Form Collections" and "Get User Kyc Form" of the "Forms API", and
//! the "Configurations API". The path of the first is the document's, the others are ours, in its spirit.

use serde_json::{Value, json};

use super::documented::{Refusal, list, ok};
use super::records::Records;
use crate::answer::Answer;
use crate::check::Wrong;
use crate::exchange::Request;

pub(super) fn read(records: &Records, request: &Request) -> Result<Answer, Refusal> {
    // "For GET and DELETE requests, there will not be any request body. Parameters are passed via query parameters."
    if !request.body.is_empty() {
        return Err(Refusal::invalid("A GET request has no body"));
    }
    let query = request.query();
    let parameter = |name| query.first(name).filter(|value| !value.is_empty()).ok_or_else(|| Wrong::required(name));
    match request.segments().parts()[..] {
        ["public", "v1", "form", "registration", "trader"] => Ok(ok(records.registration.body.clone())),
        ["public", "v1", "form", "kyc", "collections"] => {
            let entry = |form: &super::forms::Form| json!({ "id": form.id, "name": form.body.get("name").unwrap_or(&Value::Null) });
            Ok(list(&records.kyc.iter().map(entry).collect::<Vec<_>>()))
        }
        ["public", "v1", "config", "countries"] => Ok(list(&records.places.countries())),
        ["public", "v1", "config", "states"] => found(records.places.states(parameter("country")?)),
        ["public", "v1", "config", "cities"] => found(records.places.cities(parameter("state")?)),
        ["public", "v1", "form", "kyc", id] => records.kyc_form(id).map(|form| ok(form.body.clone())).ok_or_else(Refusal::not_found),
        _ => Err(Refusal::not_found()),
    }
}

fn found(records: Option<Vec<Value>>) -> Result<Answer, Refusal> {
    records.map(|records| list(&records)).ok_or_else(Refusal::not_found)
}
