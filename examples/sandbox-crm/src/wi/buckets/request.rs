//! What a look-up asks for: section "Request body". The document says nothing of members it does not list or of wrong values:
//! they are refused by name.

use serde_json::{Map, Value};

use super::documented::Refusal;
use super::leads::Lead;
use crate::check::{array, object, string, unknown};

/// As an earlier revision of the vendor's page had it: this many `emails` and `ids` together.
const MOST_KEYS: usize = 100;
/// "number of records to return (default: 100)". No maximum is documented.
const LIMIT: usize = 100;

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
        let mut wanted = Self { emails: Vec::new(), ids: Vec::new(), key_by: KeyBy::Email, created_date: None, limit: LIMIT, offset: 0 };
        for (name, value) in body {
            match name.as_str() {
                "emails" => wanted.emails = strings(name, value)?.into_iter().map(|email| email.to_lowercase()).collect(),
                "ids" => wanted.ids = strings(name, value)?,
                "keyBy" => wanted.key_by = key_by(name, value)?,
                "filters" => wanted.created_date = filters(name, value)?,
                "limit" => wanted.limit = count(name, value, 1)?,
                "offset" => wanted.offset = count(name, value, 0)?,
                _ => return Err(unknown(name).into()),
            }
        }
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

fn strings(name: &str, value: &Value) -> Result<Vec<String>, String> {
    let element = |(index, value)| string(&format!("{name}[{index}]"), value).map(str::to_owned);
    array(name, value)?.iter().enumerate().map(element).collect()
}

fn key_by(name: &str, value: &Value) -> Result<KeyBy, String> {
    match string(name, value)? {
        "email" => Ok(KeyBy::Email),
        "id" => Ok(KeyBy::Id),
        _ => Err(format!("Field \"{name}\" must be \"email\" or \"id\"")),
    }
}

fn filters(name: &str, value: &Value) -> Result<Option<(i64, i64)>, String> {
    let filters = object(name, value)?;
    if let Some(other) = filters.keys().find(|filter| *filter != "createdDate") {
        return Err(unknown(&format!("{name}.{other}")));
    }
    let Some(value) = filters.get("createdDate") else { return Ok(None) };
    let path = format!("{name}.createdDate");
    let moments: Vec<_> = strings(&path, value)?.iter().map(|text| epoch_ms(text)).collect();
    match moments.as_slice() {
        [Some(from), Some(to)] if from <= to => Ok(Some((*from, *to))),
        _ => Err(format!("Field \"{path}\" must be two strings of epoch milliseconds, from and to")),
    }
}

/// Digits and nothing else: `parse` takes a plus too.
fn epoch_ms(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn count(name: &str, value: &Value, least: u64) -> Result<usize, String> {
    let count = value.as_u64().filter(|count| *count >= least).and_then(|count| usize::try_from(count).ok());
    count.ok_or_else(|| format!("Field \"{name}\" must be a whole number, at least {least}"))
}
