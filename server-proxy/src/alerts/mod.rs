//! Tells the operator when a person has to look: signups are parked, a CRM stays down, or is up again.
//!
//! It watches the store and the breakers, and posts to a webhook. Nothing waits for it. Of several proxies on one store, one tells
//! each thing.
//!
//! | file | |
//! |---|---|
//! | `message` | what is posted |
//! | `hook` | where to |

mod hook;
mod message;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::time::Instant;
use tracing::{error, info, warn};

pub(crate) use hook::Hook;

use crate::{
    delivery::{Courier, Standing},
    store::{Alert, Event, Store, StoreError},
};
use message::Message;

/// How often it is looked whether there is something to tell.
const LOOK: Duration = Duration::from_secs(2);
/// Longer than a hook is waited for: from then on, whoever was to tell something has stopped in the middle of it.
const HOLD: Duration = Duration::from_secs(60);
/// Between one try to reach a hook and the next: at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Who is told, and when.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) hook: Hook,
    /// A CRM is down that has been left alone for so long.
    pub(crate) after: Duration,
    /// No more than one message of a kind about a connection in that time.
    pub(crate) every: Duration,
}

pub(crate) struct Alerts {
    settings: Settings,
    store: Arc<Store>,
    courier: Arc<Courier>,
}

impl Alerts {
    pub(crate) fn new(settings: Settings, store: Arc<Store>, courier: Arc<Courier>) -> Alerts {
        Alerts { settings, store, courier }
    }

    /// Watches and tells until it is dropped. A hook that is slow does not make the watch miss anything.
    pub(crate) async fn run(self) {
        tokio::join!(self.watch(), self.tell());
    }

    async fn watch(&self) {
        let mut down = BTreeMap::<String, Instant>::new();
        let mut looks = tokio::time::interval(LOOK);
        loop {
            looks.tick().await;
            if let Err(error) = self.look(&mut down).await {
                error!(%error, "cannot look for what the operator is to be told of");
            }
        }
    }

    async fn look(&self, down: &mut BTreeMap<String, Instant>) -> Result<(), StoreError> {
        for (connection, standing) in self.courier.standings() {
            if standing == Standing::Closed {
                down.remove(connection);
                continue;
            }
            let since = *down.entry(connection.to_owned()).or_insert_with(Instant::now);
            // One that only waits for something to be tried with need not be down any more.
            if standing == Standing::Open && since.elapsed() >= self.settings.after {
                self.store.saw_down(connection).await?;
            }
        }
        self.store.gather_news().await
    }

    async fn tell(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let told = match self.tell_all().await {
                Ok(told) => told,
                Err(error) => {
                    error!(%error, "cannot read what the operator is to be told");
                    false
                }
            };
            let next = if told { LOOK } else { pause };
            pause = if told { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
            tokio::time::sleep(next).await;
        }
    }

    /// `false` where the hook did not take something: the rest would fare no better.
    async fn tell_all(&self) -> Result<bool, StoreError> {
        for (event, connection) in self.store.events().await? {
            if event == Event::ConnectionUp && !self.courier.works(&connection) {
                continue;
            }
            let Some(alert) = self.store.hold_alert(event, &connection, HOLD, self.settings.every).await? else { continue };
            if !self.tell_one(alert).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn tell_one(&self, alert: Alert) -> Result<bool, StoreError> {
        let backlog = self.store.backlog().await?;
        let waiting = backlog.iter().find(|backlog| backlog.connection == alert.connection).map_or(0, |backlog| backlog.waiting);
        let message = Message::new(&alert, waiting);
        let (event, count) = (alert.event.as_str(), message.count);
        match self.settings.hook.post(&message).await {
            Ok(()) => {
                info!(event, connection = alert.connection, count, "the operator is told");
                self.store.told(alert, self.settings.every).await?;
                Ok(true)
            }
            Err(error) => {
                warn!(event, connection = alert.connection, count, error, "the webhook does not take what the operator is to be told");
                self.store.release_alert(&alert).await?;
                Ok(false)
            }
        }
    }
}
