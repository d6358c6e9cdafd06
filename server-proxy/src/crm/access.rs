//! Who asks: affiliates as their CRM knows them, credentials, and what trying a connection's found.

use std::sync::Arc;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::config::{Problems, secret};

/// Who refers visitors.
#[derive(Debug)]
pub(crate) struct Affiliate {
    pub(crate) id: String,
    pub(crate) connection: String,
    /// Its id in the CRM.
    pub(crate) crm_id: String,
    pub(crate) buckets: Vec<Bucket>,
    /// Its own, where the CRM answers for, or attributes to, the holder of a credential.
    pub(crate) credential: Option<Arc<Credential>>,
}

/// A list of an affiliate's leads in the CRM.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bucket {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) sources: Vec<String>,
}

/// What opens a CRM's door. Each operation takes the kind that it needs.
#[derive(Debug, Default)]
pub(crate) struct Credential {
    pub(crate) api_key: Option<SecretString>,
    pub(crate) bearer: Option<SecretString>,
    pub(crate) login: Option<Login>,
}

#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) user: SecretString,
    pub(crate) password: SecretString,
}

/// `credential = { api_key, bearer, login = { username | email, password } }`, every value a reference to a secret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CredentialTable {
    pub(crate) api_key: Option<String>,
    pub(crate) bearer: Option<String>,
    pub(crate) login: Option<LoginTable>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginTable {
    #[serde(alias = "email")]
    username: Option<String>,
    password: Option<String>,
}

impl CredentialTable {
    /// Fetches what it refers to; what is wrong is reported under `at`.
    pub(crate) fn fetch(&self, at: &str, problems: &mut Problems) -> Credential {
        let mut header =
            |name: &str, reference: &Option<String>| problems.parse(&format!("{at}.{name}"), reference.as_deref(), secret::fetch_header);
        let (api_key, bearer) = (header("api_key", &self.api_key), header("bearer", &self.bearer));
        let login = self.login.as_ref().and_then(|login| {
            let mut part = |name: &str, reference: &Option<String>| {
                let key = format!("{at}.login.{name}");
                let reference = problems.required(&key, reference.as_deref());
                problems.parse(&key, reference, secret::fetch)
            };
            let (user, password) = (part("username", &login.username), part("password", &login.password));
            Some(Login { user: user?, password: password? })
        });
        Credential { api_key, bearer, login }
    }
}

/// What `latchkey check` learns of one of a connection's credentials or addresses.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// What was tried, such as "sign-up key" or "log-in of affiliate a-17".
    pub(crate) what: String,
    pub(crate) found: Found,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Ready,
    /// Nothing harmless could try it; why.
    Untried(String),
    /// It answers, and does not take our credential: not known, expired, not permitted, or not from this address.
    Denied(String),
    Unreachable(String),
    /// It answers in a way that the vendor's document does not explain.
    Odd(String),
}
