//! Who may do what: sections "Role Creation", "User Creation", "Create an API key" and "Authenticating".

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde::Deserialize;
use uuid::Uuid;

use super::documented::{Refusal, logged_in};
use super::{Impact, Options};
use crate::answer::Answer;
use crate::check::{Member, Rule, check};
use crate::exchange::{Crm, Request, spoiled};
use crate::faults::Has;
use crate::lock::lock;
use crate::moment::Moment;
use crate::record::Entry;

/// "In the permissions section tick on the 'IB Reports'".
const IB_REPORTS: &str = "IB Reports";

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) email: String,
    password: String,
    /// "Make sure that you verify the email sent by the system before the 7 days expiration period".
    #[serde(default = "yes")]
    verified: bool,
    #[serde(default = "ib_reports")]
    permissions: Vec<String>,
    #[serde(default)]
    pub(super) sees: Sees,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sees {
    #[default]
    All,
    Own,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApiKey {
    key: String,
    /// "Api key based domain".
    domain: String,
    /// "If the API key used for the request is also associated with a user, that user will become the source of that lead."
    pub(super) user: Option<String>,
    /// "Add an expiration date for the API key".
    expires: Option<Moment>,
}

fn yes() -> bool {
    true
}

fn ib_reports() -> Vec<String> {
    vec![IB_REPORTS.to_owned()]
}

/// "Body".
const LOG_IN: &[Member] = &[
    Member::new("email", Rule::Text).required(),
    Member::new("password", Rule::Text).required(),
    // The document always sends it, and does not say what it changes: nothing here.
    Member::new("rememberMe", Rule::Flag).required(),
];

#[derive(Debug)]
struct Token {
    user: String,
    /// The API key it was asked for with. The document does not say that another will not do; here it will not.
    key: String,
    expires: Instant,
}

#[derive(Debug)]
pub(super) struct Access {
    users: Vec<User>,
    keys: Vec<ApiKey>,
    tokens: HashMap<Uuid, Token>,
    token_ttl: Duration,
}

impl Access {
    pub(super) fn new(options: &Options) -> Self {
        let user = User {
            email: options.impact_user.clone(),
            password: options.impact_password.clone(),
            verified: true,
            permissions: ib_reports(),
            sees: Sees::All,
        };
        let key = ApiKey {
            key: options.impact_api_key.clone(),
            domain: options.impact_domain.clone(),
            user: Some(user.email.clone()),
            expires: None,
        };
        let token_ttl = Duration::from_secs(options.impact_token_ttl_seconds.into());
        Self { users: vec![user], keys: vec![key], tokens: HashMap::new(), token_ttl }
    }

    pub(super) fn put_user(&mut self, user: User) {
        self.users.retain(|known| known.email != user.email);
        self.users.push(user);
    }

    pub(super) fn put_key(&mut self, key: ApiKey) {
        self.keys.retain(|known| known.key != key.key);
        self.keys.push(key);
    }

    pub(super) fn expire_tokens(&mut self) {
        let now = Instant::now();
        self.tokens.values_mut().for_each(|token| token.expires = now);
    }

    /// "X-Api-Key (provided Api Key)" and "X-DOMAIN (Api key based domain)". For a creation, one document names the first header only, and
    /// the notes both: demanded everywhere.
    pub(super) fn key(&self, request: &Request) -> Result<&ApiKey, Refusal> {
        let sent = request.header("x-api-key").unwrap_or_default();
        let key = self.keys.iter().find(|key| key.key == sent).ok_or(Refusal::unauthorized("Invalid API key"))?;
        if key.expires.is_some_and(Moment::is_past) {
            return Err(Refusal::unauthorized("API key has expired"));
        }
        match request.header("x-domain") {
            Some(domain) if domain == key.domain => Ok(key),
            _ => Err(Refusal::forbidden("X-DOMAIN is not the domain of the API key")),
        }
    }

    fn log_in(&mut self, request: &Request) -> Result<Uuid, Refusal> {
        let key = self.key(request)?.key.clone();
        let body = request.object()?;
        check("", &body, LOG_IN)?;
        let user = self.users.iter().find(|user| body["email"] == user.email && body["password"] == user.password);
        let user = user.ok_or(Refusal::unauthorized("Invalid email or password"))?;
        if !user.verified {
            return Err(Refusal::unauthorized("Email is not verified"));
        }
        let token = Uuid::new_v4();
        self.tokens.insert(token, Token { user: user.email.clone(), key, expires: Instant::now() + self.token_ttl });
        Ok(token)
    }

    /// "X-Auth-Token (token from 1.)", and "Depends on IB Reports permission".
    pub(super) fn reader(&self, request: &Request) -> Result<&User, Refusal> {
        let key = self.key(request)?;
        let sent = request.header("x-auth-token").ok_or(Refusal::unauthorized("Missing token"))?;
        let token = sent.parse().ok().and_then(|token: Uuid| self.tokens.get(&token)).filter(|token| token.key == key.key);
        let token = token.ok_or(Refusal::unauthorized("Invalid token"))?;
        if Instant::now() >= token.expires {
            return Err(Refusal::unauthorized("Token has expired"));
        }
        let user = self.users.iter().find(|user| user.email == token.user).ok_or(Refusal::unauthorized("Invalid token"))?;
        let allowed = user.permissions.iter().any(|permission| permission == IB_REPORTS);
        allowed.then_some(user).ok_or_else(|| Refusal::forbidden("Missing permission: IB Reports"))
    }
}

impl Impact {
    /// `POST /api/v1/auth/login`.
    pub(super) fn log_in(&self, entry: Entry, request: &Request) -> Answer {
        let token = lock(&self.state).access.log_in(request);
        match token {
            Ok(token) => spoiled(self.on_success(entry, Has::NEITHER).as_ref(), logged_in(token)),
            Err(refusal) => refusal.into(),
        }
    }
}
