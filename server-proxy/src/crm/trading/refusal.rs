//! What this CRM's refusals mean. Its document gives the operations of a sign-up none: elsewhere it has `{"error": "string"}`, so that
//! is what is looked for, and `message` (one or several) as well. Which words mean a known e-mail, the connection says.

use reqwest::StatusCode;
use serde_json::Value;

use super::super::{Outcome, Refusal, Refused, SignupForm, answer::Answer, answer::shorten, words::is_known_email};

/// How a refusal's words name a field, each a row of words. Of each, a form has the fields that are its own.
const NAMES: [(&str, &[&[&str]]); 7] = [
    ("email", &[&["email"], &["e", "mail"]]),
    ("mobilenumber", &[&["mobilenumber"], &["mobile"], &["phone"], &["phonenumber"], &["telephone"]]),
    ("firstname", &[&["firstname"], &["first", "name"]]),
    ("lastname", &[&["lastname"], &["last", "name"], &["surname"]]),
    ("name", &[&["name"]]),
    ("country", &[&["country"]]),
    ("communicationLanguage", &[&["communicationlanguage"], &["language"]]),
];

/// What an answer that is no success says of a sign-up; `key` is what a refused credential is called in the configuration.
pub(super) fn outcome(answer: &Answer, form: &SignupForm, duplicate_when: &[String], key: &str) -> Outcome {
    let is_refusal = matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY);
    match words(answer) {
        Some(said) if is_refusal => refused(answer, said, form, duplicate_when),
        None if answer.status == StatusCode::CONFLICT => refused(answer, answer.words(), form, duplicate_when),
        _ => answer.unregistered(key),
    }
}

/// A refusal in the CRM's own words.
pub(super) fn refused(answer: &Answer, said: String, form: &SignupForm, duplicate_when: &[String]) -> Outcome {
    let lower = said.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // The one id that nobody else gives out: if the CRM knows it, this very sign-up has been there before.
    if words.contains(&"externalid") {
        return Outcome::Unknown(answer.trouble(format!("the CRM knows this sign-up's externalId: {said}")));
    }
    let names = |rows: &[&[&str]]| rows.iter().any(|row| words.windows(row.len()).any(|window| window == *row));
    let named: Vec<_> = NAMES.iter().filter(|(field, rows)| form.field(field).is_some() && names(rows)).map(|(field, _)| *field).collect();
    let is_duplicate = answer.status == StatusCode::CONFLICT || is_known_email(&said, duplicate_when);
    let what = match named[..] {
        [] | ["email"] if is_duplicate => Refused::KnownEmail,
        [field] => Refused::Field(field.to_owned()),
        _ => Refused::Signup,
    };
    Outcome::Refused(Refusal { what, detail: said, status: answer.status.as_u16() })
}

/// The CRM's own words; `None` where what came is none of its error bodies.
pub(super) fn words(answer: &Answer) -> Option<String> {
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    let said = ["message", "error"].iter().find_map(|name| match body.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(texts) => {
            let texts: Vec<_> = texts.iter().filter_map(Value::as_str).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        inner => inner.get("message")?.as_str().map(str::to_owned),
    })?;
    Some(shorten(&said)).filter(|said| !said.is_empty())
}
