//! "Query parameters (i.e. filters)". What the document does not list is refused by name, and so is what comes twice: the
//! document's own examples have a parameter mangled by a web page.

use std::num::NonZeroUsize;

use axum::extract::Query;
use axum::http::Uri;
use jiff::civil::Date;

use super::documented::Refusal;
use crate::check::is_date;
use crate::moment::Moment;

#[derive(Debug)]
pub(super) struct Filters(Vec<(String, String)>);

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
const PAGE_SIZE: NonZeroUsize = NonZeroUsize::new(1000).expect("it is more than nothing");

impl Filters {
    pub(super) fn read(uri: &Uri, known: &[&str]) -> Result<Self, Refusal> {
        let Query(pairs): Query<Vec<(String, String)>> =
            Query::try_from_uri(uri).map_err(|_| Refusal::from("The query is not well-formed"))?;
        for (index, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return Err(format!("Parameter \"{name}\" is unknown").into());
            }
            if pairs.iter().take(index).any(|(before, _)| before == name) {
                return Err(format!("Parameter \"{name}\" was given twice").into());
            }
        }
        Ok(Self(pairs))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// `…From` and `…To`, both or neither. That one of them will do is not documented: every example has both.
    pub(super) fn days(&self, name: &str) -> Result<Option<Days>, Refusal> {
        match (self.day(&format!("{name}From"))?, self.day(&format!("{name}To"))?) {
            (None, None) => Ok(None),
            (Some(from), Some(to)) if from <= to => Ok(Some(Days { from, to })),
            (Some(_), Some(_)) => Err(format!("Parameter \"{name}From\" must not be after \"{name}To\"").into()),
            (None, Some(_)) => Err(format!("Parameter \"{name}From\" is required with \"{name}To\"").into()),
            (Some(_), None) => Err(format!("Parameter \"{name}To\" is required with \"{name}From\"").into()),
        }
    }

    fn day(&self, name: &str) -> Result<Option<Date>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let day = if is_date(text) { text.parse().ok() } else { None };
        day.map(Some).ok_or_else(|| format!("Parameter \"{name}\" must be a date, YYYY-MM-DD").into())
    }

    pub(super) fn page(&self) -> Result<Page, Refusal> {
        let page = self.count("page")?.unwrap_or(NonZeroUsize::MIN);
        let size = self.count("pageSize")?.unwrap_or(PAGE_SIZE);
        if size > PAGE_SIZE {
            return Err(format!("Parameter \"pageSize\" must be between 1 and {PAGE_SIZE}").into());
        }
        Ok(Page { skip: (page.get() - 1).saturating_mul(size.get()), take: size.get() })
    }

    fn count(&self, name: &str) -> Result<Option<NonZeroUsize>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        // `parse` takes a plus too.
        let count = if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None };
        count.map(Some).ok_or_else(|| format!("Parameter \"{name}\" must be a whole number, at least 1").into())
    }

    /// "Optional [true/false] - Default = false".
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(format!("Parameter \"{name}\" must be true or false").into()),
        }
    }
}
