//! An affiliate as it is typed in: checked, and made what is stored.

use latchkey_contract::partner::Scope;
use secrecy::{ExposeSecret, SecretString};

use super::is_configured;
use crate::{
    config::{Config, secret},
    crm::Bucket,
    partner::StoredCredential,
    store::StoredAffiliate,
};

/// What was typed.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) connection: String,
    pub(super) crm_id: String,
    pub(super) buckets: Vec<Bucket>,
    pub(super) portals: Vec<String>,
    pub(super) scopes: Vec<Scope>,
    /// References to secrets.
    pub(super) api_key: Option<String>,
    pub(super) bearer: Option<String>,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
}

/// The longest id, in bytes.
const LONGEST_ID: usize = 100;

/// `ID`, or `ID=source+source`.
pub(super) fn bucket(text: &str) -> Result<Bucket, String> {
    let (id, sources) = text.split_once('=').unwrap_or((text, ""));
    if id.is_empty() {
        return Err(format!("\"{text}\" is no bucket: write ID, or ID=source+source"));
    }
    Ok(Bucket { id: id.to_owned(), sources: sources.split('+').filter(|source| !source.is_empty()).map(str::to_owned).collect() })
}

pub(super) fn scope(text: &str) -> Result<Scope, String> {
    let known = || Scope::ALL.map(Scope::as_str).join(", ");
    Scope::parse(text).ok_or_else(|| format!("\"{text}\" is no scope; there is {}", known()))
}

impl Entry {
    pub(super) fn checked(self, config: &Config) -> anyhow::Result<StoredAffiliate> {
        let is_id = !self.id.is_empty() && self.id.len() <= LONGEST_ID && !self.id.contains(|c: char| c.is_whitespace() || c.is_control());
        anyhow::ensure!(is_id, "\"{}\" is no id", self.id);
        anyhow::ensure!(!self.crm_id.is_empty(), "{}: the id in the CRM is missing", self.id);
        anyhow::ensure!(!is_configured(config, &self.id), "{} stands in the configuration: change it there", self.id);
        anyhow::ensure!(config.connections.contains_key(&self.connection), "{}: there is no [connections.{}]", self.id, self.connection);
        if let Some(portal) = self.portals.iter().find(|portal| !config.portals.contains(portal)) {
            let known: Vec<_> = config.portals.names().collect();
            anyhow::bail!("{}: there is no [portals.{portal}]; there is {}", self.id, known.join(", "));
        }
        anyhow::ensure!(self.user.is_some() == self.password.is_some(), "{}: a log-in is a user and a password", self.id);
        let fetch = |reference: &Option<String>, fetch: fn(&str) -> Result<SecretString, String>| {
            let secret = reference.as_deref().filter(|reference| !reference.is_empty()).map(fetch).transpose();
            secret.map(|secret| secret.map(|secret| secret.expose_secret().to_owned())).map_err(|why| anyhow::anyhow!("{}: {why}", self.id))
        };
        let credential = StoredCredential {
            api_key: fetch(&self.api_key, secret::fetch_header)?,
            bearer: fetch(&self.bearer, secret::fetch_header)?,
            login: fetch(&self.user, secret::fetch)?.zip(fetch(&self.password, secret::fetch)?),
        };
        let is_credential = credential.api_key.is_some() || credential.bearer.is_some() || credential.login.is_some();
        Ok(StoredAffiliate {
            buckets: serde_json::to_string(&self.buckets)?,
            portals: serde_json::to_string(&self.portals)?,
            scopes: serde_json::to_string(&self.scopes)?,
            credential: is_credential.then(|| serde_json::to_string(&credential)).transpose()?,
            enabled: true,
            id: self.id,
            connection: self.connection,
            crm_id: self.crm_id,
        })
    }
}
