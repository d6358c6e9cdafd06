//! What a report's filters say, once they have been held against the document's list of them.

use jiff::civil::Date;

use super::documented::Refusal;
use crate::check::{Member, Problem, Wrong};
use crate::moment::Moment;
use crate::query::Query;

const PARAMETER: &str = "Parameter";

#[derive(Debug)]
pub(super) struct Filters(Query);

/// From and to, both included. The document does not name a time zone: UTC.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    from: Date,
    to: Date,
}

impl Days {
    pub(super) fn include(self, moment: Moment) -> bool {
        (self.from..=self.to).contains(&moment.day())
    }
}

/// Which of the results are wanted: "page (Optional - Default = 1)", "pageSize (Optional - Default = 1000)".
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) skip: usize,
    pub(super) take: usize,
}

/// "If the total number of results exceeds 1000 (or predefined page size)": read as the largest page too.
const PAGE_SIZE: usize = 1000;

impl Filters {
    pub(super) fn read(query: Query, known: &[Member]) -> Result<Self, Refusal> {
        query.check(PARAMETER, known)?;
        Ok(Self(query))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.first(name)
    }

    /// `…From` and `…To`, both or neither. That one of them will do is not documented: every example has both.
    pub(super) fn days(&self, name: &str) -> Result<Option<Days>, Refusal> {
        match (self.day(&format!("{name}From")), self.day(&format!("{name}To"))) {
            (None, None) => Ok(None),
            (Some(from), Some(to)) if from <= to => Ok(Some(Days { from, to })),
            (Some(_), Some(_)) => Err(wrong(&format!("{name}From"), format!("not be after \"{name}To\"")).into()),
            (None, Some(_)) => Err(format!("Parameter \"{name}From\" is required with \"{name}To\"").into()),
            (Some(_), None) => Err(format!("Parameter \"{name}To\" is required with \"{name}From\"").into()),
        }
    }

    fn day(&self, name: &str) -> Option<Date> {
        self.text(name)?.parse().ok()
    }

    pub(super) fn page(&self) -> Result<Page, Refusal> {
        let (page, size) = (self.0.number("page").unwrap_or(1), self.0.number("pageSize").unwrap_or(PAGE_SIZE));
        if size > PAGE_SIZE {
            return Err(wrong("pageSize", format!("be between 1 and {PAGE_SIZE}")).into());
        }
        Ok(Page { skip: (page - 1).saturating_mul(size), take: size })
    }
}

fn wrong(name: &str, words: String) -> Wrong {
    Wrong { what: PARAMETER, ..Wrong::new(name, Problem::Must(words.into())) }
}
