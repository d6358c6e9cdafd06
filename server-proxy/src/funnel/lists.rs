//! The CRMs' lists of countries, states and cities: asked for once, kept a while, and served stale while a CRM is down.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tracing::warn;

use super::Lookup;
use crate::crm::{Connections, CrmChoice, List, Unanswered};

const FRESH: Duration = Duration::from_secs(60 * 60);
/// A CRM that did not answer is left alone for this time, as long as there is something to serve.
const PATIENCE: Duration = Duration::from_secs(30);
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

#[derive(Clone)]
struct Kept {
    choices: Arc<[CrmChoice]>,
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
            return Ok(kept.choices.clone());
        }
        let catalog = self.connections.get(connection).and_then(|crm| crm.catalog()).ok_or(Unanswered::Unsupported)?;
        match (catalog.list(lookup.list, within).await, kept.as_mut()) {
            (Ok(choices), _) => {
                let choices: Arc<[CrmChoice]> = choices.into();
                *kept = Some(Kept { choices: choices.clone(), good_until: Instant::now() + FRESH });
                Ok(choices)
            }
            (Err(error), Some(stale)) => {
                warn!(connection, list = lookup.list.as_str(), %error, "the CRM's list is served as it was");
                stale.good_until = Instant::now() + PATIENCE;
                Ok(stale.choices.clone())
            }
            (Err(error), None) => Err(error),
        }
    }

    fn slot(&self, key: Key) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if slots.len() >= MOST && !slots.contains_key(&key) {
            slots.clear();
        }
        slots.entry(key).or_default().clone()
    }
}
