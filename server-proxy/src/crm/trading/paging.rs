//! A list that comes in pages, read to its end.

use std::collections::BTreeSet;

use super::super::{Trouble, Unanswered};

/// Records that are asked for at once.
pub(super) const PAGE: u32 = 200;
/// The most pages that are asked for: a CRM that has more pages for ever.
const MOST_PAGES: u64 = 1_000;

/// What has come so far, each record once: one may move to the next page while we read.
pub(super) struct Pages<T> {
    id: fn(&T) -> &str,
    records: Vec<T>,
    seen: BTreeSet<String>,
    read: u64,
    /// Where the next page begins: a CRM may give fewer at once than it was asked for.
    pub(super) offset: u32,
}

impl<T> Pages<T> {
    pub(super) fn new(id: fn(&T) -> &str) -> Pages<T> {
        Pages { id, records: Vec::new(), seen: BTreeSet::new(), read: 0, offset: 0 }
    }

    /// Takes a page, and how many there are where the CRM tells. Whether there is another to be asked for.
    pub(super) fn take(&mut self, page: Vec<T>, pages: Option<u64>) -> Result<bool, Unanswered> {
        let received = u32::try_from(page.len()).unwrap_or(u32::MAX);
        let before = self.records.len();
        for record in page {
            if self.seen.insert((self.id)(&record).to_owned()) {
                self.records.push(record);
            }
        }
        self.read += 1;
        self.offset = self.offset.saturating_add(received);
        if received == 0 || (received < PAGE && pages.is_some_and(|pages| pages <= self.read)) {
            return Ok(false);
        }
        if self.records.len() == before {
            return Err(Unanswered::Unreadable(Trouble::new("it gives the same page again and again")));
        }
        if self.read == MOST_PAGES {
            return Err(Unanswered::Unreadable(Trouble::new(format!("it has more than {MOST_PAGES} pages"))));
        }
        Ok(true)
    }

    /// The same, where the CRM tells how many records there are.
    pub(super) fn take_counted(&mut self, page: Vec<T>, count: Option<u64>) -> Result<bool, Unanswered> {
        let received = u64::from(self.offset) + page.len() as u64;
        let pages = count.map(|count| if received >= count { 0 } else { u64::MAX });
        self.take(page, pages)
    }

    pub(super) fn all(self) -> Vec<T> {
        self.records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(range: std::ops::Range<u32>) -> Vec<String> {
        range.map(|number| number.to_string()).collect()
    }

    #[test]
    fn a_list_ends_where_a_page_is_empty_or_the_last_that_the_crm_tells_of() {
        let mut pages = Pages::new(|id: &String| id);
        assert_eq!(pages.take(page(0..200), None), Ok(true));
        assert_eq!((pages.offset, pages.take(page(199..250), None)), (200, Ok(true)), "a short page may be all that a CRM gives at once");
        assert_eq!(pages.take(Vec::new(), None), Ok(false));
        assert_eq!(pages.all().len(), 250, "each once");
        let mut pages = Pages::new(|id: &String| id);
        assert_eq!(pages.take(page(0..200), Some(2)), Ok(true));
        assert_eq!(pages.take(page(200..250), Some(2)), Ok(false));
    }

    #[test]
    fn a_crm_that_pages_for_ever_is_not_followed() {
        let mut pages = Pages::new(|id: &String| id);
        assert_eq!(pages.take(page(0..5), None), Ok(true));
        assert!(pages.take(page(0..5), None).is_err(), "the same again");
        let mut pages = Pages::new(|id: &String| id);
        let endless = (0..2_000).map(|number| pages.take(page(number..number + 1), None)).find(|more| *more != Ok(true));
        assert!(matches!(endless, Some(Err(_))), "{endless:?}");
    }
}
