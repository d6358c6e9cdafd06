//! Lists, page by page: section "Notes". "The number of total pages can be identified by dividing total (number of records) by
//! pageSize". The envelope's array has no documented name, so it is the one array in it.

use serde_json::Value;

use super::{Impact, session::Holder};
use crate::crm::{Trouble, Unanswered, answer::Answer, client::Call, row};

/// "pageSize (Optional - Default = 1000)", and the largest that the notes let one expect.
const PAGE_SIZE: usize = 1_000;
/// A list of more than 200,000 records is asked for in shorter ranges.
const MOST_PAGES: usize = 200;

/// One page.
struct Page {
    total: Option<usize>,
    records: Vec<Value>,
}

/// A report that is being read, page after page.
pub(super) struct Reading<'a> {
    crm: &'a Impact,
    holder: &'a Holder<'a>,
    report: &'static str,
    query: &'a [(&'a str, &'a str)],
    last: Option<(&'a str, &'a str)>,
    /// The page to ask for.
    number: usize,
    /// How many records have come.
    count: usize,
    before: Vec<Value>,
    is_over: bool,
    /// Whether it was not read because it has too many records.
    pub(super) is_too_long: bool,
}

impl Impact {
    /// Begins to read a report. `last` is a parameter that the document writes behind the page's.
    pub(super) fn reading<'a>(
        &'a self,
        holder: &'a Holder<'a>,
        report: &'static str,
        query: &'a [(&'a str, &'a str)],
        last: Option<(&'a str, &'a str)>,
    ) -> Reading<'a> {
        Reading { crm: self, holder, report, query, last, number: 1, count: 0, before: Vec::new(), is_over: false, is_too_long: false }
    }

    /// All records of a report.
    pub(super) async fn all(
        &self,
        holder: &Holder<'_>,
        report: &'static str,
        query: &[(&str, &str)],
        last: Option<(&str, &str)>,
    ) -> Result<Vec<Value>, Unanswered> {
        let mut reading = self.reading(holder, report, query, last);
        let mut all = Vec::new();
        while let Some((_, records)) = reading.next().await? {
            all.extend(records);
        }
        Ok(all)
    }
}

impl Reading<'_> {
    /// The next page, with the answer that it is from; `None` behind the last. One that was not answered can be asked for again.
    pub(super) async fn next(&mut self) -> Result<Option<(Answer, Vec<Value>)>, Unanswered> {
        if self.is_over {
            return Ok(None);
        }
        let (report, number) = (self.report, self.number);
        if number > MOST_PAGES {
            return Err(Unanswered::Unreadable(Trouble::new(format!("{report}: goes on after {MOST_PAGES} pages"))));
        }
        let call = |call: Call| {
            let call = self.query.iter().fold(call, |call, (name, value)| call.query(name, *value));
            let call = call.query("page", number.to_string()).query("pageSize", PAGE_SIZE.to_string());
            self.last.into_iter().fold(call, |call, (name, value)| call.query(name, value))
        };
        let answer = self.crm.asked(self.holder, call, report).await?;
        let unreadable = |why: &str| Unanswered::Unreadable(answer.trouble(format!("{report}, page {number}: {why}")));
        let page = page(answer.read()?, report).map_err(unreadable)?;
        let (count, total) = (page.records.len(), page.total);
        if count > 0 && page.records == self.before {
            return Err(unreadable("is the page before it once more"));
        }
        if total.is_some_and(|total| total > MOST_PAGES * PAGE_SIZE) {
            self.is_too_long = true;
            return Err(unreadable("there are more records than are read at once: ask for a shorter range"));
        }
        self.before.clone_from(&page.records);
        self.count += count;
        self.number += 1;
        // Counted by what came: an installation may give fewer at once than it is asked for. Records that are gone meanwhile leave an
        // empty page before the total is reached.
        self.is_over = count == 0 || total.map_or(count < PAGE_SIZE, |total| self.count >= total);
        Ok(Some((answer, page.records)))
    }
}

/// Takes an envelope apart; an array without one is all there is.
fn page(body: Value, report: &str) -> Result<Page, &'static str> {
    let mut members = match body {
        Value::Array(records) => return Ok(Page { total: None, records }),
        Value::Object(members) => members,
        _ => return Err("is neither an object nor an array"),
    };
    let total = match members.remove("total") {
        None | Some(Value::Null) => None,
        Some(total) => Some(row::text(&total).and_then(|total| total.parse().ok()).ok_or("total is no count")?),
    };
    let mut arrays: Vec<_> = members.into_iter().filter(|(_, value)| value.is_array()).collect();
    if arrays.len() > 1 {
        arrays.retain(|(name, _)| row::plain(name) == row::plain(report));
    }
    match (arrays.pop(), total) {
        (Some((_, Value::Array(records))), total) => Ok(Page { total, records }),
        (_, Some(0)) => Ok(Page { total, records: Vec::new() }),
        _ => Err("has no array of records"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_envelope_is_read_tolerantly() {
        let read = |body| page(body, "Leads").map(|page| (page.total, page.records.len()));
        assert_eq!(read(json!({"total": 2, "leads": [{}, {}]})), Ok((Some(2), 2)));
        assert_eq!(read(json!({"total": "2", "whatever": [{}, {}], "page": 1})), Ok((Some(2), 2)));
        assert_eq!(read(json!([{}])), Ok((None, 1)));
        assert_eq!(read(json!({"total": 1, "columns": ["a", "b"], "LEADS": [{}]})), Ok((Some(1), 1)));
        assert_eq!(read(json!({"total": 0})), Ok((Some(0), 0)));
        assert_eq!(read(json!({"total": 0, "leads": null})), Ok((Some(0), 0)));
        for bad in [json!({}), json!({"total": null, "leads": null}), json!({"total": "many", "leads": []}), json!("leads"), json!(null)] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
        assert!(read(json!({"total": 1, "a": [{}], "b": [{}]})).is_err(), "which of the two");
    }
}
