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

const TIMES: Times =
    Times { fresh: Duration::from_secs(60 * 60), patience: Duration::from_secs(30), short_patience: Duration::from_secs(5) };
/// Lists that are kept: there are some 250 countries, and some 5,000 states whose cities may be asked for.
const MOST: usize = 4_096;
/// The longest value that a list is asked for by.
const LONGEST_WITHIN: usize = 100;

type Key = (String, List, Option<String>);
type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// The lists of every connection.
pub(crate) struct Lists {
    connections: Connections,
    times: Times,
    slots: Mutex<HashMap<Key, Slot>>,
}

/// How long what is served.
#[derive(Clone, Copy)]
struct Times {
    /// A list, until it is asked for again.
    fresh: Duration,
    /// What there was, while the CRM does not answer: so long it is left alone.
    patience: Duration,
    /// That there is nothing: whoever asked at the same time is told at once. Where there is something, the CRM gets this time to
    /// answer.
    short_patience: Duration,
}

struct Kept {
    choices: Result<Arc<[CrmChoice]>, Unanswered>,
    good_until: Instant,
}

impl Lists {
    pub(crate) fn new(connections: Connections) -> Lists {
        Lists { connections, times: TIMES, slots: Mutex::default() }
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
                Ok(choices) => (Ok(choices.into()), self.times.fresh),
                Err(error) => (Err(error), self.times.short_patience),
            },
            Some(stale) => {
                let late = || Err(Unanswered::Unreachable(Trouble::new("it takes too long")));
                match tokio::time::timeout(self.times.short_patience, asked).await.unwrap_or_else(|_| late()) {
                    Ok(choices) => (Ok(choices.into()), self.times.fresh),
                    Err(error) => {
                        warn!(connection, list = lookup.list.as_str(), %error, "the CRM's list is served as it was");
                        (Ok(stale), self.times.patience)
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;

    use super::*;
    use crate::crm::{Action, Affiliate, Catalog, Crm, CrmField, Finding, NoLink, Outcome, Registered, Registration, SignupForm};

    /// A CRM that answers so many times, and then fails, or hangs.
    struct Failing {
        asked: AtomicUsize,
        answers: usize,
        hangs: bool,
    }

    #[async_trait]
    impl Crm for Failing {
        fn form(&self, _action: Action) -> Option<&SignupForm> {
            None
        }

        async fn register(&self, _registration: &Registration) -> Outcome {
            Outcome::Registered(Registered { id: None, link: Err(NoLink::NotOffered), status: 204 })
        }

        fn catalog(&self) -> Option<&dyn Catalog> {
            Some(self)
        }

        async fn probe(&self, _affiliates: &[&Affiliate]) -> Vec<Finding> {
            Vec::new()
        }

        fn at_once(&self) -> usize {
            1
        }
    }

    #[async_trait]
    impl Catalog for Failing {
        fn forms(&self, _action: Action) -> &'static [&'static str] {
            &[]
        }

        async fn fields(&self, _form: &str) -> Result<Vec<CrmField>, Unanswered> {
            Err(Unanswered::Unsupported)
        }

        async fn list(&self, _list: List, _within: Option<&str>) -> Result<Vec<CrmChoice>, Unanswered> {
            let asked = self.asked.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            if asked < self.answers {
                return Ok(vec![CrmChoice { value: "DE".to_owned(), ..CrmChoice::default() }]);
            }
            if self.hangs {
                std::future::pending::<()>().await;
            }
            Err(Unanswered::Unreachable(Trouble::new("down")))
        }
    }

    fn lists(answers: usize, hangs: bool, times: Times) -> (Arc<Failing>, Lists) {
        let crm = Arc::new(Failing { asked: AtomicUsize::new(0), answers, hangs });
        let connections = Connections::from([("c".to_owned(), crm.clone() as Arc<dyn Crm>)]);
        (crm, Lists { connections, times, slots: Mutex::default() })
    }

    fn asked(crm: &Failing) -> usize {
        crm.asked.load(Ordering::Relaxed)
    }

    static COUNTRIES: Lookup = Lookup { field: String::new(), list: List::Countries, within: None };
    /// Nothing stays fresh, and whatever is waited for is over soon.
    const SHORT: Times = Times { fresh: Duration::ZERO, patience: Duration::from_secs(60), short_patience: Duration::from_millis(20) };

    #[tokio::test]
    async fn a_list_is_asked_for_once_however_many_ask() {
        let (crm, lists) = lists(1, false, TIMES);
        let ask = || lists.choices("c", &COUNTRIES, None);
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        assert!(one.is_ok() && one == two && two == three);
        assert_eq!(asked(&crm), 1);
    }

    #[tokio::test]
    async fn a_crm_that_fails_or_hangs_is_left_alone_and_its_list_served_as_it_was() {
        for hangs in [false, true] {
            let (crm, lists) = lists(1, hangs, SHORT);
            for _ in 0..3 {
                assert_eq!(lists.choices("c", &COUNTRIES, None).await.expect("the list")[0].value, "DE");
            }
            assert_eq!(asked(&crm), 2);
        }
    }

    #[tokio::test]
    async fn whoever_asks_at_once_is_told_at_once_that_there_is_nothing() {
        let (crm, lists) = lists(0, false, TIMES);
        let ask = || lists.choices("c", &COUNTRIES, None);
        let (one, two) = tokio::join!(ask(), ask());
        assert!(one.is_err() && one == two);
        assert_eq!(asked(&crm), 1);
    }

    #[tokio::test]
    async fn what_a_page_makes_up_pushes_out_nothing() {
        let (crm, lists) = lists(1, false, TIMES);
        lists.choices("c", &COUNTRIES, None).await.expect("the list");
        let states = Lookup { within: Some("country".to_owned()), list: List::States, field: String::new() };
        for made_up in 0..MOST + 10 {
            lists.choices("c", &states, Some(&made_up.to_string())).await.expect_err("nothing");
        }
        let before = asked(&crm);
        lists.choices("c", &COUNTRIES, None).await.expect("still the list");
        assert_eq!(asked(&crm), before);
    }
}
