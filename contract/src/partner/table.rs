//! Tables: one shape for all of them, so that one element shows all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{Age, Scope};

/// The most rows of a page.
pub const MOST_ROWS: u32 = 500;

/// A table that can be paged, sorted, filtered, searched and exported. Parameters of its route, all optional:
///
/// - `limit` (1 to [`MOST_ROWS`], 50), `cursor` (the page's `next`, with the other parameters as they were);
/// - `sort`: a column's name, with `-` in front for descending; without it the newest come first;
/// - `from`, `to`, `tz`: of the table's date, [`Table::date`]; all times where they are absent;
/// - a filter: a column's name and a value; the same name again for one of several (`status=new&status=active`); `fake=true`;
/// - `search`: the beginning of an id, a sub id or an account; with the scope `personal` also a whole e-mail or phone number;
/// - `choices=true`: the values that the filters have, with the first page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Table {
    /// People: leads and customers.
    Leads,
    /// Those of them who became customers.
    Registrations,
    Transactions,
    /// Closed ones.
    Positions,
    Commissions,
    Payouts,
}

/// How a cell is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// As the CRM has it.
    Text,
    /// A word of a few, as the CRM has them.
    State,
    /// ISO 3166-1 alpha-2, or what the CRM calls it.
    Country,
    /// RFC 3339 in UTC.
    Moment,
    /// Decimal text, in the row's `currency`.
    Money,
    /// Decimal text.
    Number,
    /// `true` or `false`.
    Flag,
    /// Text about a person, masked without the scope `personal`.
    Personal,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The member of a [`Record`], and what `sort` and filters call it.
    pub name: String,
    pub kind: Kind,
    pub sort: bool,
    pub filter: bool,
}

impl Table {
    pub const ALL: [Table; 6] =
        [Table::Leads, Table::Registrations, Table::Transactions, Table::Positions, Table::Commissions, Table::Payouts];

    pub fn as_str(self) -> &'static str {
        match self {
            Table::Leads => "leads",
            Table::Registrations => "registrations",
            Table::Transactions => "transactions",
            Table::Positions => "positions",
            Table::Commissions => "commissions",
            Table::Payouts => "payouts",
        }
    }

    /// What a token has to have to see it.
    pub fn scope(self) -> Scope {
        match self {
            Table::Leads | Table::Registrations => Scope::Leads,
            Table::Transactions | Table::Positions => Scope::Money,
            Table::Commissions => Scope::Commissions,
            Table::Payouts => Scope::Payouts,
        }
    }

    /// The column that `from` and `to` are about, and by which the newest come first.
    pub fn date(self) -> &'static str {
        match self {
            Table::Leads => "created",
            Table::Registrations => "registered",
            Table::Transactions | Table::Commissions => "date",
            Table::Positions => "closed",
            Table::Payouts => "requested",
        }
    }
}

/// A row: its members by the columns' names; what is absent in the CRM is absent here. `id` is always there.
pub type Record = BTreeMap<String, Cell>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    Text(String),
    Flag(bool),
}

impl Cell {
    pub fn as_str(&self) -> &str {
        match self {
            Cell::Text(text) => text,
            Cell::Flag(true) => "true",
            Cell::Flag(false) => "false",
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    /// By hand: what serde makes of an untagged enum is large in WebAssembly.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cell, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Cell;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a text or a flag")
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Cell, E> {
                Ok(Cell::Flag(flag))
            }

            fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
                Ok(Cell::Text(text.to_owned()))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// The values that a filter has, by its column's name. A filter that is not here has more than can be listed.
pub type Choices = BTreeMap<String, Vec<String>>;

/// The body of a table's route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub rows: Vec<Record>,
    /// The cursor of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many rows there are on all pages; with the first page only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Choices>,
    pub age: Age,
}

/// The body of `GET /leads/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    pub record: Record,
    /// The person's newest transactions, where the token may see them and the CRM tells whose they are.
    #[serde(default)]
    pub transactions: Vec<Record>,
    pub age: Age,
}
