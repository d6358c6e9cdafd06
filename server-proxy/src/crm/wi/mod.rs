//! Wi CRM (WBCS, Traders Room). Source: the vendor's pages "Sign Up API" (`signup`) and "Buckets Leads Status API" (`buckets`,
//! `look_up`, `partner`).

mod buckets;
mod look_up;
mod partner;
mod signup;

#[cfg(test)]
pub(super) use partner::OFFERS;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Action, Affiliate, Crm, Finding, LookedUp, Operation, Outcome, Partner, Question, RedirectHosts, Registration, SignupForm, Unanswered,
    client::{Network, NetworkKeys},
    words,
};
use crate::config::{Problems, secret};

/// `[connections.<name>]` with `kind = "wi"`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The CRM's origin for the bucket API, where it is another than the Traders Room's.
    crm_url: Option<String>,
    /// Sent as `x-api-key`.
    signup_key: Option<String>,
    /// For the bucket API, sent as `Authorization`.
    identification_token: Option<String>,
    #[serde(default)]
    redirect_hosts: Vec<String>,
    #[serde(default)]
    duplicate_when: Vec<String>,
}

struct Wi {
    network: Network,
    /// The CRM's own, where it is another.
    crm: Option<Network>,
    signup_key: SecretString,
    identification_token: Option<SecretString>,
    redirect_hosts: RedirectHosts,
    duplicate_when: Vec<String>,
}

pub(super) fn build(at: &str, mut table: Value, problems: &mut Problems) -> Option<Arc<dyn Crm>> {
    let keys = NetworkKeys::take(at, &mut table, problems);
    let table: Table = problems.read(at, table)?;
    let key = |name: &str| format!("{at}.{name}");
    let network = Network::new(at, &keys, problems);
    let crm = table.crm_url.as_deref().map(|address| Network::second(at, "crm_url", address, &keys, problems));
    let reference = problems.required(&key("signup_key"), table.signup_key);
    let signup_key = problems.parse(&key("signup_key"), reference.as_deref(), secret::fetch_header);
    let identification_token = problems.parse(&key("identification_token"), table.identification_token.as_deref(), secret::fetch_header);
    let redirect_hosts = RedirectHosts::read(at, &table.redirect_hosts, keys.allow_insecure, problems);
    Some(Arc::new(Wi {
        network: network?,
        crm: match crm {
            Some(crm) => Some(crm?),
            None => None,
        },
        signup_key: signup_key?,
        identification_token,
        redirect_hosts: redirect_hosts?,
        duplicate_when: words::lower(&table.duplicate_when),
    }))
}

#[async_trait]
impl Crm for Wi {
    fn form(&self, action: Action) -> Option<&SignupForm> {
        (action == Action::Signup).then_some(&signup::FORM)
    }

    async fn register(&self, registration: &Registration) -> Outcome {
        self.sign_up(registration).await
    }

    fn can_look_up(&self, registration: &Registration) -> bool {
        self.can_find(registration)
    }

    async fn look_up(&self, registration: &Registration, since: Timestamp) -> LookedUp {
        self.find(registration, since).await
    }

    fn partner(&self) -> Option<&dyn Partner> {
        Some(self)
    }

    fn operations(&self) -> &'static [Operation] {
        buckets::OPERATIONS
    }

    async fn ask(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        self.bucket_leads(question).await
    }

    async fn probe(&self, affiliates: &[&Affiliate]) -> Vec<Finding> {
        let mut findings = vec![Finding { what: "signup_key".to_owned(), found: self.try_signup_key().await }];
        findings.extend(self.try_buckets(affiliates).await);
        findings
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

    fn at_once(&self) -> usize {
        self.network.at_once()
    }

    fn settle(&self) -> Duration {
        self.network.settle()
    }
}
