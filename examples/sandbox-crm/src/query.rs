//! Queries, and forms, which are written as queries are.

use serde_json::{Map, Value};

use crate::check::{Member, Problem, Wrong, all_required, find};

#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Never fails: what cannot be decoded is decoded as well as it can be.
    pub(crate) fn read(written: &[u8]) -> Self {
        Self(form_urlencoded::parse(written).into_owned().collect())
    }

    /// Holds it against a table. A list is a parameter that is repeated: none of the documents says how else one would be written.
    /// Anything else that comes
    /// twice is refused, or an address put together wrongly might look right. `what` is what its members are called in a refusal.
    pub(crate) fn check(&self, what: &'static str, table: &[Member]) -> Result<(), Wrong> {
        let check = || {
            for (name, value) in &self.0 {
                let member = find(table, name, name)?;
                if !member.is_repeatable() && self.all(name).nth(1).is_some() {
                    return Err(Wrong::new(name, Problem::Repeated));
                }
                member.check_text(value)?;
            }
            all_required("", table, |name| self.first(name).is_some())
        };
        check().map_err(|wrong| Wrong { what, ..wrong })
    }

    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Of a parameter that [`Query::check`] found to be one.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.first(name)?.parse().ok()
    }

    /// The members of a form.
    pub(crate) fn into_members(self) -> Map<String, Value> {
        self.0.into_iter().map(|(name, value)| (name, value.into())).collect()
    }
}
