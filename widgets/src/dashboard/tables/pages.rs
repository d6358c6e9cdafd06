//! The rows that came, page by page as the browser has read them: nothing of them is copied, and a page more touches none before it.

use js_sys::Array;
use leptos::prelude::*;

use crate::{browser::json::Json, partner::Failure};

/// So many rows at most are kept: who wants to see more searches, filters or exports.
pub(super) const MOST: usize = 200_000;

#[derive(Clone, Copy)]
pub(super) struct Pages {
    kept: StoredValue<Kept, LocalStorage>,
    /// How many rows are there.
    pub(super) count: RwSignal<usize>,
    /// Changes when rows are there instead of those before.
    pub(super) edition: RwSignal<u32>,
    /// How many rows the question has.
    pub(super) total: RwSignal<usize>,
    /// The row after the last one that can be seen or is about to be.
    pub(super) reached: StoredValue<usize>,
    /// The edition that the next page is being asked for.
    pub(super) asking: StoredValue<Option<u32>>,
    /// Why the next page did not come.
    pub(super) failure: RwSignal<Option<Failure>>,
}

/// Pages of one question.
#[derive(Default)]
pub(super) struct Kept {
    /// Each with the number of its first row.
    pages: Vec<(u32, Array)>,
    next: Option<String>,
    query: String,
}

impl Kept {
    pub(super) fn new(query: String) -> Kept {
        Kept { query, ..Kept::default() }
    }

    pub(super) fn add(&mut self, answer: &Json) {
        let rows = answer.array("rows");
        self.next = answer.text("next").filter(|_| rows.length() > 0);
        self.pages.push((self.count() as u32, rows));
    }

    pub(super) fn count(&self) -> usize {
        self.pages.last().map_or(0, |(first, rows)| (*first + rows.length()) as usize)
    }

    pub(super) fn next(&self) -> Option<String> {
        self.next.clone().filter(|_| self.count() < MOST)
    }
}

impl Pages {
    pub(super) fn new() -> Pages {
        Pages {
            kept: StoredValue::new_local(Kept::default()),
            count: RwSignal::new(0),
            edition: RwSignal::new(0),
            total: RwSignal::new(0),
            reached: StoredValue::new(0),
            asking: StoredValue::new(None),
            failure: RwSignal::new(None),
        }
    }

    /// Whether the rows are what came of that question.
    pub(super) fn is_of(self, query: &str) -> bool {
        self.edition.get_untracked() > 0 && self.kept.with_value(|kept| kept.query == query)
    }

    pub(super) fn replace(self, kept: Kept, total: usize) {
        self.count.set(kept.count());
        self.total.set(total);
        self.failure.set(None);
        self.kept.set_value(kept);
        self.edition.update(|edition| *edition += 1);
    }

    pub(super) fn add(self, answer: &Json) {
        self.kept.update_value(|kept| kept.add(answer));
        self.count.set(self.kept.with_value(Kept::count));
    }

    /// The next page's address, unless there is none.
    pub(super) fn next(self) -> Option<(String, String)> {
        self.kept.with_value(|kept| Some((kept.query.clone(), kept.next()?)))
    }

    pub(super) fn row(self, at: usize) -> Json {
        self.kept.with_value(|kept| {
            let page = kept.pages.partition_point(|(first, _)| *first as usize <= at);
            match page.checked_sub(1).and_then(|page| kept.pages.get(page)) {
                Some((first, rows)) => Json::new(rows.get(at as u32 - first)),
                None => Json::parse(""),
            }
        })
    }
}
