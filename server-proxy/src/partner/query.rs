//! A table's parameters: page, order, days, filters, search. What is unknown or cannot be is refused, with its name.

use jiff::Timestamp;
use latchkey_contract::{
    FieldError,
    partner::{MOST_ROWS, Table},
};
use serde::{Deserialize, Serialize};

use super::{
    Partners, Refusal,
    columns::{self, Spec},
    period::{Days, Period},
    tokens::Asker,
};
use crate::{
    crm::{Offers, RecordKind},
    store::{Key, Order, Search, Wanted},
};

const USUAL_ROWS: u32 = 50;
/// The longest search, and the longest value of a filter, in bytes.
const LONGEST: usize = 200;
/// Values of all filters together.
const MOST_VALUES: usize = 50;

/// What is asked of a table.
pub(super) struct Asked {
    pub(super) wanted: Wanted,
    pub(super) specs: Vec<&'static Spec>,
    pub(super) limit: u32,
    pub(super) after: Option<Vec<Key>>,
    pub(super) choices: bool,
    /// What binds a cursor to its order.
    order: String,
}

/// Where the next page begins.
#[derive(Serialize, Deserialize)]
struct Cursor {
    order: String,
    after: Vec<Key>,
}

impl Partners {
    /// Reads a table's parameters, of which a name may come more than once.
    pub(super) fn read_query(
        &self,
        asker: &Asker,
        table: Table,
        offers: &'static Offers,
        query: &[(String, String)],
        now: Timestamp,
    ) -> Result<Asked, Refusal> {
        let specs = columns::of(table, offers).ok_or(Refusal::NotOffered)?;
        let mut errors = Vec::new();
        let mut refuse = |field: &str, code: &str, message: &str| {
            errors.push(FieldError { field: field.to_owned(), code: code.to_owned(), message: message.to_owned() });
        };
        let (mut limit, mut cursor, mut sort, mut choices, mut search) = (USUAL_ROWS, None, None, false, None);
        let mut days = Days::default();
        let mut one_of: Vec<(&'static str, Vec<String>)> = Vec::new();
        let mut flags: Vec<(&'static str, bool)> = Vec::new();
        for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
            if value.len() > LONGEST && name != "cursor" {
                refuse(name, "length", "is too long");
                continue;
            }
            match name.as_str() {
                "limit" => match value.parse::<u32>() {
                    Ok(rows) if (1..=MOST_ROWS).contains(&rows) => limit = rows,
                    _ => refuse(name, "range", "has to be a number from 1 to 500"),
                },
                "cursor" => cursor = Some(value.as_str()),
                "sort" => sort = Some(value.as_str()),
                "from" => days.from = Some(value),
                "to" => days.to = Some(value),
                "tz" => days.tz = Some(value),
                "search" => search = Some(value.clone()),
                "choices" => choices = value == "true",
                filter => match specs.iter().find(|spec| spec.name == filter).and_then(|spec| Some((spec, spec.filter?))) {
                    None => refuse(name, "unknown_field", "is no parameter of this table"),
                    Some((spec, column)) if spec.kind == latchkey_contract::partner::Kind::Flag => match value.as_str() {
                        "true" => flags.push((column, true)),
                        "false" => flags.push((column, false)),
                        _ => refuse(name, "type", "has to be true or false"),
                    },
                    Some((_, column)) => match one_of.iter_mut().find(|(known, _)| *known == column) {
                        Some((_, values)) => values.push(value.clone()),
                        None => one_of.push((column, vec![value.clone()])),
                    },
                },
            }
        }
        if one_of.iter().map(|(_, values)| values.len()).sum::<usize>() > MOST_VALUES {
            refuse("", "range", "too many values to filter by");
        }
        let date = specs.iter().find(|spec| spec.name == table.date()).ok_or(Refusal::NotOffered)?;
        let (order_by, descending) = match sort {
            None => (date.name, true),
            Some(sort) => sort.strip_prefix('-').map_or((sort, false), |name| (name, true)),
        };
        let columns = specs.iter().find(|spec| spec.name == order_by).map(|spec| spec.sort).filter(|columns| !columns.is_empty());
        if columns.is_none() {
            refuse("sort", "option", "is no column that this table is sorted by");
        }
        if !errors.is_empty() {
            return Err(Refusal::Invalid(errors));
        }
        let range = match days.are_given() {
            true => {
                let (from, before) = Period::read(days, now)?.bounds()?;
                Some((date.sort[0], from, before))
            }
            false => None,
        };
        let wanted = Wanted {
            affiliate: asker.shown().mirror_key(),
            kind: RecordKind::of(table),
            customers: table == Table::Registrations,
            range,
            one_of,
            flags,
            search: search.map(|text| Search { text, personal: asker.is_personal() }),
            order: Order { columns: columns.unwrap_or_default(), descending },
        };
        let order = format!("{} {order_by} {descending}", table.as_str());
        let after = cursor.map(|cursor| self.open_cursor(&wanted.affiliate, &order, cursor)).transpose()?;
        Ok(Asked { wanted, specs, limit, after, choices, order })
    }

    /// Sealed, since it holds a row's values, and whose it is.
    pub(super) fn cursor(&self, asked: &Asked, after: Vec<Key>) -> Option<String> {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let plain = serde_json::to_vec(&Cursor { order: asked.order.clone(), after }).ok()?;
        Some(URL_SAFE_NO_PAD.encode(self.keys.seal(&format!("cursor/{}", asked.wanted.affiliate), &plain)))
    }

    fn open_cursor(&self, affiliate: &str, order: &str, cursor: &str) -> Result<Vec<Key>, Refusal> {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let sealed = URL_SAFE_NO_PAD.decode(cursor).ok();
        let plain = sealed.and_then(|sealed| self.keys.open(&format!("cursor/{affiliate}"), &sealed).ok());
        let cursor = plain.and_then(|plain| serde_json::from_slice::<Cursor>(&plain).ok()).filter(|cursor| cursor.order == order);
        cursor.map(|cursor| cursor.after).ok_or_else(|| Refusal::invalid("cursor", "option", "is no cursor of this list"))
    }
}
