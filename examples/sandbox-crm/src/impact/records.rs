//! Transactions and positions, as a test puts them here and as the reports show them; and what records have in common.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::decimal::Decimal;
use crate::moment::Moment;

/// "Categorized tags: array of tag category containing all assigned tags from the specific category".
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TagCategory {
    category: String,
    tags: Vec<String>,
}

/// What a trading account goes by: "login id, platform server". The server is one of the tags of the report on servers.
pub(super) type AccountId<'a> = (&'a str, &'a str);

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Transaction {
    #[serde(default = "new_id")]
    pub(super) transaction_id: String,
    pub(super) transaction_date: Moment,
    #[serde(rename = "type", default = "deposit")]
    kind: String,
    amount: Decimal,
    #[serde(default = "usd")]
    currency: String,
    /// "Product id if trade id is the trade-related identification (if any). If not found N/A is displayed".
    #[serde(default = "not_available")]
    product_id: String,
    #[serde(default)]
    login_id: String,
    #[serde(default)]
    platform_server: String,
    /// "Denotes if transaction is fake/not".
    #[serde(default)]
    pub(super) is_fake: bool,
    #[serde(default)]
    tags: Vec<TagCategory>,
    /// "Only successful transactions are returned".
    #[serde(default = "yes", skip_serializing)]
    pub(super) successful: bool,
    #[serde(default, skip_serializing)]
    more: Map<String, Value>,
}

impl Transaction {
    pub(super) fn account(&self) -> AccountId<'_> {
        (&self.login_id, &self.platform_server)
    }

    pub(super) fn row(&self) -> Value {
        row(self, &self.more)
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Position {
    #[serde(default = "new_id")]
    pub(super) position_id: String,
    #[serde(default)]
    login_id: String,
    pub(super) server_tag: String,
    #[serde(default)]
    symbol: String,
    open_date: Option<Moment>,
    /// Absent while it is open.
    pub(super) close_date: Option<Moment>,
    #[serde(default = "zero")]
    volume: Decimal,
    #[serde(default = "zero")]
    profit: Decimal,
    #[serde(default = "usd")]
    currency: String,
    #[serde(default, skip_serializing)]
    more: Map<String, Value>,
}

impl Position {
    pub(super) fn account(&self) -> AccountId<'_> {
        (&self.login_id, &self.server_tag)
    }

    pub(super) fn row(&self) -> Value {
        row(self, &self.more)
    }
}

/// A record as a report shows it, with further members.
pub(super) fn row(record: &impl Serialize, more: &Map<String, Value>) -> Value {
    let mut row = json!(record);
    if let Value::Object(members) = &mut row {
        members.extend(more.clone());
    }
    row
}

pub(super) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

fn deposit() -> String {
    "Deposit".to_owned()
}

fn usd() -> String {
    "USD".to_owned()
}

fn not_available() -> String {
    "N/A".to_owned()
}

fn yes() -> bool {
    true
}

fn zero() -> Decimal {
    Decimal::zero()
}
