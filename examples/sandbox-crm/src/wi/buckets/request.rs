//! What a look-up asks for: section "Request body".

use serde_json::{Map, Value};

use super::documented::Refusal;
use super::leads::Lead;
use crate::check::{Member, Rule, Wrong, check};
use crate::shapes::is_digits;

/// As an earlier revision of the vendor's page had it: this many `emails` and `ids` together.
const MOST_KEYS: usize = 100;
/// "number of records to return (default: 100)". No maximum is documented.
const LIMIT: usize = 100;

const BODY: &[Member] = &[
    Member::new("emails", Rule::Texts),
    Member::new("ids", Rule::Texts),
    Member::new("keyBy", Rule::Like(|text| matches!(text, "email" | "id"), "be \"email\" or \"id\"")),
    Member::new("filters", Rule::Members(&[Member::new("createdDate", Rule::Texts)])),
    Member::new("limit", Rule::AtLeast(1)),
    Member::new("offset", Rule::AtLeast(0)),
];

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum KeyBy {
    Email,
    Id,
}

#[derive(Debug)]
pub(super) struct Wanted {
    emails: Vec<String>,
    ids: Vec<String>,
    pub(super) key_by: KeyBy,
    /// From and to, both included.
    created_date: Option<(i64, i64)>,
    pub(super) limit: usize,
    pub(super) offset: usize,
}

impl Wanted {
    pub(super) fn read(body: &Map<String, Value>) -> Result<Self, Refusal> {
        check("", body, BODY)?;
        let number = |name: &str| body.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        let wanted = Self {
            emails: texts(body.get("emails")).map(str::to_lowercase).collect(),
            ids: texts(body.get("ids")).map(str::to_owned).collect(),
            key_by: if body.get("keyBy").is_some_and(|by| by == "id") { KeyBy::Id } else { KeyBy::Email },
            created_date: body.get("filters").and_then(|filters| filters.get("createdDate")).map(range).transpose()?,
            limit: number("limit").unwrap_or(LIMIT),
            offset: number("offset").unwrap_or_default(),
        };
        if wanted.emails.len() + wanted.ids.len() > MOST_KEYS {
            return Err(Refusal::from(format!("No more than {MOST_KEYS} emails and ids are allowed")));
        }
        Ok(wanted)
    }

    /// "Returns lead data for clients identified by emails, client IDs, or both"; "if both are empty → based on filters only".
    /// Two spellings of an e-mail that differ in case are one, as for the sign-up.
    pub(super) fn wants(&self, lead: &Lead) -> bool {
        let named = self.emails.contains(&lead.email.to_lowercase()) || lead.id.as_ref().is_some_and(|id| self.ids.contains(id));
        let created = lead.created_date.epoch_ms();
        (named || self.emails.is_empty() && self.ids.is_empty())
            && self.created_date.is_none_or(|(from, to)| (from..=to).contains(&created))
    }
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// "optional created date range (epoch ms strings)".
fn range(value: &Value) -> Result<(i64, i64), Wrong> {
    let moments: Vec<_> = texts(Some(value)).map(epoch_ms).collect();
    match moments.as_slice() {
        [Some(from), Some(to)] if from <= to => Ok((*from, *to)),
        _ => Err(Wrong::must("filters.createdDate", "be two strings of epoch milliseconds, from and to")),
    }
}

fn epoch_ms(text: &str) -> Option<i64> {
    is_digits(text).then(|| text.parse().ok())?
}
