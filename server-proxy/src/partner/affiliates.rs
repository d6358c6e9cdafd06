//! Portals and affiliates: those of the configuration, and those that were added at a prompt.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use latchkey_contract::partner::Scope;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    crm::{Affiliate, Credential, Login},
    origin::Origin,
    store::StoredAffiliate,
};

/// A partner site that may mount dashboards.
#[derive(Debug)]
pub(crate) struct Portal {
    /// Several while one is being replaced.
    pub(crate) secrets: Vec<SecretString>,
    pub(crate) origins: Vec<Origin>,
}

/// All of them, by name.
#[derive(Debug, Default)]
pub(crate) struct Portals(BTreeMap<String, Portal>);

impl Portals {
    pub(crate) fn new(portals: BTreeMap<String, Portal>) -> Portals {
        Portals(portals)
    }

    /// Whose secret that is. Every secret is compared, and in the same time whatever they have in common.
    pub(crate) fn of_secret(&self, secret: &str) -> Option<&str> {
        let given = Sha256::digest(secret.as_bytes());
        let mut found = None;
        for (name, portal) in &self.0 {
            for known in &portal.secrets {
                let known = Sha256::digest(known.expose_secret().as_bytes());
                let difference = known.iter().zip(given.iter()).fold(0, |difference, (a, b)| difference | (a ^ b));
                if difference == 0 {
                    found = Some(name.as_str());
                }
            }
        }
        found
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether a page of that origin is the portal's.
    pub(crate) fn allows(&self, portal: &str, origin: &Origin) -> bool {
        self.0.get(portal).is_some_and(|portal| portal.origins.contains(origin))
    }

    /// Whether it is any portal's.
    pub(crate) fn allow(&self, origin: &Origin) -> bool {
        self.0.values().any(|portal| portal.origins.contains(origin))
    }
}

/// An affiliate, and who may show what of it.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) affiliate: Arc<Affiliate>,
    pub(crate) portals: Vec<String>,
    pub(crate) scopes: BTreeSet<Scope>,
}

impl Shown {
    pub(crate) fn is_shown_by(&self, portal: &str) -> bool {
        self.portals.iter().any(|name| name == portal)
    }
}

/// A stored affiliate's credential, which is sealed.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct StoredCredential {
    pub(crate) api_key: Option<String>,
    pub(crate) bearer: Option<String>,
    /// User and password.
    pub(crate) login: Option<(String, String)>,
}

impl Shown {
    /// One that was added at a prompt.
    pub(crate) fn stored(stored: StoredAffiliate) -> Result<Shown, serde_json::Error> {
        let credential = stored.credential.as_deref().map(serde_json::from_str::<StoredCredential>).transpose()?;
        let credential = credential.map(|credential| {
            Arc::new(Credential {
                api_key: credential.api_key.map(SecretString::from),
                bearer: credential.bearer.map(SecretString::from),
                login: credential.login.map(|(user, password)| Login { user: user.into(), password: password.into() }),
            })
        });
        let buckets = serde_json::from_str(&stored.buckets)?;
        let affiliate = Affiliate { id: stored.id, connection: stored.connection, crm_id: stored.crm_id, buckets, credential };
        Ok(Shown {
            affiliate: Arc::new(affiliate),
            portals: serde_json::from_str(&stored.portals)?,
            scopes: serde_json::from_str(&stored.scopes)?,
        })
    }

    /// What its mirror goes by: its id, and a hash of where its records are.
    pub(crate) fn mirror_key(&self) -> String {
        let Affiliate { id, connection, crm_id, buckets, .. } = &*self.affiliate;
        let source = serde_json::json!([connection, crm_id, buckets]).to_string();
        format!("{id}@{}", hex::encode(&Sha256::digest(source.as_bytes())[..8]))
    }
}
