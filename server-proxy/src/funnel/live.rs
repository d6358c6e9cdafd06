//! All funnels in their live versions, and for a while in those before. A funnel that takes steps or fields from its CRM is read
//! anew when the CRM has given them, and again when the CRM has changed them; while the CRM is down, what it gave last is served,
//! also after a restart.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::task::JoinSet;
use tracing::{info, warn};

use super::{Funnel, Given, Read, Surroundings, Wants, read};
use crate::{
    captcha::Captchas,
    config::Problems,
    crm::{Affiliate, Connections, Unanswered},
    origin::Origin,
    store::Store,
};

/// What a CRM gave is asked for again after this time.
const FRESH: Duration = Duration::from_secs(5 * 60);
/// Between one try and the next where the CRM does not answer: at first; doubled up to [`FRESH`].
const FIRST_PAUSE: Duration = Duration::from_secs(10);
/// How long a version that was replaced still answers whoever was shown it, and how many of them are kept.
const OUTLIVES: Duration = Duration::from_secs(2 * 60 * 60);
const MOST_EARLIER: usize = 8;

/// Every funnel that is configured.
pub(crate) struct Funnels {
    live: RwLock<BTreeMap<String, Versions>>,
    wanting: Vec<Wanting>,
    connections: Connections,
    affiliates: Vec<Arc<Affiliate>>,
    captchas: Captchas,
    own_origin: Option<Origin>,
}

/// A funnel's live version, and those that visitors may still have before them, the latest first.
struct Versions {
    live: Arc<Funnel>,
    earlier: VecDeque<(Arc<Funnel>, Instant)>,
}

/// A funnel whose CRM says a part of it.
pub(crate) struct Wanting {
    pub(crate) id: String,
    pub(crate) connection: String,
    pub(crate) origins: Vec<Origin>,
    pub(crate) wants: Wants,
    /// The file's content and name.
    pub(crate) content: Value,
    pub(crate) source: String,
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
        captchas: Captchas,
        own_origin: Option<Origin>,
    ) -> Funnels {
        let versions = |live: Arc<Funnel>| (live.id.clone(), Versions { live, earlier: VecDeque::new() });
        let live = whole.into_iter().map(versions).collect();
        Funnels { live: RwLock::new(live), wanting, connections, affiliates, captchas, own_origin }
    }

    /// The live version. `None` for a funnel that is not configured, and for one whose CRM has not answered yet.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Funnel>> {
        self.read().get(id).map(|versions| versions.live.clone())
    }

    /// The version that a visitor was shown, where it is still answered; else the live one.
    pub(crate) fn shown(&self, id: &str, version: &str) -> Option<Arc<Funnel>> {
        let live = self.read();
        let versions = live.get(id)?;
        let earlier = versions.earlier.iter().find(|(funnel, since)| funnel.version == version && since.elapsed() < OUTLIVES);
        Some(earlier.map_or_else(|| versions.live.clone(), |(funnel, _)| funnel.clone()))
    }

    pub(crate) fn all(&self) -> Vec<Arc<Funnel>> {
        self.read().values().map(|versions| versions.live.clone()).collect()
    }

    /// Whether a funnel is configured whose CRM has not said its part yet.
    pub(crate) fn is_awaited(&self, id: &str) -> bool {
        self.wanting.iter().any(|wanting| wanting.id == id) && self.get(id).is_none()
    }

    /// Whether a page of that origin may send that funnel, or any where none is named; also before the funnel is there.
    pub(crate) fn allows(&self, id: Option<&str>, origin: &Origin) -> bool {
        let is_meant = |known: &str| id.is_none_or(|id| id == known);
        self.all().iter().any(|funnel| is_meant(&funnel.id) && funnel.allows(origin))
            || self.wanting.iter().any(|wanting| is_meant(&wanting.id) && wanting.origins.contains(origin))
    }

    pub(crate) fn wanting(&self) -> &[Wanting] {
        &self.wanting
    }

    /// Takes what the CRMs gave to an earlier run.
    pub(crate) async fn remember(&self, store: &Store) {
        for wanting in &self.wanting {
            match store.given(&wanting.id).await {
                // For another connection or another form than the file has now.
                Ok(Some(given)) if given.wanted != wanting.wants => {}
                Ok(Some(given)) => match self.take(wanting, &given) {
                    Ok(problems) => told(&problems),
                    Err(error) => warn!(funnel = wanting.id, %error, "what the CRM gave last no longer goes with the funnel's file"),
                },
                Ok(None) => {}
                Err(error) => warn!(funnel = wanting.id, %error, "cannot read what the CRM gave last"),
            }
        }
    }

    /// Asks the CRMs at once and then every now and then, each by itself; a funnel whose CRM does not answer stays as it is. Does not
    /// return as long as there is a funnel to ask for.
    pub(crate) async fn keep_fresh(self: Arc<Funnels>, store: Arc<Store>) {
        let mut all = JoinSet::new();
        for index in 0..self.wanting.len() {
            let (funnels, store) = (self.clone(), store.clone());
            all.spawn(async move { funnels.keep_one_fresh(&funnels.wanting[index], &store).await });
        }
        all.join_all().await;
    }

    async fn keep_one_fresh(&self, wanting: &Wanting, store: &Store) {
        let (mut kept, mut pause) = (None, FIRST_PAUSE);
        loop {
            match self.fetch(wanting).await {
                Ok((given, problems)) => {
                    if kept.as_ref() != Some(&given) {
                        info!(funnel = wanting.id, "took steps and fields from the CRM");
                        told(&problems);
                        match store.keep_given(&wanting.id, &given).await {
                            Ok(()) => kept = Some(given),
                            Err(error) => {
                                warn!(funnel = wanting.id, %error, "cannot keep what the CRM gave: a restart while it is down would miss it");
                            }
                        }
                    }
                    pause = FIRST_PAUSE;
                    tokio::time::sleep(FRESH).await;
                }
                Err(error) => {
                    warn!(funnel = wanting.id, %error, served = !self.is_awaited(&wanting.id), "cannot take steps and fields from the CRM");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(FRESH);
                }
            }
        }
    }

    /// Asks one funnel's CRM now. What was odd about the answer comes with it.
    pub(crate) async fn fetch(&self, wanting: &Wanting) -> Result<(Given, Problems), NotRefreshed> {
        let catalog = self.connections.get(&wanting.connection).and_then(|crm| crm.catalog());
        let catalog = catalog.ok_or(NotRefreshed::Unanswered(Unanswered::Unsupported))?;
        let given = wanting.wants.fetch(catalog).await.map_err(NotRefreshed::Unanswered)?;
        let problems = self.take(wanting, &given)?;
        Ok((given, problems))
    }

    /// Makes what was given the live version, where it goes with the file.
    fn take(&self, wanting: &Wanting, given: &Given) -> Result<Problems, NotRefreshed> {
        let connections = self.connections.iter().map(|(name, crm)| (name.clone(), Some(crm.clone()))).collect();
        let surroundings = Surroundings {
            connections: &connections,
            affiliates: &self.affiliates,
            captchas: &self.captchas,
            own_origin: self.own_origin.as_ref(),
        };
        let mut problems = Problems::of(wanting.source.clone());
        let read = read(&wanting.content, Some(given), &surroundings, &mut problems);
        let Some(Read::Whole(funnel)) = read else { return Err(NotRefreshed::Problems(problems)) };
        let funnel: Arc<Funnel> = Arc::from(funnel);
        let mut live = self.write();
        match live.get_mut(&wanting.id) {
            Some(versions) if versions.live.version == funnel.version => {}
            Some(versions) => {
                let replaced = std::mem::replace(&mut versions.live, funnel);
                versions.earlier.push_front((replaced, Instant::now()));
                versions.earlier.retain(|(_, since)| since.elapsed() < OUTLIVES);
                versions.earlier.truncate(MOST_EARLIER);
            }
            None => {
                live.insert(wanting.id.clone(), Versions { live: funnel, earlier: VecDeque::new() });
            }
        }
        Ok(problems)
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<String, Versions>> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Versions>> {
        self.live.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told(problems: &Problems) {
    problems.warnings().iter().for_each(|warning| warn!("{warning}"));
}

#[cfg(test)]
mod tests;
