//! "Sign Up API", `POST /tradersroom/api/auth/signup`.
//!
//! Where the document is silent: it names no refusal for a known e-mail, so the configuration's `duplicate_when` says which
//! words mean it; it has no member for utm values and click ids, so they go into `meta`; a 500 does not say whether the
//! client was created, so its outcome is unknown.

use latchkey_contract::FieldKind;
use reqwest::{Method, StatusCode, header::HeaderName};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Wi;
use crate::crm::{
    FormField, Found, Outcome, Refusal, Refused, Registered, Registration, Rest, SignupForm, ValueKind,
    answer::{Answer, says_no},
    client::Call,
    row, tried, words,
};

const SIGNUP: &str = "/tradersroom/api/auth/signup";
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// "Full Field Reference" of the document, by its headings.
pub(super) const FORM: SignupForm = SignupForm {
    fields: &[
        FormField::new("email", FieldKind::Email),
        FormField::new("phone", FieldKind::Tel),
        FormField::text("firstName"),
        FormField::text("middleName"),
        FormField::text("lastName"),
        FormField::text("gender"),
        FormField::new("dateOfBirth", FieldKind::Date),
        FormField::text("nationality"),
        FormField::text("passport"),
        FormField::new("additionalPhone", FieldKind::Tel),
        FormField::new("billing.country", FieldKind::Country),
        FormField::text("billing.region"),
        FormField::text("billing.city"),
        FormField::text("billing.postcode"),
        FormField::text("billing.address"),
    ],
    further: &[],
    demands: &[&["email"], &["phone"], &["firstName"]],
    routing: &[
        ("project", ValueKind::Text),
        ("desk", ValueKind::Text),
        ("manager", ValueKind::Text),
        ("status", ValueKind::Text),
        ("state", ValueKind::Text),
        ("type", ValueKind::Text),
        ("companyFeeGroup", ValueKind::Text),
        ("processed", ValueKind::Flag),
        ("verificationLevel", ValueKind::Text),
        ("verificationStatus", ValueKind::Text),
        ("allowToCreateAsset", ValueKind::Flag),
        ("sendEmail", ValueKind::Flag),
    ],
    finish: &[],
    tracking: &[("subID", "subID"), ("campaignId", "campaignId"), ("sourceId", "sourceId"), ("meta", "meta")],
    rest: Rest::Query("meta"),
};

impl Wi {
    pub(super) async fn sign_up(&self, registration: &Registration) -> Outcome {
        match self.network.send(self.call(&body(registration))).await {
            Ok(answer) => words::unless_ours(self.outcome(&answer), registration),
            Err(no_answer) => no_answer.into(),
        }
    }

    /// An empty sign-up: the document refuses it with 400 where the key is right, and with 401 where it is not.
    pub(super) async fn try_signup_key(&self) -> Found {
        let origin = self.network.origin();
        match self.network.send(self.call(&json!({}))).await {
            Err(no_answer) => tried::unreachable(&origin, no_answer),
            Ok(answer) => match (answer.status, message(&answer)) {
                (StatusCode::BAD_REQUEST, Some(_)) => Found::Ready,
                (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => Found::Denied(format!("{origin}: {}", answer.words())),
                (status, _) => Found::Odd(format!("{origin}{SIGNUP} answers an empty sign-up with {status}: {}", answer.words())),
            },
        }
    }

    fn call(&self, body: &Value) -> Call {
        Call::new(Method::POST, SIGNUP, &[]).secret(API_KEY, "", &self.signup_key).json(body)
    }

    fn outcome(&self, answer: &Answer) -> Outcome {
        let status = answer.status.as_u16();
        let said = answer.words();
        match answer.status {
            status if status.is_success() => self.registered(answer),
            // The document names no status for a known e-mail, so the words count, whichever refusal they come with.
            refused if says_no(refused) && words::refusal(&said, &NAMES, &self.duplicate_when) == Refused::KnownEmail => {
                Outcome::Refused(Refusal { what: Refused::KnownEmail, detail: said, status })
            }
            StatusCode::BAD_REQUEST if message(answer).is_some() => {
                Outcome::Refused(Refusal { what: words::refusal(&said, &NAMES, &self.duplicate_when), detail: said, status })
            }
            _ => answer.unregistered("signup_key"),
        }
    }

    fn registered(&self, answer: &Answer) -> Outcome {
        /// "Success — With Autologin" and "Success — Without Autologin".
        #[derive(Deserialize)]
        struct Success {
            id: Value,
            url: Option<Value>,
        }
        let status = answer.status.as_u16();
        let success: Success = match answer.json() {
            Ok(success) => success,
            Err(error) => return answer.garbled(&error),
        };
        let Some(id) = row::id(&success.id) else {
            return Outcome::Unknown(answer.trouble(format!("the CRM answers {status} without an id")));
        };
        Outcome::Registered(Registered { id: Some(id), link: self.redirect_hosts.follow(success.url), status })
    }
}

/// How a refusal's words name a field, see [`words::refused`].
const NAMES: [words::Named; 15] = [
    ("email", &["email address", "e-mail address", "email", "e-mail"]),
    ("additionalPhone", &["additionalphone", "additional phone"]),
    ("phone", &["phone"]),
    ("firstName", &["firstname", "first name"]),
    ("middleName", &["middlename", "middle name"]),
    ("lastName", &["lastname", "last name"]),
    ("gender", &["gender"]),
    ("dateOfBirth", &["dateofbirth", "date of birth"]),
    ("nationality", &["nationality"]),
    ("passport", &["passport"]),
    ("billing.country", &["country"]),
    ("billing.region", &["region"]),
    ("billing.city", &["city"]),
    ("billing.address", &["address"]),
    ("billing.postcode", &["postcode"]),
];

/// The document's error body: `{"message": …, "providerStatus": …}`.
fn message(answer: &Answer) -> Option<String> {
    #[derive(Deserialize)]
    struct Error {
        message: String,
    }
    answer.json::<Error>().ok().map(|error| error.message)
}

/// The request's body: "Request Body" and "Full Field Reference" of the document.
fn body(registration: &Registration) -> Value {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Agreement<'a> {
        label: &'a str,
        ip: std::net::IpAddr,
        signed_at: jiff::Timestamp,
    }
    let mut body: Map<String, Value> = registration.routing.clone();
    let mut billing = Map::new();
    for (name, value) in &registration.fields {
        match name.strip_prefix("billing.") {
            Some(member) => billing.insert(member.to_owned(), value.as_str().into()),
            None => body.insert(name.clone(), value.as_str().into()),
        };
    }
    if !billing.is_empty() {
        body.insert("billing".to_owned(), billing.into());
    }
    for (name, value) in &registration.tracking {
        body.insert(name.clone(), value.as_str().into());
    }
    if let Some(affiliate) = &registration.affiliate {
        body.insert("affiliateID".to_owned(), affiliate.as_str().into());
    }
    if !registration.agreements.is_empty() {
        let agreements: Vec<_> = registration
            .agreements
            .iter()
            .map(|signed| Agreement { label: &signed.label, ip: signed.ip, signed_at: signed.signed_at })
            .collect();
        body.insert("agreements".to_owned(), json!(agreements));
    }
    body.insert("externalId".to_owned(), registration.id.to_string().into());
    body.into()
}

#[cfg(test)]
mod tests;
