//! What came of a run, as it is filtered, downloaded and copied.

use latchkey_contract::partner::{BucketLead, MOST_KEYS};
use leptos::prelude::*;

use super::{
    csv,
    state::{Chunk, Run},
};
use crate::partner::Say;

/// Which rows are shown.
#[derive(Clone, Copy, Default)]
pub(super) struct Filters {
    /// A [`Was`] by its name; empty: all.
    pub(super) was: RwSignal<String>,
    pub(super) status: RwSignal<String>,
    /// `yes`, `no`, or empty.
    pub(super) deposited: RwSignal<String>,
}

impl Filters {
    pub(super) fn clear(self) {
        for filter in [self.was, self.status, self.deposited] {
            filter.set(String::new());
        }
    }

    /// The numbers of the rows that pass.
    pub(super) fn rows(self, run: &Run) -> Vec<u32> {
        let (was, status, deposited) = (self.was.get(), self.status.get(), self.deposited.get());
        let passes = |row: &Row| {
            let lead = row.lead;
            (was.is_empty() || row.was.name() == was)
                && (status.is_empty() || lead.is_some_and(|lead| lead.status.as_deref() == Some(status.as_str())))
                && (deposited.is_empty() || lead.is_some_and(|lead| lead.first_deposit.is_some() == (deposited == "yes")))
        };
        (0..run.keys.len()).filter(|index| run.row(*index).is_some_and(|row| passes(&row))).map(|index| index as u32).collect()
    }
}

/// What became of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Was {
    Found,
    Missing,
    /// Not looked up yet, or in vain.
    Open,
}

impl Was {
    pub(super) const ALL: [Was; 3] = [Was::Found, Was::Missing, Was::Open];

    pub(super) fn name(self) -> &'static str {
        match self {
            Was::Found => "found",
            Was::Missing => "missing",
            Was::Open => "open",
        }
    }

    /// The key of its text.
    pub(super) fn text(self) -> &'static str {
        match self {
            Was::Found => "was.found",
            Was::Missing => "was.missing",
            Was::Open => "was.open",
        }
    }
}

pub(super) struct Row<'a> {
    pub(super) key: &'a str,
    pub(super) was: Was,
    pub(super) lead: Option<&'a BucketLead>,
}

impl Run {
    pub(super) fn row(&self, index: usize) -> Option<Row<'_>> {
        let key = self.keys.get(index)?;
        Some(match self.chunks.get(index / MOST_KEYS)? {
            Chunk::Done(leads) => {
                let lead = leads.get(index % MOST_KEYS)?.as_ref();
                Row { key, was: if lead.is_some() { Was::Found } else { Was::Missing }, lead }
            }
            _ => Row { key, was: Was::Open, lead: None },
        })
    }

    /// The states that leads are in.
    pub(super) fn statuses(&self) -> Vec<String> {
        let leads = self.chunks.iter().filter_map(|chunk| if let Chunk::Done(leads) = chunk { Some(leads) } else { None }).flatten();
        let mut all: Vec<String> = Vec::new();
        for status in leads.flatten().filter_map(|lead| lead.status.as_ref()) {
            // They are few.
            let at = all.partition_point(|known| known < status);
            if all.get(at) != Some(status) {
                all.insert(at, status.clone());
            }
        }
        all
    }

    /// Those rows as a file.
    pub(super) fn csv(&self, rows: &[u32], say: Say) -> String {
        let heads = ["column.list", "column.was", "column.status", "column.created", "column.deposit", "column.id", "column.email"];
        let heads = heads.map(|key| say.text(key)).to_vec();
        let line = |row: Row<'_>| {
            let of = |read: fn(&BucketLead) -> &Option<String>| row.lead.and_then(|lead| read(lead).clone()).unwrap_or_default();
            vec![
                row.key.to_owned(),
                say.text(row.was.text()),
                of(|lead| &lead.status),
                of(|lead| &lead.created),
                of(|lead| &lead.first_deposit),
                of(|lead| &lead.id),
                of(|lead| &lead.email),
            ]
        };
        csv::file(std::iter::once(heads).chain(rows.iter().filter_map(|index| self.row(*index as usize)).map(line)))
    }

    /// The keys that were not found, one a line.
    pub(super) fn missing(&self) -> String {
        let rows = (0..self.keys.len()).filter_map(|index| self.row(index));
        rows.filter(|row| row.was == Was::Missing).map(|row| row.key).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::Failure;

    #[test]
    fn rows_know_what_became_of_them() {
        let lead = |status: &str| Some(BucketLead { status: Some(status.to_owned()), ..BucketLead::default() });
        let mut first = vec![None; MOST_KEYS];
        first[1] = lead("new");
        first[2] = lead("active");
        let run = Run {
            number: 1,
            keys: (0..MOST_KEYS + 2).map(|index| index.to_string()).collect(),
            chunks: vec![Chunk::Done(first), Chunk::Failed(Failure::Crm)],
            ..Run::default()
        };
        assert_eq!((run.done(), run.found()), (MOST_KEYS, 2));
        assert_eq!(run.statuses(), ["active", "new"]);
        let was = |index| run.row(index).map(|row| row.was);
        assert_eq!([was(0), was(1), was(MOST_KEYS + 1), was(MOST_KEYS + 2)], [Some(Was::Missing), Some(Was::Found), Some(Was::Open), None]);
        assert_eq!(run.missing().lines().count(), MOST_KEYS - 2);
        assert!(run.missing().starts_with("0\n3\n"));
    }
}
