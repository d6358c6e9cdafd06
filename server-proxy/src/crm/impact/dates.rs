//! Date ranges: "YYYY-MM-DD", from and to. What the document demands is demanded before the call.

use jiff::civil::Date;

use crate::crm::Unanswered;

/// A range of days, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) from: String,
    pub(super) to: String,
}

/// The arguments `<name>From` and `<name>To`: both, or neither.
pub(super) fn days(name: &str, from: Option<&str>, to: Option<&str>) -> Result<Option<Days>, Unanswered> {
    let wrong = |what: String| Unanswered::Argument(what);
    match (from, to) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) => {
            let (first, last) = (day(&format!("{name}From"), from)?, day(&format!("{name}To"), to)?);
            if first > last {
                return Err(wrong(format!("{name}From: is after {name}To")));
            }
            Ok(Some(Days { from: from.to_owned(), to: to.to_owned() }))
        }
        (Some(_), None) => Err(wrong(format!("{name}To: is demanded with {name}From"))),
        (None, Some(_)) => Err(wrong(format!("{name}From: is demanded with {name}To"))),
    }
}

pub(super) fn demanded(name: &str, from: Option<&str>, to: Option<&str>) -> Result<Days, Unanswered> {
    days(name, from, to)?.ok_or_else(|| Unanswered::Argument(format!("{name}From and {name}To: the CRM demands a range of dates")))
}

pub(super) fn day(name: &str, text: &str) -> Result<Date, Unanswered> {
    // The parser takes more than the document's form.
    let is_plain = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    let day = is_plain.then(|| text.parse().ok()).flatten();
    day.ok_or_else(|| Unanswered::Argument(format!("{name}: \"{text}\" is no date YYYY-MM-DD")))
}
