//! The tables' columns: what they are called, where they stand in the mirror, and how a row's cell is made.

use jiff::Timestamp;
use latchkey_contract::partner::{Cell, Column, Kind, Record, Table};

use super::{mask, tokens::seconds};
use crate::{crm::Offers, store::Row};

/// A column.
pub(super) struct Spec {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What it is sorted by, of which the mirror has an index; nothing where it is not.
    pub(super) sort: &'static [&'static str],
    pub(super) filter: Option<&'static str>,
    cell: fn(&Row, bool) -> Option<Cell>,
}

fn text(text: &str) -> Option<Cell> {
    (!text.is_empty()).then(|| Cell::Text(text.to_owned()))
}

fn moment(at: i64) -> Option<Cell> {
    (at != 0).then(|| Timestamp::from_millisecond(at).ok()).flatten().map(|at| Cell::Text(seconds(at)))
}

fn personal(text: Option<&str>, is_shown: bool, mask: fn(&str) -> String) -> Option<Cell> {
    text.filter(|text| !text.is_empty()).map(|text| Cell::Text(if is_shown { text.to_owned() } else { mask(text) }))
}

type Made = fn(&Row, bool) -> Option<Cell>;

const fn spec(name: &'static str, kind: Kind, sort: &'static [&'static str], filter: Option<&'static str>, cell: Made) -> Spec {
    Spec { name, kind, sort, filter, cell }
}

const ID: Spec = spec("id", Kind::Text, &["id"], None, |row, _| text(&row.id));
const CREATED: Spec = spec("created", Kind::Moment, &["at"], None, |row, _| moment(row.at));
const STAGE: Spec = spec("stage", Kind::State, &[], Some("stage"), |row, _| text(&row.stage));
const STATUS: Spec = spec("status", Kind::State, &["status"], Some("status"), |row, _| text(&row.status));
const COUNTRY: Spec = spec("country", Kind::Country, &["country"], Some("country"), |row, _| text(&row.country));
const SOURCE: Spec = spec("source", Kind::Text, &["source"], Some("source"), |row, _| text(&row.source));
const SUB_ID: Spec = spec("subId", Kind::Text, &["sub_id"], Some("sub_id"), |row, _| text(&row.sub_id));
const CAMPAIGN: Spec = spec("campaign", Kind::Text, &["campaign"], Some("campaign"), |row, _| text(&row.campaign));
const NAME: Spec = spec("name", Kind::Personal, &[], None, |row, shown| personal(row.personal.name.as_deref(), shown, mask::name));
const EMAIL: Spec = spec("email", Kind::Personal, &[], None, |row, shown| personal(row.personal.email.as_deref(), shown, mask::email));
const PHONE: Spec = spec("phone", Kind::Personal, &[], None, |row, shown| personal(row.personal.phone.as_deref(), shown, mask::phone));
const REGISTERED: Spec = spec("registered", Kind::Moment, &["registered_at"], None, |row, _| moment(row.registered_at));
const FIRST_DEPOSIT: Spec = spec("firstDeposit", Kind::Moment, &["deposited_at"], None, |row, _| moment(row.deposited_at));
const DEPOSITED: Spec = spec("deposited", Kind::Flag, &[], Some("deposited"), |row, _| Some(Cell::Flag(row.deposited)));
const TOTAL: Spec = spec("total", Kind::Money, &["amount_whole", "amount_part"], None, |row, _| text(&row.amount));
const CURRENCY: Spec = spec("currency", Kind::State, &[], Some("currency"), |row, _| text(&row.currency));
const DATE: Spec = spec("date", Kind::Moment, &["at"], None, |row, _| moment(row.at));
const TYPE: Spec = spec("type", Kind::State, &["type"], Some("type"), |row, _| text(&row.kind));
const AMOUNT: Spec = spec("amount", Kind::Money, &["amount_whole", "amount_part"], None, |row, _| text(&row.amount));
const FAKE: Spec = spec("fake", Kind::Flag, &[], Some("is_fake"), |row, _| Some(Cell::Flag(row.is_fake)));
const ACCOUNT: Spec = spec("account", Kind::Text, &[], Some("account"), |row, _| text(&row.account));
const SERVER: Spec = spec("server", Kind::State, &[], Some("server"), |row, _| text(&row.server));
const PERSON: Spec = spec("person", Kind::Text, &["person"], Some("person"), |row, _| text(&row.person));
const STATE: Spec = spec("state", Kind::State, &["status"], Some("status"), |row, _| text(&row.status));

const PEOPLE: &[Spec] = &[
    ID,
    CREATED,
    STAGE,
    STATUS,
    COUNTRY,
    SOURCE,
    SUB_ID,
    CAMPAIGN,
    NAME,
    EMAIL,
    PHONE,
    REGISTERED,
    FIRST_DEPOSIT,
    DEPOSITED,
    TOTAL,
    CURRENCY,
];
const TRANSACTIONS: &[Spec] = &[
    ID,
    DATE,
    TYPE,
    AMOUNT,
    CURRENCY,
    FAKE,
    STATUS,
    spec("comment", Kind::Text, &[], None, |row, _| text(&row.about)),
    ACCOUNT,
    SERVER,
    PERSON,
];
const POSITIONS: &[Spec] = &[
    ID,
    spec("closed", Kind::Moment, &["at"], None, |row, _| moment(row.at)),
    spec("opened", Kind::Moment, &["other_at"], None, |row, _| moment(row.other_at)),
    spec("symbol", Kind::Text, &[], Some("about"), |row, _| text(&row.about)),
    spec("volume", Kind::Number, &["second_whole", "second_part"], None, |row, _| text(&row.second)),
    spec("profit", Kind::Money, &["amount_whole", "amount_part"], None, |row, _| text(&row.amount)),
    CURRENCY,
    SERVER,
    ACCOUNT,
    PERSON,
];
const COMMISSIONS: &[Spec] = &[
    ID,
    DATE,
    TYPE,
    STATE,
    AMOUNT,
    spec("corrected", Kind::Money, &["second_whole", "second_part"], None, |row, _| text(&row.second)),
    CURRENCY,
    spec("action", Kind::State, &[], Some("about"), |row, _| text(&row.about)),
    spec("paid", Kind::Moment, &["other_at"], None, |row, _| moment(row.other_at)),
    PERSON,
    NAME,
];
const PAYOUTS: &[Spec] = &[
    ID,
    spec("requested", Kind::Moment, &["at"], None, |row, _| moment(row.at)),
    STATE,
    spec("decided", Kind::Moment, &["other_at"], None, |row, _| moment(row.other_at)),
    AMOUNT,
    CURRENCY,
    spec("reason", Kind::Text, &[], None, |row, _| text(&row.about)),
];

/// A table's columns that a CRM fills: its id, and those that are offered, in the order in which they are offered. `None` where it is not.
pub(super) fn of(table: Table, offers: &Offers) -> Option<Vec<&'static Spec>> {
    let (_, names) = offers.tables.iter().find(|(known, _)| *known == table)?;
    let all = match table {
        Table::Leads | Table::Registrations => PEOPLE,
        Table::Transactions => TRANSACTIONS,
        Table::Positions => POSITIONS,
        Table::Commissions => COMMISSIONS,
        Table::Payouts => PAYOUTS,
    };
    Some(["id"].iter().chain(*names).filter_map(|name| all.iter().find(|spec| spec.name == *name)).collect())
}

impl Spec {
    pub(super) fn column(&self) -> Column {
        Column { name: self.name.to_owned(), kind: self.kind, sort: !self.sort.is_empty(), filter: self.filter.is_some() }
    }

    /// The row's cell; what is personal is masked unless it may be shown.
    pub(super) fn cell(&self, row: &Row, is_personal: bool) -> Option<Cell> {
        (self.cell)(row, is_personal)
    }
}

pub(super) fn record(specs: &[&Spec], row: &Row, is_personal: bool) -> Record {
    specs.iter().filter_map(|spec| Some((spec.name.to_owned(), spec.cell(row, is_personal)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::every_offer;

    #[test]
    fn what_is_offered_is_known() {
        for offers in every_offer() {
            for (table, names) in offers.tables {
                let columns = of(*table, offers).expect("it is offered");
                assert_eq!(columns.len(), names.len() + 1, "{table:?} {names:?}");
                let date = columns.iter().find(|spec| spec.name == table.date()).expect("its date");
                assert!(date.kind == Kind::Moment && !date.sort.is_empty());
            }
        }
    }
}
