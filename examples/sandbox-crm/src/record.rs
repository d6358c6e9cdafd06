//! What a CRM received, in order, for a test to look at afterwards.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::exchange::Request;
use crate::faults::Fault;
use crate::lock::lock;

/// One request, and what became of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Received {
    received_at: Timestamp,
    method: String,
    /// Below the CRM's own path, as it came.
    path: String,
    /// As it came; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<String>,
    /// Names in lower case. The API key is among them: a test must be able to see that it was sent.
    headers: BTreeMap<String, String>,
    /// The JSON that was sent, or the text where it is none.
    body: Value,
    /// The misbehaviour it met, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<Fault>,
    /// `null` as long as there is none, and for ever where the connection was reset.
    answer: Option<Answered>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_user_id: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Received {
    pub(crate) fn now(request: &Request) -> Self {
        let mut all = BTreeMap::<String, String>::new();
        for (name, value) in &request.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            all.entry(name.as_str().to_owned())
                .and_modify(|known| *known = format!("{known}, {value}"))
                .or_insert_with(|| value.into_owned());
        }
        Self {
            received_at: Timestamp::now(),
            method: request.method.to_string(),
            path: request.uri.path().to_owned(),
            query: request.uri.query().map(str::to_owned),
            headers: all,
            body: serde_json::from_slice(&request.body).unwrap_or_else(|_| String::from_utf8_lossy(&request.body).into()),
            fault: None,
            answer: None,
            created_user_id: None,
        }
    }
}

/// Names one entry of a [`Log`], also when the log has been emptied meanwhile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry(usize);

/// The newest entries. The last has the number before `next`.
#[derive(Debug, Default)]
struct Pages {
    next: usize,
    /// The first that was not forgotten.
    begin: usize,
    /// At most so many; all where it is absent.
    keep: Option<usize>,
    entries: VecDeque<Received>,
}

impl Pages {
    fn turn_to(&mut self, entry: Entry) -> Option<&mut Received> {
        let first = self.next - self.entries.len();
        self.entries.get_mut(entry.0.checked_sub(first)?)
    }

    fn trim(&mut self) {
        let keep = self.keep.unwrap_or(usize::MAX);
        while self.entries.len() > keep {
            self.entries.pop_front();
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Pages>);

impl Log {
    pub(crate) fn add(&self, received: Received) -> Entry {
        let mut pages = lock(&self.0);
        let entry = Entry(pages.next);
        pages.next += 1;
        pages.entries.push_back(received);
        pages.trim();
        entry
    }

    /// False once the log was emptied: whatever still works on that request belongs to a past that the test has forgotten.
    pub(crate) fn has(&self, entry: Entry) -> bool {
        entry.0 >= lock(&self.0).begin
    }

    pub(crate) fn struck(&self, entry: Entry, fault: Fault) {
        self.change(entry, |received| received.fault = Some(fault));
    }

    pub(crate) fn created(&self, entry: Entry, user: String) {
        self.change(entry, |received| received.created_user_id = Some(user));
    }

    pub(crate) fn answered(&self, entry: Entry, answer: Option<Answered>) {
        self.change(entry, |received| received.answer = answer);
    }

    fn change(&self, entry: Entry, change: impl FnOnce(&mut Received)) {
        if let Some(received) = lock(&self.0).turn_to(entry) {
            change(received);
        }
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        lock(&self.0).entries.iter().cloned().collect()
    }

    /// How many requests came, those that are not kept included.
    pub(crate) fn count(&self) -> usize {
        let pages = lock(&self.0);
        pages.next - pages.begin
    }

    /// From now on, at most so many of the newest; `None` for all.
    pub(crate) fn keep(&self, keep: Option<usize>) {
        let mut pages = lock(&self.0);
        pages.keep = keep;
        pages.trim();
    }

    pub(crate) fn clear(&self) {
        let mut pages = lock(&self.0);
        *pages = Pages { next: pages.next, begin: pages.next, ..Pages::default() };
    }
}
