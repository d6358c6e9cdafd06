//! Page "Create Lead".

use reqwest::StatusCode;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::{Broctagon, form, routes};
use crate::crm::{NoLink, Outcome, Registered, Registration, answer::Answer, phone, row};

impl Broctagon {
    pub(super) async fn create_lead(&self, registration: &Registration) -> Outcome {
        match self.post(routes::CREATE_LEAD, &body(registration)).await {
            Ok(answer) => self.lead_outcome(&answer, registration),
            Err(no_answer) => no_answer.into(),
        }
    }

    /// "201 Successful object creation, JSON body": no page says what is in it, so an id is taken where there is one.
    fn lead_outcome(&self, answer: &Answer, of: &Registration) -> Outcome {
        if !answer.status.is_success() {
            return self.refused(answer, of, None).unwrap_or_else(|| answer.unregistered("api_key"));
        }
        let body: Result<Value, _> = if answer.body.is_empty() { Ok(Value::Null) } else { answer.json() };
        let id = match &body {
            Ok(body) => body.get("id").and_then(row::id),
            Err(_) => None,
        };
        match (answer.status, body, &id) {
            // Another status than the document's has to show that it is about a lead.
            (StatusCode::CREATED, Ok(_), _) | (_, Ok(_), Some(_)) => {
                Outcome::Registered(Registered { id, link: Err(NoLink::NotOffered), status: answer.status.as_u16() })
            }
            (status, Ok(_), None) => Outcome::Unknown(answer.trouble(format!("the CRM answers {status} without an id"))),
            (_, Err(error), _) => answer.garbled(&error),
        }
    }
}

fn body(registration: &Registration) -> Map<String, Value> {
    let mut body = registration.routing.clone();
    for (name, value) in &registration.fields {
        let value = if name == form::PHONE { in_two(value) } else { value.as_str().into() };
        body.insert(name.clone(), value);
    }
    if let Some(comment) = comment(registration) {
        body.insert(form::COMMENT.to_owned(), comment.into());
    }
    body
}

/// The visitor's own words first, then the affiliate, then the rest of where they came from: there is no other member for it.
fn comment(registration: &Registration) -> Option<String> {
    let affiliate = registration.affiliate.as_ref().map(|affiliate| {
        let pair = [(latchkey_contract::tracking::AFFILIATE, affiliate)];
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pair).finish()
    });
    let parts = [registration.fields.get(form::COMMENT).cloned(), affiliate, registration.tracking.get(form::COMMENT).cloned()];
    let lines: Vec<_> = parts.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// `{country_code, number}`. No page gives either a form: both are sent as digits. What is no number of any country is sent whole,
/// as `country_code` is optional.
pub(super) fn in_two(number: &str) -> Value {
    match phone::split(number) {
        Some(split) => json!({ "country_code": split.code, "number": split.number }),
        None => json!({ "number": number.trim_start_matches('+') }),
    }
}
