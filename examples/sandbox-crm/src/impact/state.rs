//! All that the simulated CRM knows.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;

use super::Options;
use super::access::Access;
use super::people::People;
use super::records::{Position, Transaction};

/// A report "depends on the … module".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Module {
    Leads,
    Transactions,
    Platforms,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) access: Access,
    pub(super) people: People,
    pub(super) transactions: Vec<Transaction>,
    pub(super) positions: Vec<Position>,
    /// "Groups all servers by platform type".
    pub(super) servers: BTreeMap<String, Vec<String>>,
    pub(super) without_modules: HashSet<Module>,
}

impl State {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            access: Access::new(options),
            people: People::default(),
            transactions: Vec::new(),
            positions: Vec::new(),
            servers: BTreeMap::new(),
            without_modules: HashSet::new(),
        }
    }

    pub(super) fn has_server(&self, tag: &str) -> bool {
        self.servers.values().flatten().any(|known| known == tag)
    }
}
