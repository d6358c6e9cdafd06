//! Wi CRM (WBCS, Traders Room). Source: the vendor's "Sign Up API" page, `POST /tradersroom/api/auth/signup`.
//!
//! Where the document is silent: it names no refusal for a known e-mail, so the configuration's `duplicate_when` says which
//! words mean it; it has no member for utm values and click ids, so they go into `meta`; a 500 does not say whether the
//! client was created, so its outcome is unknown.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::{StatusCode, header::HeaderName};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    Crm, NoLink, Outcome, Probe, RedirectHosts, Refusal, Refused, Registered, Registration, RoutingKind, SignupForm, Trouble,
    client::{Answer, Network, NetworkKeys, NoAnswer},
};
use crate::config::{Problems, secret};

const SIGNUP: &str = "/tradersroom/api/auth/signup";
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// "Full Field Reference" of the document, by its headings.
const FORM: SignupForm = SignupForm {
    fields: &[
        "email",
        "phone",
        "firstName",
        "middleName",
        "lastName",
        "gender",
        "dateOfBirth",
        "nationality",
        "passport",
        "additionalPhone",
        "billing.country",
        "billing.region",
        "billing.city",
        "billing.postcode",
        "billing.address",
    ],
    required: &["email", "phone", "firstName"],
    routing: &[
        ("project", RoutingKind::Text),
        ("desk", RoutingKind::Text),
        ("manager", RoutingKind::Text),
        ("status", RoutingKind::Text),
        ("state", RoutingKind::Text),
        ("type", RoutingKind::Text),
        ("companyFeeGroup", RoutingKind::Text),
        ("processed", RoutingKind::Flag),
        ("verificationLevel", RoutingKind::Text),
        ("verificationStatus", RoutingKind::Text),
        ("allowToCreateAsset", RoutingKind::Flag),
        ("sendEmail", RoutingKind::Flag),
    ],
    tracking: &["subID", "campaignId", "sourceId", "meta"],
    metadata: Some("meta"),
};

/// `[connections.<name>]` with `kind = "wi"`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The Traders Room.
    base_url: Option<String>,
    /// The CRM's origin for the bucket API, where it is another.
    crm_url: Option<Value>,
    /// Sent as `x-api-key`.
    signup_key: Option<String>,
    /// For the bucket API.
    identification_token: Option<Value>,
    #[serde(default)]
    redirect_hosts: Vec<String>,
    #[serde(default)]
    allow_insecure: bool,
    #[serde(default)]
    allow_private: bool,
    #[serde(default)]
    duplicate_when: Vec<String>,
    connect_timeout_seconds: Option<u64>,
    timeout_seconds: Option<u64>,
}

pub(super) struct Wi {
    network: Network,
    signup_key: SecretString,
    redirect_hosts: RedirectHosts,
    duplicate_when: Vec<String>,
}

pub(super) fn build(at: &str, table: Value, problems: &mut Problems) -> Option<Arc<dyn Crm>> {
    let table: Table = problems.read(at, table)?;
    let key = |name: &str| format!("{at}.{name}");
    for (name, value) in [("crm_url", &table.crm_url), ("identification_token", &table.identification_token)] {
        if value.is_some() {
            problems.warn(key(name), "is for bucket look-ups, which this version does not make");
        }
    }
    let connect_timeout = problems.seconds(&key("connect_timeout_seconds"), table.connect_timeout_seconds, 5, 1..=60);
    let timeout = problems.seconds(&key("timeout_seconds"), table.timeout_seconds, 30, 1..=300);
    let network = Network::new(
        at,
        &NetworkKeys {
            base_url: table.base_url.as_deref(),
            allow_insecure: table.allow_insecure,
            allow_private: table.allow_private,
            connect_timeout,
            timeout,
        },
        problems,
    );
    let reference = problems.required(&key("signup_key"), table.signup_key);
    let signup_key = problems.parse(&key("signup_key"), reference.as_deref(), secret::fetch_header);
    let redirect_hosts = match RedirectHosts::new(&table.redirect_hosts, table.allow_insecure) {
        Ok(hosts) => Some(hosts),
        Err(error) => {
            problems.add(key("redirect_hosts"), error);
            None
        }
    };
    Some(Arc::new(Wi {
        network: network?,
        signup_key: signup_key?,
        redirect_hosts: redirect_hosts?,
        duplicate_when: table.duplicate_when.iter().map(|words| words.to_lowercase()).collect(),
    }))
}

#[async_trait]
impl Crm for Wi {
    fn signup_form(&self) -> &SignupForm {
        &FORM
    }

    async fn register(&self, registration: &Registration) -> Outcome {
        match self.network.post(SIGNUP, (API_KEY, &self.signup_key), &body(registration)).await {
            Ok(answer) => self.outcome(&answer),
            Err(NoAnswer::NotSent(detail)) => Outcome::Failed(Trouble { detail, status: None }),
            Err(NoAnswer::Lost { detail, status }) => Outcome::Unknown(Trouble { detail, status: status.map(|status| status.as_u16()) }),
        }
    }

    /// An empty sign-up: the document refuses it with 400 where the key is right, and with 401 where it is not.
    async fn probe(&self) -> Probe {
        let answer = match self.network.post(SIGNUP, (API_KEY, &self.signup_key), &json!({})).await {
            Ok(answer) => answer,
            Err(NoAnswer::NotSent(detail) | NoAnswer::Lost { detail, .. }) => {
                return Probe::Unreachable(format!("{}: {detail}", self.network.origin()));
            }
        };
        match (answer.status, message(&answer)) {
            (StatusCode::BAD_REQUEST, Some(_)) => Probe::Ready,
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, said) => Probe::Denied(format!(
                "{}: signup_key is not accepted: {}",
                self.network.origin(),
                said.unwrap_or_else(|| answer.status.to_string())
            )),
            (status, _) => {
                let shown = shorten(&String::from_utf8_lossy(&answer.body));
                Probe::Odd(format!("{}{SIGNUP} answers an empty sign-up with {status}: {shown}", self.network.origin()))
            }
        }
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.redirect_hosts.is_empty() {
            warnings.push("redirect_hosts is empty: no visitor will be logged in".to_owned());
        }
        if self.duplicate_when.is_empty() {
            warnings.push("duplicate_when is empty: a known e-mail is not told from other refusals".to_owned());
        }
        warnings
    }
}

impl Wi {
    fn outcome(&self, answer: &Answer) -> Outcome {
        let status = answer.status.as_u16();
        let said = message(answer).unwrap_or_else(|| shorten(&String::from_utf8_lossy(&answer.body)));
        let trouble = |detail: String| Trouble { detail, status: Some(status) };
        match answer.status {
            status if status.is_success() => self.registered(answer),
            // The document names no status for a known e-mail, so the words count, whichever refusal they come with.
            status if status.is_client_error() && self.is_known_email(&said) => {
                Outcome::Refused(Refusal { what: Refused::KnownEmail, detail: said, status: status.as_u16() })
            }
            StatusCode::BAD_REQUEST if message(answer).is_some() => {
                Outcome::Refused(Refusal { what: refused(&said), detail: said, status })
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Outcome::Misconfigured(trouble(format!("the CRM does not accept signup_key: {said}")))
            }
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                Outcome::Misconfigured(trouble(format!("base_url has no {SIGNUP}: {said}")))
            }
            status if status.is_redirection() => {
                Outcome::Misconfigured(trouble(format!("base_url answers {status}, and redirects are not followed")))
            }
            StatusCode::TOO_MANY_REQUESTS => {
                let wait = answer.retry_after.as_deref().map_or_else(String::new, |after| format!(" (Retry-After: {})", shorten(after)));
                Outcome::Failed(trouble(format!("the CRM asks to slow down{wait}: {said}")))
            }
            status => Outcome::Unknown(trouble(format!("the CRM answers {status}: {said}"))),
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
        let success = match serde_json::from_slice::<Success>(&answer.body) {
            Ok(success) => success,
            Err(error) => {
                return Outcome::Unknown(Trouble {
                    detail: format!("the CRM answers {status} with what cannot be read: {error}"),
                    status: Some(status),
                });
            }
        };
        // The document says text; an installation that counts its users is understood all the same.
        let id = match success.id {
            Value::String(id) if !id.is_empty() && id.len() <= 200 => id,
            Value::Number(id) => id.to_string(),
            _ => return Outcome::Unknown(Trouble { detail: format!("the CRM answers {status} without an id"), status: Some(status) }),
        };
        let link = match success.url {
            None | Some(Value::Null) => Err(NoLink::NotGiven),
            Some(Value::String(url)) => self.redirect_hosts.check(&url).map_err(NoLink::Forbidden),
            Some(_) => Err(NoLink::Forbidden("the autologin link is not a text".to_owned())),
        };
        Outcome::Registered(Registered { id, link, status })
    }

    fn is_known_email(&self, said: &str) -> bool {
        let said = said.to_lowercase();
        self.duplicate_when.iter().any(|words| said.contains(words))
    }
}

/// What a refusal is about.
fn refused(said: &str) -> Refused {
    let mut rest = said.to_lowercase();
    let mut names = |words: &[&str]| words.iter().filter(|words| take(&mut rest, words)).count() > 0;
    let named: Vec<_> = NAMES.iter().filter(|(_, words)| names(words)).map(|(field, _)| *field).collect();
    match named[..] {
        [field] => Refused::Field(field.to_owned()),
        _ => Refused::Signup,
    }
}

/// How a refusal's words name a field. "Email, phone and first name are required" names three, so it is about none of them.
/// Words that hold another field's come before it, and are taken out of the text: "additional phone" names no phone.
const NAMES: [(&str, &[&str]); 15] = [
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

/// Takes the words out of the text wherever they stand by themselves: "smartphone" holds no phone. Whether they did.
fn take(text: &mut String, words: &str) -> bool {
    let alone = |start: usize| {
        let (before, after) = (&text[..start], &text[start + words.len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    };
    let found: Vec<usize> = text.match_indices(words).map(|(start, _)| start).filter(|start| alone(*start)).collect();
    found.iter().rev().for_each(|start| text.replace_range(*start..start + words.len(), " "));
    !found.is_empty()
}

/// The document's error body: `{"message": …, "providerStatus": …}`.
fn message(answer: &Answer) -> Option<String> {
    #[derive(Deserialize)]
    struct Error {
        message: String,
    }
    serde_json::from_slice::<Error>(&answer.body).ok().map(|error| shorten(&error.message))
}

/// Enough of a text for an operator, on one line.
fn shorten(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    line.trim().to_owned()
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
