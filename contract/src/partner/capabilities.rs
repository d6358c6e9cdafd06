//! What this token can be shown: by its scopes, and by what its CRM can answer.

use serde::{Deserialize, Serialize};

use super::{Column, Metric, Scope, Table};

/// The body of `GET /capabilities`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// The affiliate's id.
    pub affiliate: String,
    pub scopes: Vec<Scope>,
    /// What the overview and the series hold, in the order in which it is shown; empty without the scope `figures`.
    pub metrics: Vec<Metric>,
    /// Those of [`Capabilities::metrics`] that a series can be asked of.
    pub series: Vec<Metric>,
    /// The tables that answer, in the order in which they are shown.
    pub tables: Vec<TableView>,
    pub sources: bool,
    pub downline: bool,
    pub servers: bool,
    pub wallet: bool,
    /// Whether a payout can be asked for; whether one is pending, [`super::Wallets`] tells.
    pub request_payout: bool,
    pub links: bool,
    pub creatives: bool,
    /// The affiliate's, where they can be looked up.
    pub buckets: Vec<BucketView>,
}

/// A table, and those of its columns that this CRM fills.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableView {
    pub table: Table,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketView {
    pub id: String,
    #[serde(default)]
    pub sources: Vec<String>,
}
