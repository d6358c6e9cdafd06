//! "Get all countries": those of ISO 3166-1, unless a test gives others.
//!
//! The document shows none of a country's members. That it has an id and can be switched off follows from "Update a country" (`id`,
//! `toggle`), that ids are ISO codes from "Bulk edit leads" ("Country code (ISO 3166-1 alpha-2)") and from the example of
//! "AffiliateCreateCustomer" (`"country": "HR"`); the names `id`, `name` and `enabled` are ours.

use serde::{Deserialize, Serialize};

use crate::countries;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Country {
    pub(super) id: String,
    pub(super) name: String,
    /// Whether a customer may come from there.
    #[serde(default = "yes")]
    pub(super) enabled: bool,
}

fn yes() -> bool {
    true
}

pub(super) fn first() -> Vec<Country> {
    countries::all().map(|(id, name)| Country { id: id.to_owned(), name: name.to_owned(), enabled: true }).collect()
}
