//! What changes while a list is prepared, looked up and read.

use std::rc::Rc;

use latchkey_contract::partner::BucketView;
use leptos::prelude::*;
use web_sys::HtmlElement;

use super::{
    keys::{self, Keys, Kind},
    question::Question,
    result::Filters,
};
use crate::{
    browser::{pause, task},
    partner::{Client, Failure, Say},
};

/// So long after the last key a list is read that is being typed.
const TYPING_MS: u32 = 250;

/// Copied around in the components; gone with them.
#[derive(Clone, Copy)]
pub(super) struct State {
    pub(super) say: Say,
    client: StoredValue<Rc<Client>, LocalStorage>,
    host: StoredValue<HtmlElement, LocalStorage>,
    pub(super) phase: RwSignal<Phase>,
    pub(super) list: List,
    pub(super) bucket: RwSignal<String>,
    pub(super) source: RwSignal<String>,
    /// Days, as their inputs have them.
    pub(super) from: RwSignal<String>,
    pub(super) to: RwSignal<String>,
    /// What keeps the list from being looked up: the key of a text, or nothing.
    pub(super) complaint: RwSignal<String>,
    pub(super) run: RwSignal<Run>,
    pub(super) filters: Filters,
}

/// How far the element itself is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Phase {
    Loading,
    Failed(Failure),
    /// The affiliate's buckets.
    Ready(Vec<BucketView>),
}

/// The list as it is prepared.
#[derive(Clone, Copy)]
pub(super) struct List {
    text: StoredValue<String>,
    /// The name of the file that it is read from; empty where it is typed.
    pub(super) file: RwSignal<String>,
    /// What is wrong with the file that was chosen last.
    pub(super) trouble: RwSignal<String>,
    pub(super) keys: RwSignal<Keys>,
    /// Counts changes, so that only the last of many is read.
    changes: StoredValue<u32>,
}

/// A look-up that goes on, or is over.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// Tells it from the one before; 0 where there was none.
    pub(super) number: u32,
    pub(super) question: Option<Question>,
    pub(super) keys: Vec<String>,
    pub(super) chunks: Vec<Chunk>,
    /// Seconds to wait until it goes on.
    pub(super) waits: Option<u32>,
    pub(super) end: Option<End>,
}

/// A thousand keys, and their leads.
#[derive(Debug, PartialEq)]
pub(super) enum Chunk {
    Open,
    /// As many as there are keys.
    Done(Vec<Option<latchkey_contract::partner::BucketLead>>),
    Failed(Failure),
}

/// How a run came to rest.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    Done,
    Stopped,
    /// What was asked is refused, or nobody answers.
    Halted(Failure),
}

impl State {
    pub(super) fn new(say: Say, client: Rc<Client>, host: HtmlElement) -> State {
        State {
            say,
            client: StoredValue::new_local(client),
            host: StoredValue::new_local(host),
            phase: RwSignal::new(Phase::Loading),
            list: List {
                text: StoredValue::default(),
                file: RwSignal::default(),
                trouble: RwSignal::default(),
                keys: RwSignal::default(),
                changes: StoredValue::default(),
            },
            bucket: RwSignal::default(),
            source: RwSignal::default(),
            from: RwSignal::default(),
            to: RwSignal::default(),
            complaint: RwSignal::default(),
            run: RwSignal::default(),
            filters: Filters::default(),
        }
    }

    /// `None` when the element is no longer there.
    pub(super) fn client(self) -> Option<Rc<Client>> {
        self.client.try_get_value()
    }

    pub(super) fn host(self) -> Option<HtmlElement> {
        self.host.try_get_value()
    }
}

impl List {
    /// Begins a change of it: what an earlier one may still bring is for nobody.
    pub(super) fn change(self) -> u32 {
        self.changes.update_value(|changes| *changes += 1);
        self.changes.get_value()
    }

    /// Whether nothing has changed since, and somebody is there.
    pub(super) fn is_as_of(self, change: u32) -> bool {
        self.changes.try_get_value() == Some(change)
    }

    /// Something was typed or pasted.
    pub(super) fn typed(self, text: String) {
        self.text.set_value(text);
        let change = self.change();
        task::start(async move {
            pause::milliseconds(TYPING_MS).await;
            if self.is_as_of(change) {
                self.read();
            }
        });
    }

    pub(super) fn load(self, name: String, text: String) {
        self.text.set_value(text);
        self.trouble.set(String::new());
        self.file.set(name);
        self.read();
    }

    pub(super) fn read(self) {
        self.read_as(self.keys.with_untracked(|keys| keys.kind));
    }

    pub(super) fn read_as(self, kind: Kind) {
        self.changes.update_value(|changes| *changes += 1);
        self.keys.set(self.text.with_value(|text| keys::read(text, kind)));
    }
}

impl Run {
    pub(super) fn is_under_way(&self) -> bool {
        self.number > 0 && self.end.is_none()
    }

    /// How many keys have been looked up.
    pub(super) fn done(&self) -> usize {
        self.chunks.iter().map(|chunk| if let Chunk::Done(leads) = chunk { leads.len() } else { 0 }).sum()
    }

    /// How many were found.
    pub(super) fn found(&self) -> usize {
        let found = |chunk: &Chunk| if let Chunk::Done(leads) = chunk { leads.iter().flatten().count() } else { 0 };
        self.chunks.iter().map(found).sum()
    }

    pub(super) fn failure(&self) -> Option<&Failure> {
        match &self.end {
            Some(End::Halted(failure)) => Some(failure),
            Some(_) => self.chunks.iter().find_map(|chunk| if let Chunk::Failed(failure) = chunk { Some(failure) } else { None }),
            None => None,
        }
    }
}
