//! Creating customers and leads: the document on creating a customer, and section "API key Usage".
//!
//! The documents show neither an answer nor a refusal. So: a token is taken under any of three names, an id too; an answer with neither
//! of the two says nothing; a 4xx in JSON is a refusal, whose words tell what it is about.

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::{Impact, autologin, endpoints, form};
use crate::crm::{
    Action, NoLink, Outcome, Refusal, Refused, Registered, Registration, Trouble,
    answer::{Answer, says_no},
    password, phone, row, words,
};

const TOKENS: [&str; 3] = ["token", "autoLoginToken", "loginToken"];
const IDS: [&str; 4] = ["id", "customerId", "leadId", "userId"];
const LONGEST_TOKEN: usize = 8_192;

impl Impact {
    pub(super) async fn create(&self, registration: &Registration) -> Outcome {
        let operation = match registration.action {
            Action::Signup => endpoints::CREATE_CUSTOMER,
            Action::Lead => endpoints::CREATE_LEAD,
            Action::Register => return Outcome::Misconfigured(Trouble::new("this CRM has no registration by code")),
        };
        let password = password::of(registration);
        let key = registration.credential.as_ref().and_then(|own| own.api_key.as_ref()).unwrap_or(&self.api_key);
        let call = self.call(operation, key).json(&body(registration, password.as_ref()));
        match self.network.send(call).await {
            Ok(answer) => words::unless_ours(self.outcome(&answer, registration), registration),
            Err(no_answer) => no_answer.into(),
        }
    }

    fn outcome(&self, answer: &Answer, registration: &Registration) -> Outcome {
        if answer.status.is_success() {
            return self.created(answer, registration);
        }
        let (status, said) = (answer.status.as_u16(), answer.words());
        let named = refused(&said, registration);
        let is_other = matches!(&named, Refused::Field(field) if field != "email");
        if says_no(answer.status) && !is_other && words::is_known_email(&said, &self.duplicate_when) {
            return Outcome::Refused(Refusal { what: Refused::KnownEmail, detail: said, status });
        }
        match answer.status {
            // A 400 that is not in JSON is not this CRM's own, and says nothing.
            StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY if is_object(answer) => {
                Outcome::Refused(Refusal { what: named, detail: said, status })
            }
            _ => answer.unregistered("api_key"),
        }
    }

    fn created(&self, answer: &Answer, registration: &Registration) -> Outcome {
        let status = answer.status.as_u16();
        let body: Map<String, Value> = match answer.json() {
            Ok(body) => body,
            Err(error) => return answer.garbled(&error),
        };
        let member = |names: &[&str]| names.iter().filter_map(|name| body.get(*name)).find(|value| !value.is_null()).cloned();
        let id = member(&IDS).as_ref().and_then(row::id);
        let token = member(&TOKENS);
        if id.is_none() && !token.as_ref().is_some_and(Value::is_string) {
            return Outcome::Unknown(answer.trouble(format!("the CRM answers {status} with neither an id nor a token")));
        }
        let link = match (registration.action, &self.member_area) {
            (Action::Signup, Some(member_area)) => match token {
                None => Err(NoLink::NotGiven),
                Some(Value::String(token)) if is_token(&token) => {
                    self.redirect_hosts.check(&autologin::link(member_area, &token, &registration.finish)).map_err(NoLink::Forbidden)
                }
                Some(_) => Err(NoLink::Forbidden("the autologin token is no such text".to_owned())),
            },
            // A lead has no log-in, and without the member area's address a token leads nowhere.
            _ => Err(NoLink::NotOffered),
        };
        Outcome::Registered(Registered { id, link, status })
    }
}

fn is_token(token: &str) -> bool {
    !token.is_empty() && token.len() <= LONGEST_TOKEN && !token.contains(|c: char| c.is_control() || c.is_whitespace())
}

fn is_object(answer: &Answer) -> bool {
    answer.json::<Map<String, Value>>().is_ok()
}

fn refused(said: &str, registration: &Registration) -> Refused {
    match words::refused(said, &NAMES) {
        // Where the funnel does not ask for it, it was taken from the number.
        Refused::Field(field) if field == form::PHONE_COUNTRY && !registration.fields.contains_key(form::PHONE_COUNTRY) => {
            Refused::Field(form::PHONE.to_owned())
        }
        refused => refused,
    }
}

const NAMES: [words::Named; 6] = [
    ("email", &["email address", "e-mail address", "email", "e-mail"]),
    (form::PHONE_COUNTRY, &["phonecountrycode", "phone country code", "phone country"]),
    (form::PHONE, &["phone number", "phone"]),
    ("firstName", &["firstname", "first name"]),
    ("lastName", &["lastname", "last name"]),
    (form::NATIONALITY, &["natonalitycountrycode", "nationalitycountrycode", "nationality", "natonality", "country"]),
];

/// The request's body. What the CRM reads comes last, so that no metadata stands in its place.
fn body(registration: &Registration, password: Option<&SecretString>) -> Map<String, Value> {
    let mut body = Map::new();
    let mut utm_details = Map::new();
    for (name, value) in &registration.tracking {
        let members = if form::is_utm_detail(name) { &mut utm_details } else { &mut body };
        members.insert(name.clone(), value.as_str().into());
    }
    // Whose visitor it is, is decided by the proxy.
    if let Some(affiliate) = &registration.affiliate {
        utm_details.insert(form::AFFILIATE.to_owned(), affiliate.as_str().into());
    }
    body.extend(registration.fields.iter().map(|(name, value)| (name.clone(), value.as_str().into())));
    if !body.contains_key(form::PHONE_COUNTRY)
        && let Some(country) = phone_country(registration)
    {
        body.insert(form::PHONE_COUNTRY.to_owned(), country.into());
    }
    for ours in [password::PASSWORD, form::UTM_DETAILS, form::AGREEMENTS] {
        body.remove(ours);
    }
    if let Some(password) = password {
        body.insert(password::PASSWORD.to_owned(), password.expose_secret().into());
    }
    if !utm_details.is_empty() {
        body.insert(form::UTM_DETAILS.to_owned(), utm_details.into());
    }
    if !registration.agreements.is_empty() {
        body.insert(form::AGREEMENTS.to_owned(), agreements(registration).into());
    }
    body.insert(form::SIGNUP.to_owned(), registration.id.to_string().into());
    body
}

/// The number's own, or the visitor's where several countries share the number's code and it does not tell which.
fn phone_country(registration: &Registration) -> Option<String> {
    let split = phone::split(registration.fields.get(form::PHONE)?)?;
    split.country.or_else(|| registration.fields.get(form::NATIONALITY).cloned())
}

/// The document has no member for them, and shows metadata as "parameters", so they are one text. Whoever reads the customer in the CRM
/// has to see what was agreed to (a newsletter, say); the evidence, with the text's hash, stays with us.
fn agreements(registration: &Registration) -> String {
    let signed = registration.agreements.iter().map(|signed| format!("{} ({}, {})", signed.label, signed.signed_at, signed.ip));
    signed.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests;
