//! `[portals.<name>]`, `[[affiliates]]` and `[partner]`: who may show whose figures, and how fresh those are.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use secrecy::ExposeSecret;

use super::{Problems, secret, tables};
use crate::{
    crm::{Affiliate, Crm},
    origin::Origin,
    partner::{Portal, Portals, Shown},
};

/// How often is asked, and how often a CRM is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Partner {
    /// A mirror that is older is brought up to date when somebody looks.
    pub(crate) fresh: Duration,
    /// One that was last read as a whole longer ago, is read as a whole.
    pub(crate) whole: Duration,
    /// What the CRM totals itself is kept for so long.
    pub(crate) cache: Duration,
    pub(crate) token_per_minute: u32,
    pub(crate) affiliate_per_minute: u32,
}

/// The shortest secret, in characters.
const LEAST_SECRET: usize = 16;

pub(super) fn settings(table: &tables::Partner, problems: &mut Problems) -> Partner {
    let mut seconds = |name: &str, value, default, bounds| problems.seconds(&format!("partner.{name}"), value, default, bounds);
    let fresh = seconds("fresh_seconds", table.fresh_seconds, 60, 0..=86_400);
    let whole = seconds("whole_seconds", table.whole_seconds, 3_600, 0..=604_800);
    let cache = seconds("cache_seconds", table.cache_seconds, 30, 0..=3_600);
    let mut bounded = |name: &str, value, default| problems.bounded(&format!("partner.{name}"), value, default, 1..=1_000_000) as u32;
    let token_per_minute = bounded("token_per_minute", table.token_per_minute, 600);
    // A few hundred people of one affiliate may open their dashboards at once.
    let affiliate_per_minute = bounded("affiliate_per_minute", table.affiliate_per_minute, 12_000);
    Partner { fresh, whole, cache, token_per_minute, affiliate_per_minute }
}

pub(super) fn portals(tables: &BTreeMap<String, tables::Portal>, problems: &mut Problems) -> Portals {
    let portals: BTreeMap<String, Portal> = tables.iter().map(|(name, table)| (name.clone(), portal(name, table, problems))).collect();
    let all: Vec<(&String, &str)> =
        portals.iter().flat_map(|(name, portal)| portal.secrets.iter().map(move |secret| (name, secret.expose_secret()))).collect();
    for (index, (name, secret)) in all.iter().enumerate() {
        if all[..index].iter().any(|(other, known)| other != name && known == secret) {
            problems.add(format!("portals.{name}.secrets"), "another portal has the same secret");
        }
    }
    Portals::new(portals)
}

fn portal(name: &str, table: &tables::Portal, problems: &mut Problems) -> Portal {
    let key = |key: &str| format!("portals.{name}.{key}");
    if table.secrets.is_empty() {
        problems.add(key("secrets"), "is missing: a portal mints embed tokens with a secret, such as [\"env:ACME_SECRET\"]");
    }
    if table.origins.is_empty() {
        problems.add(key("origins"), "is missing: name the origins of the portal's pages, such as [\"https://partners.example\"]");
    }
    let secrets = table.secrets.iter().enumerate().filter_map(|(index, reference)| {
        problems.parse(&format!("{}[{index}]", key("secrets")), Some(reference), |reference| {
            let secret = secret::fetch_header(reference)?;
            if secret.expose_secret().len() < LEAST_SECRET {
                return Err(format!("{reference} is shorter than {LEAST_SECRET} characters"));
            }
            Ok(secret)
        })
    });
    let secrets = secrets.collect();
    let origins = table.origins.iter().enumerate();
    let origins = origins.filter_map(|(index, text)| problems.parse(&format!("{}[{index}]", key("origins")), Some(text), Origin::parse));
    Portal { secrets, origins: origins.collect() }
}

pub(super) fn affiliates(
    tables: &[tables::Affiliate],
    connections: &BTreeMap<String, Option<Arc<dyn Crm>>>,
    portals: &BTreeMap<String, tables::Portal>,
    problems: &mut Problems,
) -> Vec<Arc<Shown>> {
    let mut affiliates: Vec<Arc<Shown>> = Vec::new();
    for (index, table) in tables.iter().enumerate() {
        let key = |name: &str| format!("affiliates[{index}].{name}");
        let id = problems.required(&key("id"), table.id.clone());
        let connection = problems.required(&key("connection"), table.connection.clone());
        let crm_id = problems.required(&key("crm_id"), table.crm_id.clone());
        let credential = table.credential.as_ref().map(|credential| Arc::new(credential.fetch(&key("credential"), problems)));
        for portal in table.portals.iter().filter(|portal| !portals.contains_key(*portal)) {
            problems.add(key("portals"), format!("there is no [portals.{portal}]"));
        }
        let (Some(id), Some(connection), Some(crm_id)) = (id, connection, crm_id) else { continue };
        if affiliates.iter().any(|known| known.affiliate.id == id) {
            problems.add(key("id"), format!("\"{id}\" stands twice"));
        }
        if !connections.contains_key(&connection) {
            problems.add(key("connection"), format!("there is no [connections.{connection}]"));
        }
        let affiliate = Affiliate { id, connection, crm_id, buckets: table.buckets.clone(), credential };
        let scopes = table.scopes.iter().copied().collect();
        affiliates.push(Arc::new(Shown { affiliate: Arc::new(affiliate), portals: table.portals.clone(), scopes }));
    }
    affiliates
}
