//! Pages of what is mirrored. A page begins behind the last row of the one before, by that row's values: at a million rows the last page
//! costs what the first does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Row as _, any::AnyRow};

use super::{
    super::{Query, Store, StoreError},
    records::{email_hashes, phone_hashes, place},
};
use crate::crm::RecordKind;

/// Values of one column that are listed; where there are more, none is.
const MOST_CHOICES: usize = 200;
/// Columns of texts with few values, of which there is an index.
const INDEXED: [&str; 5] = ["status", "type", "country", "source", "campaign"];
/// Rows that the values of the others are taken from.
const NEWEST: usize = 5_000;

/// Which rows, in which order. The names are columns of ours, never a caller's.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) affiliate: String,
    pub(crate) kind: RecordKind,
    /// Only those who became customers.
    pub(crate) customers: bool,
    /// From and before, of a column of times.
    pub(crate) range: Option<(&'static str, i64, i64)>,
    /// One of these.
    pub(crate) one_of: Vec<(&'static str, Vec<String>)>,
    pub(crate) flags: Vec<(&'static str, bool)>,
    pub(crate) search: Option<Search>,
    pub(crate) order: Order,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    pub(crate) text: String,
    /// Also by e-mail and phone number.
    pub(crate) personal: bool,
}

/// By these columns, then by time and id.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) columns: &'static [&'static str],
    pub(crate) descending: bool,
}

/// A row's value in an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Key {
    Number(i64),
    Text(String),
}

/// What is personal in a row.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Personal {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
}

/// A row. What it has not is "" or 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) stage: String,
    pub(crate) status: String,
    pub(crate) kind: String,
    pub(crate) country: String,
    pub(crate) source: String,
    pub(crate) sub_id: String,
    pub(crate) campaign: String,
    pub(crate) currency: String,
    pub(crate) account: String,
    pub(crate) server: String,
    pub(crate) about: String,
    pub(crate) person: String,
    pub(crate) registered_at: i64,
    pub(crate) deposited_at: i64,
    pub(crate) other_at: i64,
    pub(crate) deposited: bool,
    pub(crate) is_fake: bool,
    pub(crate) amount: String,
    pub(crate) second: String,
    pub(crate) personal: Personal,
}

/// Rows, and where the next page begins.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) rows: Vec<Row>,
    pub(crate) next: Option<Vec<Key>>,
}

const SHOWN: &str = "id, at, stage, status, type, country, source, sub_id, campaign, currency, account, server, about, person, registered_at, \
    deposited_at, other_at, deposited, is_fake, amount, second, personal";
const NUMBERS: [&str; 8] =
    ["at", "registered_at", "deposited_at", "other_at", "amount_whole", "amount_part", "second_whole", "second_part"];

/// SQL that is being written, with what its parameters stand for.
#[derive(Default)]
struct Condition {
    sql: String,
    values: Vec<Value>,
}

enum Value {
    Text(String),
    Number(i64),
    Bytes(Vec<u8>),
}

impl Condition {
    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn text(&mut self, text: &str) -> String {
        self.value(Value::Text(text.to_owned()))
    }

    fn and(&mut self, sql: &str) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(sql);
    }

    fn bind<'q>(self, query: Query<'q>) -> Query<'q> {
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
            Value::Bytes(bytes) => query.bind(bytes),
        })
    }
}

impl Order {
    /// All that it goes by, each column once.
    fn whole(&self) -> Vec<&'static str> {
        let mut whole = self.columns.to_vec();
        whole.extend(["at", "id"].into_iter().filter(|column| !self.columns.contains(column)));
        whole
    }
}

impl Store {
    /// The first rows, or those behind that one.
    pub(crate) async fn rows(&self, wanted: &Wanted, after: Option<&[Key]>, limit: u32) -> Result<Found, StoreError> {
        let mut condition = self.condition(wanted);
        let columns = wanted.order.whole();
        if let Some(after) = after {
            if after.len() != columns.len() {
                return Err(StoreError::Unreadable("a cursor of another order".to_owned()));
            }
            let keys: Vec<String> = after
                .iter()
                .map(|key| match key {
                    Key::Number(number) => condition.value(Value::Number(*number)),
                    Key::Text(text) => condition.text(text),
                })
                .collect();
            let sign = if wanted.order.descending { "<" } else { ">" };
            condition.and(&format!("({}) {sign} ({})", columns.join(", "), keys.join(", ")));
        }
        let direction = if wanted.order.descending { " DESC" } else { "" };
        let order: Vec<String> = columns.iter().map(|column| format!("{column}{direction}")).collect();
        // One more than is wanted tells whether there is another page.
        let sql = format!(
            "SELECT {SHOWN}, amount_whole, amount_part, second_whole, second_part FROM records{} ORDER BY {} LIMIT {}",
            condition.sql,
            order.join(", "),
            u64::from(limit) + 1
        );
        let mut rows = condition.bind(sqlx::query(AssertSqlSafe(sql))).fetch_all(&self.reader).await?;
        let is_more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = match (is_more, rows.last()) {
            (true, Some(last)) => Some(columns.iter().map(|column| key(last, column)).collect::<Result<_, _>>()?),
            _ => None,
        };
        let rows = rows.iter().map(|row| self.read_record(&wanted.affiliate, wanted.kind, row)).collect::<Result<_, _>>()?;
        Ok(Found { rows, next })
    }

    /// How many there are.
    pub(crate) async fn count_rows(&self, wanted: &Wanted) -> Result<u64, StoreError> {
        let condition = self.condition(wanted);
        let sql = format!("SELECT COUNT(*) FROM records{}", condition.sql);
        let row = condition.bind(sqlx::query(AssertSqlSafe(sql))).fetch_one(&self.reader).await?;
        Ok(u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default())
    }

    /// The values of these columns, as far as they can be listed: of one that there is an index of, going from one value to the next;
    /// of another, those of the newest rows.
    pub(crate) async fn choices(
        &self,
        affiliate: &str,
        kind: RecordKind,
        columns: &[(&'static str, &'static str)],
    ) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        let mut choices = BTreeMap::new();
        for (name, column) in columns {
            let of = format!("FROM records WHERE affiliate = $1 AND kind = '{}'", kind.as_str());
            let limit = MOST_CHOICES + 1;
            let sql = match INDEXED.contains(column) {
                true => format!(
                    "WITH RECURSIVE found(value) AS (SELECT MIN({column}) {of} AND {column} > '' UNION ALL \
                     SELECT (SELECT MIN({column}) {of} AND {column} > found.value) FROM found WHERE found.value IS NOT NULL) \
                     SELECT value FROM found WHERE value IS NOT NULL LIMIT {limit}"
                ),
                false => format!(
                    "SELECT DISTINCT value FROM (SELECT {column} AS value {of} ORDER BY at DESC, id DESC LIMIT {NEWEST}) AS newest \
                     WHERE value <> '' ORDER BY value LIMIT {limit}"
                ),
            };
            let values: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).bind(affiliate).fetch_all(&self.reader).await?;
            if values.len() <= MOST_CHOICES {
                choices.insert((*name).to_owned(), values);
            }
        }
        Ok(choices)
    }

    fn condition(&self, wanted: &Wanted) -> Condition {
        let mut condition = Condition::default();
        let affiliate = condition.text(&wanted.affiliate);
        // Written out, so that an index of one kind is taken.
        condition.and(&format!("affiliate = {affiliate} AND kind = '{}'", wanted.kind.as_str()));
        if wanted.customers {
            condition.and("registered_at > 0");
        }
        if let Some((column, from, before)) = wanted.range {
            let (from, before) = (condition.value(Value::Number(from)), condition.value(Value::Number(before)));
            condition.and(&format!("{column} >= {from} AND {column} < {before}"));
        }
        for (column, values) in &wanted.one_of {
            let values: Vec<String> = values.iter().map(|value| condition.text(value)).collect();
            condition.and(&format!("{column} IN ({})", values.join(", ")));
        }
        for (column, flag) in &wanted.flags {
            condition.and(&format!("{column} = {}", i64::from(*flag)));
        }
        if let Some(search) = &wanted.search {
            let mut any = Vec::new();
            // What begins with it: everything from it to before what can begin with it no longer.
            let (from, before) = (condition.text(&search.text), condition.text(&format!("{}\u{10ffff}", search.text)));
            // Those that there is an index of.
            let columns = if wanted.kind == RecordKind::Person { ["id", "sub_id"] } else { ["id", "account"] };
            for column in columns {
                any.push(format!("({column} >= {from} AND {column} < {before})"));
            }
            if search.personal {
                let hashes =
                    [("email_hash", email_hashes(&self.keys, &search.text)), ("phone_hash", phone_hashes(&self.keys, &search.text))];
                for (column, hashes) in hashes {
                    let hashes: Vec<String> = hashes.into_iter().map(|hash| condition.value(Value::Bytes(hash.to_vec()))).collect();
                    any.push(format!("{column} IN ({})", hashes.join(", ")));
                }
            }
            condition.and(&format!("({})", any.join(" OR ")));
        }
        condition
    }

    fn read_record(&self, affiliate: &str, kind: RecordKind, row: &AnyRow) -> Result<Row, StoreError> {
        let id: String = row.try_get("id")?;
        let sealed: Option<Vec<u8>> = row.try_get("personal")?;
        let personal = match sealed {
            // Under a key that is gone it is as good as forgotten: reading it from the CRM anew brings it back.
            Some(sealed) => match self.keys.open(&place(affiliate, kind, &id), &sealed) {
                Ok(plain) => serde_json::from_slice(&plain).map_err(|error| StoreError::Unreadable(error.to_string()))?,
                Err(_) => Personal::default(),
            },
            None => Personal::default(),
        };
        let flag = |name: &str| -> Result<bool, sqlx::Error> { Ok(row.try_get::<i64, _>(name)? == 1) };
        Ok(Row {
            at: row.try_get("at")?,
            stage: row.try_get("stage")?,
            status: row.try_get("status")?,
            kind: row.try_get("type")?,
            country: row.try_get("country")?,
            source: row.try_get("source")?,
            sub_id: row.try_get("sub_id")?,
            campaign: row.try_get("campaign")?,
            currency: row.try_get("currency")?,
            account: row.try_get("account")?,
            server: row.try_get("server")?,
            about: row.try_get("about")?,
            person: row.try_get("person")?,
            registered_at: row.try_get("registered_at")?,
            deposited_at: row.try_get("deposited_at")?,
            other_at: row.try_get("other_at")?,
            deposited: flag("deposited")?,
            is_fake: flag("is_fake")?,
            amount: row.try_get("amount")?,
            second: row.try_get("second")?,
            personal,
            id,
        })
    }
}

fn key(row: &AnyRow, column: &str) -> Result<Key, sqlx::Error> {
    if NUMBERS.contains(&column) { Ok(Key::Number(row.try_get(column)?)) } else { Ok(Key::Text(row.try_get(column)?)) }
}
