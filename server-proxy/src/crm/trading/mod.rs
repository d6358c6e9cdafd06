//! The trading CRM. Source: the vendor's "CRM API (0.1.0)", those operations of it that an affiliate or a visitor uses.
//!
//! Where the document is silent: it gives no methods and paths (`operations`), no header for its API keys and no life of its sessions
//! (`access`, `session`), no refusals (`refusal`), no members of most of its lists (`lenient`).
//!
//! | file | |
//! |---|---|
//! | `operations` | ids, methods, paths, authorisation |
//! | `access`, `session` | whose credential goes with a call; sessions |
//! | `signup`, `refusal` | handing a visitor over |
//! | `look_up` | whether one has arrived |
//! | `catalog` | forms, steps, countries |
//! | `ask` | everything else, by what it is about: `customers`, `figures`, `promotion`, `onboarding` |
//! | `partner` | what an affiliate's dashboard is shown |
//! | `probe` | trying the credentials |
//! | `lenient`, `paging` | values as the CRM may write them; lists in pages |

mod access;
mod ask;
mod catalog;
mod customers;
mod figures;
mod lenient;
mod look_up;
mod onboarding;
mod operations;
mod paging;
mod partner;
mod probe;
mod promotion;
mod refusal;
mod session;
mod signup;

#[cfg(test)]
pub(super) use partner::OFFERS;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Action, Affiliate, Catalog, Credential, CredentialTable, Crm, Finding, LookedUp, Operation, Outcome, Partner, Question, RedirectHosts,
    Registration, SignupForm, Unanswered,
    access::LoginTable,
    client::{Call, Network, NetworkKeys},
    routes::{self, Overrides, Routes},
    session::Sessions,
    words,
};
use crate::config::Problems;
use operations::Op;

/// `[connections.<name>]` with `kind = "trading"`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    api_key: Option<String>,
    bearer: Option<String>,
    login: Option<LoginTable>,
    create: Option<Create>,
    #[serde(default)]
    redirect_hosts: Vec<String>,
    #[serde(default)]
    duplicate_when: Vec<String>,
    #[serde(default)]
    operations: Overrides,
}

/// What a sign-up makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Create {
    /// "AffiliateCreateCustomer"
    #[default]
    Customer,
    /// "Create a new user"
    User,
}

pub(super) struct Trading {
    network: Network,
    routes: Routes,
    credential: Credential,
    sessions: Sessions,
    create: Create,
    redirect_hosts: RedirectHosts,
    duplicate_when: Vec<String>,
}

pub(super) fn build(at: &str, mut table: Value, problems: &mut Problems) -> Option<Arc<dyn Crm>> {
    let keys = NetworkKeys::take(at, &mut table, problems);
    let table: Table = problems.read(at, table)?;
    let network = Network::new(at, &keys, problems);
    let routes = Routes::read(at, Op::ALL.iter().map(|op| op.usual()), routes::any, &table.operations, problems);
    let credential = CredentialTable { api_key: table.api_key, bearer: table.bearer, login: table.login }.fetch(at, problems);
    let redirect_hosts = RedirectHosts::read(at, &table.redirect_hosts, keys.allow_insecure, problems);
    Some(Arc::new(Trading {
        network: network?,
        routes,
        credential,
        sessions: Sessions::default(),
        create: table.create.unwrap_or_default(),
        redirect_hosts: redirect_hosts?,
        duplicate_when: words::lower(&table.duplicate_when),
    }))
}

impl Trading {
    /// A call of an operation, with the values of its path.
    fn call(&self, op: Op, values: &[(&str, &str)]) -> Call {
        self.routes.call(op.id(), values)
    }

    fn has_credential(&self) -> bool {
        self.credential.api_key.is_some() || self.credential.bearer.is_some() || self.credential.login.is_some()
    }
}

#[async_trait]
impl Crm for Trading {
    fn form(&self, action: Action) -> Option<&SignupForm> {
        self.action(action).map(|(_, form)| form)
    }

    async fn register(&self, registration: &Registration) -> Outcome {
        self.hand_over(registration).await
    }

    fn can_look_up(&self, registration: &Registration) -> bool {
        self.can_find(registration)
    }

    async fn look_up(&self, registration: &Registration, _: Timestamp) -> LookedUp {
        self.find(registration).await
    }

    fn catalog(&self) -> Option<&dyn Catalog> {
        Some(self)
    }

    fn partner(&self) -> Option<&dyn Partner> {
        Some(self)
    }

    fn operations(&self) -> &'static [Operation] {
        ask::OPERATIONS
    }

    async fn ask(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        self.answer(question).await
    }

    async fn probe(&self, affiliates: &[&Affiliate]) -> Vec<Finding> {
        self.try_all(affiliates).await
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.redirect_hosts.is_empty() {
            warnings.push("redirect_hosts is empty: no visitor will be logged in".to_owned());
        }
        if self.duplicate_when.is_empty() {
            warnings.push("duplicate_when is empty: a known e-mail is told from other refusals only by the status 409".to_owned());
        }
        if self.create == Create::Customer && !self.has_credential() {
            warnings.push(
                "there is no api_key, bearer or login: only affiliates with a credential of their own can sign anybody up".to_owned(),
            );
        }
        if self.credential.bearer.is_some() && self.credential.login.is_some() {
            warnings.push("bearer is used, and login is not".to_owned());
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
