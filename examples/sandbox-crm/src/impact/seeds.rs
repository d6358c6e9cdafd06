//! Records that a test adds; the module `impact` says what they mean.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;

use super::access::{ApiKey, User};
use super::person::PersonChange;
use super::records::{Position, Transaction};
use super::state::{Module, State};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Seeds {
    users: Vec<User>,
    api_keys: Vec<ApiKey>,
    servers: BTreeMap<String, Vec<String>>,
    leads: Vec<PersonChange>,
    registrations: Vec<PersonChange>,
    transactions: Vec<Transaction>,
    positions: Vec<Position>,
    without_modules: Option<HashSet<Module>>,
    expire_tokens: bool,
}

impl Seeds {
    fn check(&self, state: &State) -> Result<(), String> {
        if let Some(lead) = self.leads.iter().find(|lead| lead.accounts.is_some()) {
            return Err(format!("the lead {} has accounts, which only a registration can have", lead.email));
        }
        let known = |tag: &String| state.has_server(tag) || self.servers.values().flatten().any(|new| new == tag);
        match self.positions.iter().find(|position| !known(&position.server_tag)) {
            Some(position) => Err(format!("there is no server {:?}: add it to servers", position.server_tag)),
            None => Ok(()),
        }
    }
}

impl State {
    /// All of the records, or none of them.
    pub(super) fn seed(&mut self, seeds: Seeds) -> Result<(), String> {
        seeds.check(self)?;
        seeds.users.into_iter().for_each(|user| self.access.put_user(user));
        seeds.api_keys.into_iter().for_each(|key| self.access.put_key(key));
        self.servers.extend(seeds.servers);
        seeds.leads.into_iter().for_each(|lead| self.people.seed_lead(lead));
        seeds.registrations.into_iter().for_each(|registration| self.people.seed_registration(registration));
        for transaction in seeds.transactions {
            put(&mut self.transactions, transaction, |known, new| known.transaction_id == new.transaction_id);
        }
        for position in seeds.positions {
            put(&mut self.positions, position, |known, new| known.position_id == new.position_id);
        }
        self.without_modules = seeds.without_modules.unwrap_or_else(|| std::mem::take(&mut self.without_modules));
        if seeds.expire_tokens {
            self.access.expire_tokens();
        }
        Ok(())
    }
}

/// In place of the same one, so that pages keep their order.
fn put<T>(all: &mut Vec<T>, new: T, same: impl Fn(&T, &T) -> bool) {
    match all.iter_mut().find(|known| same(known, &new)) {
        Some(known) => *known = new,
        None => all.push(new),
    }
}
