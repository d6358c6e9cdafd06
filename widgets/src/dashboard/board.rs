//! What all of the dashboard hands around.

use std::rc::Rc;

use latchkey_contract::partner::Capabilities;
use leptos::prelude::*;
use web_sys::HtmlElement;

use super::{
    offer,
    period::{Chosen, Days},
};
use crate::{
    browser::{pause, task},
    partner::{Client, Failure, Say, events},
};

/// How often it is looked whether the network is back, and whether figures are to be asked for again.
const TICK_MS: u32 = 5_000;
/// So many ticks after the last time, figures are asked for again.
const TICKS: u32 = 12;

/// Copied around in the components; gone with them.
#[derive(Clone, Copy)]
pub(super) struct Board {
    pub(super) say: Say,
    client: StoredValue<Rc<Client>, LocalStorage>,
    host: StoredValue<HtmlElement, LocalStorage>,
    pub(super) phase: RwSignal<Phase>,
    pub(super) period: Chosen,
    /// The days of that. After midnight they are others.
    pub(super) days: Memo<Option<Days>>,
    /// Which of the panels is shown, by its place.
    pub(super) panel: RwSignal<usize>,
    /// Counts how often all was asked for anew: each minute, and by the affiliate. Figures follow it.
    pub(super) beat: RwSignal<u32>,
    /// Counts how often the affiliate asked for all anew, or the network came back. Tables follow it: they stay where they are scrolled to.
    pub(super) refreshed: RwSignal<u32>,
}

/// How far the element itself is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Phase {
    Loading,
    Failed(Failure),
    Ready(Box<Capabilities>),
}

impl Board {
    pub(super) fn new(say: Say, client: Rc<Client>, host: HtmlElement) -> Board {
        let (period, beat) = (Chosen::new(), RwSignal::new(0));
        let days = Memo::new(move |_| {
            beat.track();
            period.days()
        });
        Board {
            say,
            client: StoredValue::new_local(client),
            host: StoredValue::new_local(host),
            phase: RwSignal::new(Phase::Loading),
            period,
            days,
            panel: RwSignal::new(0),
            beat,
            refreshed: RwSignal::new(0),
        }
    }

    /// `None` when the element is no longer there.
    pub(super) fn client(self) -> Option<Rc<Client>> {
        self.client.try_get_value()
    }

    /// Tells the page of a failure.
    pub(super) fn tell(self, failure: &Failure) {
        self.host.try_with_value(|host| events::error(host, failure));
    }

    /// Asks what this affiliate may see.
    pub(super) fn open(self) {
        self.phase.set(Phase::Loading);
        task::start(async move {
            let Some(client) = self.client() else { return };
            let answer = client.get("/capabilities").await;
            let Some(host) = self.host.try_get_value() else { return };
            match answer {
                Ok(answer) => {
                    let offer = offer::read(&answer);
                    let affiliate = offer.affiliate.clone();
                    self.phase.set(Phase::Ready(Box::new(offer)));
                    events::ready(&host, &affiliate);
                }
                Err(failure) => {
                    events::error(&host, &failure);
                    self.phase.set(Phase::Failed(failure));
                }
            }
        });
    }

    pub(super) fn refresh(self) {
        self.beat.update(|beat| *beat += 1);
        self.refreshed.update(|times| *times += 1);
    }

    /// Asks for the figures again from time to time while somebody looks at them, and for everything once the network is back.
    pub(super) fn keep_fresh(self) {
        task::start(async move {
            let (mut ticks, mut was_online) = (0, true);
            while self.client().is_some() {
                pause::milliseconds(TICK_MS).await;
                let is_online = window().navigator().on_line();
                if is_online && !was_online {
                    self.beat.try_update(|beat| *beat += 1);
                    self.refreshed.try_update(|times| *times += 1);
                }
                was_online = is_online;
                ticks = if document().hidden() { TICKS } else { ticks + 1 };
                if ticks > TICKS && is_online {
                    ticks = 0;
                    self.beat.try_update(|beat| *beat += 1);
                }
            }
        });
    }
}
