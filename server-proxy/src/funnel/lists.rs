//! The CRMs' lists of countries, states and cities: asked for once, kept a while, and served stale while a CRM is slow or down.
//!
//! A list is asked for in a task of its own: a visitor who leaves cancels nothing, and whoever comes meanwhile waits for the same
//! answer. Look-ups never take more than a few of the calls that a CRM bears at once, and what a page makes up is not asked for:
//! signups go through the same door.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use latchkey_contract::countries;
use tokio::{sync::Semaphore, time::Instant};
use tracing::warn;

use super::Lookup;
use crate::crm::{Connections, CrmChoice, List, Trouble, Unanswered};

const FRESH: Duration = Duration::from_secs(60 * 60);
/// A CRM that did not answer is left alone for this time.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a visitor waits for a list.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Lists of one connection that are asked for at once.
const AT_ONCE: usize = 2;
/// Lists that are kept: there are some 250 countries, and some 5,000 states whose cities may be asked for.
const MOST: usize = 8_192;
/// The longest value that a list is asked for by.
const LONGEST_WITHIN: usize = 100;
/// Lists a second that are asked for by a value which stands in none that is kept: after a restart, a form that was open before it.
const UNKNOWN_PER_SECOND: NonZeroU32 = NonZeroU32::MIN;

type Key = (String, List, Option<String>);
type Choices = Result<Arc<[CrmChoice]>, Unanswered>;

/// The lists of every connection.
pub(crate) struct Lists {
    connections: Connections,
    lanes: HashMap<String, Semaphore>,
    slots: Mutex<HashMap<Key, Arc<Slot>>>,
    unknown: DefaultDirectRateLimiter,
}

#[derive(Default)]
struct Slot {
    kept: Mutex<Kept>,
    /// Held while the CRM is asked.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    choices: Option<Arc<[CrmChoice]>>,
    failure: Option<Unanswered>,
    /// Not asked for again before.
    good_until: Option<Instant>,
    used: Option<Instant>,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept, and whether it need not be asked for again yet.
    fn kept(&self) -> (Option<Choices>, bool) {
        let mut kept = self.lock();
        kept.used = Some(Instant::now());
        let is_fresh = kept.good_until.is_some_and(|until| Instant::now() < until);
        let failed = kept.failure.clone().filter(|_| is_fresh).map(Err);
        (kept.choices.clone().map(Ok).or(failed), is_fresh)
    }
}

impl Lists {
    pub(crate) fn new(connections: Connections) -> Arc<Lists> {
        let lanes = connections.keys().map(|name| (name.clone(), Semaphore::new(AT_ONCE))).collect();
        let unknown = RateLimiter::direct(Quota::per_second(UNKNOWN_PER_SECOND));
        Arc::new(Lists { connections, lanes, slots: Mutex::default(), unknown })
    }

    /// What may be chosen for a field. However many ask at once, the CRM is asked once.
    pub(crate) async fn choices(self: &Arc<Lists>, connection: &str, lookup: &Lookup, within: Option<&str>) -> Choices {
        let within = match (&lookup.within, within.filter(|within| !within.is_empty())) {
            (None, _) => None,
            (Some(_), Some(within)) if within.chars().count() <= LONGEST_WITHIN => Some(within.to_owned()),
            (Some(_), Some(_)) => return Err(Unanswered::Argument("within is too long".to_owned())),
            // Nothing lies in what was not chosen yet.
            (Some(_), None) => return Ok(Arc::from([])),
        };
        let key = (connection.to_owned(), lookup.list, within);
        let slot = self.slot(&key)?;
        let (kept, is_fresh) = slot.kept();
        if let (Some(kept), true) = (&kept, is_fresh) {
            return kept.clone();
        }
        if let Some(Ok(stale)) = &kept
            && slot.asking.try_lock().is_err()
        {
            // Somebody's task is asking already.
            return Ok(stale.clone());
        }
        let (lists, asked) = (self.clone(), slot.clone());
        let asking = tokio::spawn(async move { lists.ask(&key, &asked).await });
        match kept {
            // What was good an hour ago will do until the CRM has answered.
            Some(Ok(stale)) => Ok(stale),
            _ => {
                let late = || Unanswered::Unreachable(Trouble::new("it takes too long"));
                tokio::time::timeout(LONGEST_WAIT, asking).await.ok().and_then(Result::ok).ok_or_else(late)?;
                slot.kept().0.unwrap_or_else(|| Err(late()))
            }
        }
    }

    /// Asks the CRM, unless somebody else has done so meanwhile.
    async fn ask(&self, (connection, list, within): &Key, slot: &Slot) {
        let _asking = slot.asking.lock().await;
        if slot.kept().1 {
            return;
        }
        let catalog = self.connections.get(connection).and_then(|crm| crm.catalog());
        let (Some(catalog), Some(lane)) = (catalog, self.lanes.get(connection)) else { return };
        // Never closed, so never an error; if it were, the call would be made all the same.
        let _slot = lane.acquire().await;
        let answer = catalog.list(*list, within.as_deref()).await;
        let mut kept = slot.lock();
        match answer {
            Ok(choices) => {
                kept.choices = Some(choices.into());
                kept.failure = None;
                kept.good_until = Some(Instant::now() + FRESH);
            }
            Err(error) => {
                warn!(connection, list = list.as_str(), %error, stale = kept.choices.is_some(), "the CRM does not give a list");
                kept.failure = Some(error);
                kept.good_until = Some(Instant::now() + PATIENCE);
            }
        }
    }

    fn slot(&self, key: &Key) -> Result<Arc<Slot>, Unanswered> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(key) {
            return Ok(slot.clone());
        }
        if let (connection, list, Some(within)) = key
            && !is_known(&slots, connection, *list, within)
            && self.unknown.check().is_err()
        {
            return Err(Unanswered::Argument("within stands in none of the lists".to_owned()));
        }
        if slots.len() >= MOST {
            // The one that was not used for the longest time.
            let oldest = slots.iter().min_by_key(|(_, slot)| slot.lock().used).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| slots.remove(&oldest));
        }
        Ok(slots.entry(key.clone()).or_default().clone())
    }
}

/// Whether that value stands where it should: a country by its code, or in a list that is kept.
fn is_known(slots: &HashMap<Key, Arc<Slot>>, connection: &str, list: List, within: &str) -> bool {
    let outer = match list {
        List::Countries => return true,
        List::States if countries::is_code(within) => return true,
        List::States => List::Countries,
        List::Cities => List::States,
    };
    slots
        .iter()
        .filter(|((of, kind, _), _)| of == connection && *kind == outer)
        .any(|(_, slot)| slot.lock().choices.as_ref().is_some_and(|choices| choices.iter().any(|choice| choice.value == within)))
}

#[cfg(test)]
mod tests;
