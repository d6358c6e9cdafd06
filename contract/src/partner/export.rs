//! Exports: a table as CSV.

use serde::{Deserialize, Serialize};

use super::Table;

/// The body of `POST /exports`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    pub table: Table,
    /// The table's parameters as its route takes them (`status=active&from=2026-01-01`), less `cursor`, `limit` and `choices`.
    #[serde(default)]
    pub query: String,
    /// Columns in their order; all of the table's where it is empty.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// The body of 201 to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportAnswer {
    /// The download's address: for one use, within five minutes. Read with `fetch` it can be counted and stopped, or followed as a link.
    pub url: String,
    /// How many rows it has now; lines less the first one.
    pub rows: u64,
    /// What the file is called.
    pub name: String,
    pub expires_at: String,
}
