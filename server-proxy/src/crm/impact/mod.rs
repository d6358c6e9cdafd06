//! Impact CRM (ImpacTechs). Source: the vendor's pages on creating a customer with its auto-login URLs, and on the IB integration.
//!
//! | file | section |
//! |---|---|
//! | `form`, `create` | "This call will create a customer in the CRM", "API key Usage" |
//! | `autologin` | "Auto Login" |
//! | `session` | "Authenticating" |
//! | `look_up` | whether somebody has arrived, by the reports |
//! | `reports`, `paging`, `records`, `dates` | "Leads" to "Positions", "Notes" |
//! | `partner` | what an affiliate's dashboard is shown |
//! | `endpoints` | methods and paths |

mod autologin;
mod create;
mod dates;
mod endpoints;
mod form;
mod look_up;
mod paging;
mod partner;
mod records;
mod reports;
mod session;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(super) use partner::OFFERS;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{
    StatusCode,
    header::{HeaderName, HeaderValue},
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    Action, Affiliate, Credential, CredentialTable, Crm, Finding, Found, LookedUp, Operation, Outcome, Partner, Question, RedirectHosts,
    Registration, SignupForm, Unanswered,
    access::{Login, LoginTable},
    client::{Call, Network, NetworkKeys},
    routes::{self, Overrides, Routes},
    session::Sessions,
    tried, words,
};
use crate::config::Problems;
use session::Holder;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const DOMAIN: HeaderName = HeaderName::from_static("x-domain");
const AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// `[connections.<name>]` with `kind = "impact"`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// "Api key based domain", sent as `X-DOMAIN`.
    domain: Option<String>,
    api_key: Option<String>,
    /// For the reports: `{ email, password }`.
    login: Option<LoginTable>,
    /// What the autologin URLs begin with.
    member_area: Option<String>,
    #[serde(default)]
    redirect_hosts: Vec<String>,
    #[serde(default)]
    duplicate_when: Vec<String>,
    #[serde(default)]
    operations: Overrides,
}

struct Impact {
    network: Network,
    domain: String,
    api_key: SecretString,
    login: Option<Login>,
    member_area: Option<Url>,
    redirect_hosts: RedirectHosts,
    duplicate_when: Vec<String>,
    routes: Routes,
    sessions: Sessions,
}

pub(super) fn build(at: &str, mut table: Value, problems: &mut Problems) -> Option<Arc<dyn Crm>> {
    read(at, &mut table, problems).map(|impact| Arc::new(impact) as Arc<dyn Crm>)
}

fn read(at: &str, table: &mut Value, problems: &mut Problems) -> Option<Impact> {
    let keys = NetworkKeys::take(at, table, problems);
    let table: Table = problems.read(at, table.take())?;
    let key = |name: &str| format!("{at}.{name}");
    let network = Network::new(at, &keys, problems);
    let domain = problems.required(&key("domain"), table.domain.as_deref());
    let domain = problems.parse(&key("domain"), domain, domain_name);
    problems.required(&key("api_key"), table.api_key.as_ref());
    let credential = CredentialTable { api_key: table.api_key, bearer: None, login: table.login };
    let Credential { api_key, login, .. } = credential.fetch(at, problems);
    let redirect_hosts = RedirectHosts::read(at, &table.redirect_hosts, keys.allow_insecure, problems);
    let member_area = problems.parse(&key("member_area"), table.member_area.as_deref(), |text| member_area(text, redirect_hosts.as_ref()));
    let routes = Routes::read(at, endpoints::USUAL, routes::any, &table.operations, problems);
    Some(Impact {
        network: network?,
        domain: domain?,
        api_key: api_key?,
        login,
        member_area,
        redirect_hosts: redirect_hosts?,
        duplicate_when: words::lower(&table.duplicate_when),
        routes,
        sessions: Sessions::default(),
    })
}

fn domain_name(text: &str) -> Result<String, String> {
    let is_value = !text.is_empty() && !text.contains(char::is_whitespace) && HeaderValue::from_str(text).is_ok();
    if is_value { Ok(text.to_owned()) } else { Err(format!("\"{text}\" is no domain such as \"brand.example\"")) }
}

/// Where the links lead is known before anybody is created: a link that may not be followed is a mistake now.
fn member_area(text: &str, hosts: Option<&RedirectHosts>) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("\"{text}\" is no address ({error})"))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("an address here has no ? and no #".to_owned());
    }
    match hosts {
        // Nowhere is allowed: `warnings` says so.
        Some(hosts) if !hosts.is_empty() => {
            hosts.check(&autologin::link(&url, "token", &Map::new())).map_err(|why| format!("\"{text}\": {why}"))?;
        }
        _ => {}
    }
    Ok(url)
}

#[async_trait]
impl Crm for Impact {
    fn form(&self, action: Action) -> Option<&SignupForm> {
        match action {
            Action::Signup => Some(&form::CUSTOMER),
            Action::Lead => Some(&form::LEAD),
            Action::Register => None,
        }
    }

    async fn register(&self, registration: &Registration) -> Outcome {
        self.create(registration).await
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
        reports::OPERATIONS
    }

    async fn ask(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        self.report(question).await
    }

    async fn probe(&self, affiliates: &[&Affiliate]) -> Vec<Finding> {
        let mut findings = vec![Finding { what: "api_key".to_owned(), found: self.try_key(&self.api_key).await }];
        if self.login.is_some() {
            findings.push(Finding { what: "login, for the IB reports".to_owned(), found: self.try_login(self.holder(None)).await });
        }
        for affiliate in affiliates {
            let Some(own) = affiliate.credential.as_deref() else { continue };
            if let Some(key) = &own.api_key {
                let what = format!("api_key of affiliate {}", affiliate.id);
                findings.push(Finding { what, found: self.try_key(key).await });
            }
            if own.login.is_some() {
                let what = format!("login of affiliate {}, for the IB reports", affiliate.id);
                findings.push(Finding { what, found: self.try_login(self.holder(Some(affiliate))).await });
            }
        }
        findings
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        match &self.member_area {
            None => warnings.push("member_area is missing: no customer will be logged in".to_owned()),
            Some(_) if self.redirect_hosts.is_empty() => {
                warnings.push("redirect_hosts is empty: no customer will be logged in".to_owned());
            }
            Some(_) => {}
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

impl Impact {
    /// With the two headers that every call has.
    fn call(&self, operation: &'static str, api_key: &SecretString) -> Call {
        self.routes.call(operation, &[]).secret(API_KEY, "", api_key).header(DOMAIN, &self.domain)
    }

    /// An empty customer: every member is mandatory, so it is refused where the key is right. A lead's are not known to be, so that an empty
    /// one might be created.
    async fn try_key(&self, key: &SecretString) -> Found {
        let origin = self.network.origin();
        match self.network.send(self.call(endpoints::CREATE_CUSTOMER, key).json(&json!({}))).await {
            Err(no_answer) => tried::unreachable(&origin, no_answer),
            Ok(answer) => match answer.status {
                StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY if answer.json::<Map<String, Value>>().is_ok() => Found::Ready,
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Found::Denied(format!("{origin}: {}", answer.words())),
                status => {
                    let path = self.routes.path(endpoints::CREATE_CUSTOMER);
                    Found::Odd(format!("{origin}{path} answers an empty customer with {status}: {}", answer.words()))
                }
            },
        }
    }

    /// Logs in, and asks for the servers: the one report that holds nobody's data, and needs the permission "IB Reports".
    async fn try_login(&self, holder: Result<Holder<'_>, Unanswered>) -> Found {
        let servers = async { self.servers(&holder?).await };
        tried::found(&self.network.origin(), servers.await)
    }
}
