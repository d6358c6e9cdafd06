//! All funnels in their live versions. One that takes steps or fields from its CRM is read anew when the CRM has given them, and
//! again when the CRM has changed them; while the CRM is down, what it gave last is served, also after a restart.

use std::{
    collections::BTreeMap,
    sync::{Arc, RwLock},
    time::{Duration, Instant},
};

use serde_json::Value;
use tracing::{info, warn};

use super::{Funnel, Given, Read, Surroundings, Wants, read};
use crate::{
    config::Problems,
    crm::{Affiliate, Connections, Unanswered},
    origin::Origin,
    store::Store,
};

/// What a CRM gave is asked for again after this time.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// Every funnel that is configured.
pub(crate) struct Funnels {
    live: RwLock<BTreeMap<String, Arc<Funnel>>>,
    wanting: Vec<Wanting>,
    connections: Connections,
    affiliates: Vec<Arc<Affiliate>>,
    own_origin: Option<Origin>,
}

/// A funnel whose CRM says a part of it.
pub(crate) struct Wanting {
    pub(crate) id: String,
    pub(crate) connection: String,
    pub(crate) wants: Wants,
    /// The file's content and name.
    pub(crate) content: Value,
    pub(crate) source: String,
    given: RwLock<Option<(Arc<Given>, Instant)>>,
}

impl Wanting {
    pub(crate) fn new(id: String, connection: String, wants: Wants, content: Value, source: String) -> Wanting {
        Wanting { id, connection, wants, content, source, given: RwLock::new(None) }
    }

    fn last(&self) -> Option<(Arc<Given>, Instant)> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.given.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }
}

/// Why a funnel cannot be served as its CRM has it now.
#[derive(Debug)]
pub(crate) enum NotRefreshed {
    Unanswered(Unanswered),
    /// What the CRM gave and what the file says do not go together.
    Problems(Problems),
}

impl std::fmt::Display for NotRefreshed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NotRefreshed::Unanswered(unanswered) => unanswered.fmt(f),
            NotRefreshed::Problems(problems) => {
                let all: Vec<_> = problems.found().map(ToString::to_string).collect();
                f.write_str(&all.join("; "))
            }
        }
    }
}

impl Funnels {
    pub(crate) fn new(
        whole: Vec<Arc<Funnel>>,
        wanting: Vec<Wanting>,
        connections: Connections,
        affiliates: Vec<Arc<Affiliate>>,
        own_origin: Option<Origin>,
    ) -> Funnels {
        let live = whole.into_iter().map(|funnel| (funnel.id.clone(), funnel)).collect();
        Funnels { live: RwLock::new(live), wanting, connections, affiliates, own_origin }
    }

    /// The live version. `None` for a funnel that is not configured, and for one whose CRM has not answered yet.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Funnel>> {
        self.live.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(id).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Funnel>> {
        self.live.read().unwrap_or_else(|poisoned| poisoned.into_inner()).values().cloned().collect()
    }

    /// Whether a funnel is configured whose CRM has not said its part yet.
    pub(crate) fn is_awaited(&self, id: &str) -> bool {
        self.wanting.iter().any(|wanting| wanting.id == id) && self.get(id).is_none()
    }

    pub(crate) fn wanting(&self) -> &[Wanting] {
        &self.wanting
    }

    /// Takes what the CRMs gave to an earlier run.
    pub(crate) async fn remember(&self, store: &Store) {
        for wanting in &self.wanting {
            match store.given(&wanting.id).await {
                Ok(Some(given)) => {
                    if let Err(error) = self.take(wanting, given, None) {
                        warn!(funnel = wanting.id, %error, "what the CRM gave last no longer goes with the funnel's file");
                    }
                }
                Ok(None) => {}
                Err(error) => warn!(funnel = wanting.id, %error, "cannot read what the CRM gave last"),
            }
        }
    }

    /// Asks the CRMs again where it is time to; a funnel whose CRM does not answer stays as it is.
    pub(crate) async fn refresh(&self, store: &Store) {
        for wanting in &self.wanting {
            if self.get(&wanting.id).is_some() && wanting.last().is_some_and(|(_, since)| since.elapsed() < FRESH) {
                continue;
            }
            let before = wanting.last().map(|(given, _)| given);
            match self.fetch(wanting).await {
                Ok(given) => {
                    if before.as_ref() != Some(&given) {
                        info!(funnel = wanting.id, "took steps and fields from the CRM");
                        if let Err(error) = store.keep_given(&wanting.id, &given).await {
                            warn!(funnel = wanting.id, %error, "cannot keep what the CRM gave: a restart while it is down would miss it");
                        }
                    }
                }
                Err(error) => warn!(funnel = wanting.id, %error, served = before.is_some(), "cannot take steps and fields from the CRM"),
            }
        }
    }

    /// Asks one funnel's CRM now.
    pub(crate) async fn fetch(&self, wanting: &Wanting) -> Result<Arc<Given>, NotRefreshed> {
        let catalog = self.connections.get(&wanting.connection).and_then(|crm| crm.catalog());
        let catalog = catalog.ok_or(NotRefreshed::Unanswered(Unanswered::Unsupported))?;
        let given = wanting.wants.fetch(catalog).await.map_err(NotRefreshed::Unanswered)?;
        self.take(wanting, given, Some(Instant::now()))
    }

    /// Makes what was given the live version, where it goes with the file.
    fn take(&self, wanting: &Wanting, given: Given, since: Option<Instant>) -> Result<Arc<Given>, NotRefreshed> {
        let connections = self.connections.iter().map(|(name, crm)| (name.clone(), Some(crm.clone()))).collect();
        let surroundings = Surroundings { connections: &connections, affiliates: &self.affiliates, own_origin: self.own_origin.as_ref() };
        let mut problems = Problems::of(wanting.source.clone());
        let read = read(&wanting.content, Some(&given), &surroundings, &mut problems);
        problems.warnings().iter().for_each(|warning| warn!("{warning}"));
        let Some(Read::Whole(funnel)) = read else { return Err(NotRefreshed::Problems(problems)) };
        self.live.write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(wanting.id.clone(), Arc::from(funnel));
        let given = Arc::new(given);
        // What an earlier run kept is served, and asked for again at once.
        let since = since.unwrap_or_else(|| Instant::now().checked_sub(FRESH).unwrap_or_else(Instant::now));
        *wanting.given.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some((given.clone(), since));
        Ok(given)
    }
}

#[cfg(test)]
mod tests;
