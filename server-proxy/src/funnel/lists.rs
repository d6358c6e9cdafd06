//! The CRMs' lists of countries, states and cities: asked for once, kept a while, and served stale while a CRM is down.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::time::Instant;
use tracing::warn;

use super::Lookup;
use crate::crm::{Connections, CrmChoice, List, Trouble, Unanswered};

const FRESH: Duration = Duration::from_secs(60 * 60);
/// A CRM that did not answer is left alone for this time, as long as there is something to serve.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same where there is nothing to serve: whoever asked at the same time is told at once. Where there is something, the CRM gets
/// this time to answer.
const SHORT_PATIENCE: Duration = Duration::from_secs(5);
/// Lists that are kept: there are some 250 countries, and some 5,000 states whose cities may be asked for.
const MOST: usize = 4_096;
/// The longest value that a list is asked for by.
const LONGEST_WITHIN: usize = 100;

type Key = (String, List, Option<String>);
type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// The lists of every connection.
pub(crate) struct Lists {
    connections: Connections,
    slots: Mutex<HashMap<Key, Slot>>,
}

struct Kept {
    choices: Result<Arc<[CrmChoice]>, Unanswered>,
    good_until: Instant,
}

impl Lists {
    pub(crate) fn new(connections: Connections) -> Lists {
        Lists { connections, slots: Mutex::default() }
    }

    /// What may be chosen for a field. However many ask at once, the CRM is asked once.
    pub(crate) async fn choices(&self, connection: &str, lookup: &Lookup, within: Option<&str>) -> Result<Arc<[CrmChoice]>, Unanswered> {
        let within = match (&lookup.within, within.filter(|within| !within.is_empty())) {
            (None, _) => None,
            (Some(_), Some(within)) if within.chars().count() <= LONGEST_WITHIN => Some(within),
            (Some(_), Some(_)) => return Err(Unanswered::Argument("within is too long".to_owned())),
            // Nothing lies in what was not chosen yet.
            (Some(_), None) => return Ok(Arc::from([])),
        };
        let slot = self.slot((connection.to_owned(), lookup.list, within.map(str::to_owned)));
        let mut kept = slot.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| Instant::now() < kept.good_until) {
            return kept.choices.clone();
        }
        let catalog = self.connections.get(connection).and_then(|crm| crm.catalog()).ok_or(Unanswered::Unsupported)?;
        // Left where it is until there is another: whoever waits here may leave.
        let stale = kept.as_ref().and_then(|kept| kept.choices.clone().ok());
        let asked = catalog.list(lookup.list, within);
        let (choices, good_for) = match stale {
            None => match asked.await {
                Ok(choices) => (Ok(choices.into()), FRESH),
                Err(error) => (Err(error), SHORT_PATIENCE),
            },
            Some(stale) => {
                let late = || Err(Unanswered::Unreachable(Trouble::new("it takes too long")));
                match tokio::time::timeout(SHORT_PATIENCE, asked).await.unwrap_or_else(|_| late()) {
                    Ok(choices) => (Ok(choices.into()), FRESH),
                    Err(error) => {
                        warn!(connection, list = lookup.list.as_str(), %error, "the CRM's list is served as it was");
                        (Ok(stale), PATIENCE)
                    }
                }
            }
        };
        *kept = Some(Kept { choices: choices.clone(), good_until: Instant::now() + good_for });
        choices
    }

    fn slot(&self, key: Key) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if slots.len() >= MOST && !slots.contains_key(&key) {
            // What a page made up goes first, so that it pushes nothing out that is worth keeping.
            slots.retain(|_, slot| slot.try_lock().map_or(true, |kept| kept.as_ref().is_some_and(|kept| kept.choices.is_ok())));
            if slots.len() >= MOST {
                slots.clear();
            }
        }
        slots.entry(key).or_default().clone()
    }
}
