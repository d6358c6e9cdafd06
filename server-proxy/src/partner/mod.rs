//! An affiliate's dashboard: who may see what, and what they see.
//!
//! Nothing here takes an affiliate's id from a caller: [`Partners::admit`] makes an [`Asker`] of an embed token, and all else is asked by
//! an asker.
//!
//! | file | |
//! |---|---|
//! | `affiliates` | portals and affiliates |
//! | `tokens` | embed tokens: minted, checked, revoked; rates |
//! | `mirror` | an affiliate's records, read from the CRM and kept fresh |
//! | `period`, `money` | days of a zone; amounts |
//! | `figures`, `computed` | overview and series; what was added up, kept for a while |
//! | `columns`, `query`, `tables`, `mask` | tables: what they hold, what is asked of them, pages, what is personal |
//! | `own`, `kept` | what the CRM totals itself, kept for a while |
//! | `buckets` | look-ups |
//! | `exports` | downloads |

mod affiliates;
mod buckets;
mod columns;
mod computed;
mod exports;
mod figures;
mod kept;
mod mask;
mod mirror;
pub(crate) mod money;
mod own;
mod period;
mod query;
mod tables;
mod tokens;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};

use latchkey_contract::{FieldError, partner::Scope};

pub(crate) use affiliates::{Portal, Portals, Shown, StoredCredential};
pub(crate) use period::Days;
pub(crate) use tokens::Asker;

use crate::{
    config,
    crm::{Connections, Offers, Partner, Unanswered},
    store::{Store, StoreError, Sum},
};
use computed::Computed;
use kept::Kept;
use tokens::Rates;

/// Portals, affiliates, and what there is to be shown of them.
pub(crate) struct Partners {
    portals: Arc<Portals>,
    /// Those of the configuration.
    shown: Vec<Arc<Shown>>,
    connections: Connections,
    store: Arc<Store>,
    keys: Arc<crate::keys::Keyring>,
    settings: config::Partner,
    rates: Rates,
    kept: Kept,
    sums: Computed<Sum>,
    /// Sign-ups, registrations and who has deposited, of each source.
    by_source: Computed<(String, [u64; 3])>,
    /// Mirrors that this proxy is reading; whoever waits for one is told when it is read.
    reading: Mutex<HashMap<String, Arc<tokio::sync::Notify>>>,
    /// Held while a payout is asked for.
    payouts: tokio::sync::Mutex<()>,
}

/// Why nothing is shown.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The portal's secret is none.
    Secret,
    /// The embed token is none, or over, or its affiliate is no longer shown.
    Token,
    Origin,
    Scope(Scope),
    TooMany(Duration),
    /// Not by this CRM, or not to this portal.
    NotOffered,
    UnknownAffiliate,
    UnknownRecord,
    UnknownBucket,
    UnknownExport,
    Invalid(Vec<FieldError>),
    NotJson(String),
    Unconfirmed,
    PendingPayout,
    /// The CRM does not answer, and did not before.
    CrmDown(Option<Duration>),
    NotKept(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        Refusal::NotKept(error)
    }
}

impl Refusal {
    fn invalid(field: &str, code: &str, message: impl Into<String>) -> Refusal {
        Refusal::Invalid(vec![FieldError { field: field.to_owned(), code: code.to_owned(), message: message.into() }])
    }

    /// What the CRM says is for the log: it may name what is none of a browser's business.
    fn unanswered(connection: &str, what: &str, error: &Unanswered) -> Refusal {
        tracing::warn!(connection, what, %error, "the CRM does not answer an affiliate");
        match error {
            Unanswered::Unsupported => Refusal::NotOffered,
            Unanswered::TooMany(trouble) => Refusal::CrmDown(trouble.retry_after),
            _ => Refusal::CrmDown(None),
        }
    }
}

impl Partners {
    pub(crate) fn new(config: &config::Config, store: Arc<Store>) -> Arc<Partners> {
        Arc::new(Partners {
            portals: config.portals.clone(),
            shown: config.shown.clone(),
            connections: config.connections.clone(),
            store,
            keys: config.keys.clone(),
            settings: config.partner,
            rates: Rates::new(&config.partner),
            kept: Kept::new(config.partner.cache),
            sums: Computed::new(config.partner.cache),
            by_source: Computed::new(config.partner.cache),
            reading: Mutex::default(),
            payouts: tokio::sync::Mutex::default(),
        })
    }

    pub(crate) fn portals(&self) -> &Portals {
        &self.portals
    }

    /// The affiliate of that id: the configuration's, or one that was added at a prompt and is enabled.
    async fn shown(&self, id: &str) -> Result<Option<Arc<Shown>>, Refusal> {
        if let Some(shown) = self.shown.iter().find(|shown| shown.affiliate.id == id) {
            return Ok(Some(shown.clone()));
        }
        let stored = self.store.affiliate(id).await?.filter(|stored| stored.enabled);
        // One that cannot be read is none, and whoever added it is told by `latchkey affiliates list`.
        Ok(stored
            .and_then(|stored| Shown::stored(stored).inspect_err(|error| tracing::error!(id, %error, "a stored affiliate")).ok())
            .map(Arc::new))
    }

    /// What its CRM answers, and to what.
    fn crm(&self, asker: &Asker) -> Result<(&dyn Partner, &'static Offers), Refusal> {
        let partner = self.connections.get(&asker.affiliate().connection).and_then(|crm| crm.partner()).ok_or(Refusal::NotOffered)?;
        Ok((partner, partner.offers()))
    }

    /// Forgets what is over, and mirrors of affiliates that are no more.
    pub(crate) async fn tidy(&self) -> Result<(), StoreError> {
        self.rates.tidy();
        self.kept.tidy();
        self.sums.tidy();
        self.by_source.tidy();
        self.store.tidy_tokens().await?;
        let stored = self.store.affiliates().await?;
        let stored = stored.into_iter().filter(|stored| stored.enabled).filter_map(|stored| Shown::stored(stored).ok());
        let mut known: BTreeSet<String> = stored.map(|shown| shown.mirror_key()).collect();
        known.extend(self.shown.iter().map(|shown| shown.mirror_key()));
        for gone in self.store.mirrored().await?.into_iter().filter(|key| !known.contains(key)) {
            self.store.drop_mirror(&gone).await?;
        }
        Ok(())
    }
}
