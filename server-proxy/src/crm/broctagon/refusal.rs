//! "Failed Responses": 400 with an application error "identified by type", 403, 404. What else is in the body no page says: a `type`
//! and words are looked for, and a field's path in quotes at the beginning of the words.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::{
    Broctagon,
    form::{self, REPEAT_PASSWORD},
};
use crate::crm::{Outcome, Refusal, Refused, Registration, answer::Answer, password::PASSWORD, words};

/// "No Email or phone otp is sent": the one type that a page names.
const WRONG_CODE: &str = "invalid_validation_code";
/// Types and words for being asked too often.
const TOO_OFTEN: [&str; 4] = ["too_many", "too many", "rate_limit", "too_frequent"];
/// Members that only the configuration sets: a refusal of one is not about the visitor.
const OURS: [&str; 10] =
    ["form_id", "link_id", "referrer_id", "owner_id", "type", "otp_type", PASSWORD, REPEAT_PASSWORD, "trader_register", "kyc.form_id"];

/// Unless the visitor chose it.
const PASSWORDS: [&str; 2] = [PASSWORD, REPEAT_PASSWORD];

impl Broctagon {
    /// What a 400 says of whoever was to be registered; `None` where it is no application error. `code` is the field that asked
    /// for the code that was sent along.
    pub(super) fn refused(&self, answer: &Answer, of: &Registration, code: Option<&str>) -> Option<Outcome> {
        let kind = kind(answer)?;
        let said = format!("{kind}: {}", answer.words());
        let refused = |what| Outcome::Refused(Refusal { what, detail: said.clone(), status: answer.status.as_u16() });
        Some(match (code, field(answer)) {
            (Some(code), _) if kind == WRONG_CODE => refused(Refused::Field(code.to_owned())),
            (_, name) if words::is_known_email(&said, &self.duplicate_when) && name.as_deref().is_none_or(|name| name == "email") => {
                refused(Refused::KnownEmail)
            }
            _ if asks_for_patience(answer) => Outcome::Failed(answer.trouble(format!("the CRM asks to slow down: {said}"))),
            (_, Some(name)) if PASSWORDS.contains(&name.as_str()) && of.fields.contains_key(PASSWORD) => {
                refused(Refused::Field(PASSWORD.to_owned()))
            }
            (_, Some(name)) if OURS.contains(&name.as_str()) => {
                Outcome::Misconfigured(answer.trouble(format!("the CRM refuses what [routing] says, or does not: {said}")))
            }
            _ if kind == "form_not_found" => {
                Outcome::Misconfigured(answer.trouble(format!("[routing] names a form that the CRM does not have: {said}")))
            }
            (_, Some(name)) => refused(Refused::Field(name)),
            (_, None) => refused(Refused::Signup),
        })
    }
}

/// How long to wait, where that is what the answer is about.
pub(super) fn patience(answer: &Answer, usual: Duration) -> Option<Duration> {
    asks_for_patience(answer).then(|| answer.wait().unwrap_or(usual))
}

fn asks_for_patience(answer: &Answer) -> bool {
    let said = || kind(answer).map(|kind| format!("{kind} {}", answer.words()).to_lowercase());
    answer.status == StatusCode::TOO_MANY_REQUESTS || said().is_some_and(|said| TOO_OFTEN.iter().any(|words| said.contains(words)))
}

/// The application error's type.
fn kind(answer: &Answer) -> Option<String> {
    if answer.status != StatusCode::BAD_REQUEST && answer.status != StatusCode::CONFLICT {
        return None;
    }
    let body: Value = answer.json().ok()?;
    body.get("type")?.as_str().map(str::to_owned)
}

/// The field that the words begin with, `"register.custom_fields.country" is required`, by its name in a funnel.
fn field(answer: &Answer) -> Option<String> {
    let words = answer.words();
    let (path, _) = words.strip_prefix('"')?.split_once('"')?;
    let path = path.strip_prefix("register.").unwrap_or(path);
    let first = path.split('.').next().unwrap_or(path);
    // The parts of a phone number are one field of a funnel.
    Some(if first == form::PHONE { first.to_owned() } else { path.to_owned() })
}
