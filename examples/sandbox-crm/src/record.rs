//! What a CRM received, in order, for a test to look at afterwards.

use std::collections::BTreeMap;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry(u64);

#[derive(Debug, Default)]
struct Pages {
    next: u64,
    /// In order, so that one is found at once among the many of a test under load.
    entries: Vec<(Entry, Received)>,
}

impl Pages {
    fn find(&mut self, entry: Entry) -> Option<&mut Received> {
        let at = self.entries.binary_search_by_key(&entry, |(known, _)| *known).ok()?;
        self.entries.get_mut(at).map(|(_, received)| received)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Pages>);

impl Log {
    pub(crate) fn add(&self, received: Received) -> Entry {
        let mut pages = lock(&self.0);
        let entry = Entry(pages.next);
        pages.next += 1;
        pages.entries.push((entry, received));
        entry
    }

    /// False once the log was emptied: whatever still works on that request belongs to a past that the test has forgotten.
    pub(crate) fn has(&self, entry: Entry) -> bool {
        lock(&self.0).find(entry).is_some()
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
        if let Some(received) = lock(&self.0).find(entry) {
            change(received);
        }
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        lock(&self.0).entries.iter().map(|(_, received)| received.clone()).collect()
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).entries.clear();
    }
}
