//! Cells: what a value looks like, by its kind.

use latchkey_contract::partner::{Column, Kind};
use web_sys::Element;

use crate::{
    browser::{countries::Names, dom::set, json::Json},
    dashboard::board::Board,
    partner::{
        Say,
        format::Style,
        view::{fill, words},
    },
};

/// What cells are written with. Made once for many: the browser's names and zones take time.
pub(in crate::dashboard) struct Cells {
    say: Say,
    zone: String,
    names: Names,
    none: String,
}

impl Cells {
    /// Follows the zone where it is made.
    pub(in crate::dashboard) fn new(board: Board) -> Cells {
        let say = board.say;
        Cells { say, zone: board.period.zone(), names: Names::new(&say.locale()), none: say.text("cell.none") }
    }

    /// Puts a value into its cell; nothing where it is absent.
    pub(in crate::dashboard) fn fill(&self, cell: &Element, kind: Kind, text: Option<&str>, currency: &str) {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            cell.set_text_content(Some("–"));
            return set(cell, "aria-label", Some(&self.none));
        };
        if kind == Kind::State {
            return fill(cell, &[words("span", &[("part", "badge"), ("dir", "auto"), ("title", text)], text)]);
        }
        if matches!(kind, Kind::Text | Kind::Personal) {
            // May be longer than its column.
            set(cell, "title", Some(text));
        }
        cell.set_text_content(Some(&self.words(kind, text, currency)));
    }

    pub(in crate::dashboard) fn words(&self, kind: Kind, text: &str, currency: &str) -> String {
        match kind {
            Kind::Moment => self.say.moment(text, &self.zone),
            Kind::Money => self.say.money(text, currency),
            Kind::Number => self.say.decimal(Style::Number, text),
            Kind::Country => self.names.of(text),
            Kind::Flag => self.say.text(if text == "true" { "yes" } else { "no" }),
            Kind::Text | Kind::State | Kind::Personal => text.to_owned(),
        }
    }

    /// Puts a record's value of that column into its cell.
    pub(super) fn of_record(&self, cell: &Element, column: &Column, record: &Json) {
        self.fill(cell, column.kind, value(column, record).as_deref(), &currency(column, record));
    }
}

/// Which currency a value is in; empty where it is no money.
pub(super) fn currency(column: &Column, record: &Json) -> String {
    if column.kind == Kind::Money { record.text("currency").unwrap_or_default() } else { String::new() }
}

/// A record's value as text.
pub(super) fn value(column: &Column, record: &Json) -> Option<String> {
    match column.kind {
        Kind::Flag => record.has(&column.name).then(|| record.truth(&column.name).to_string()),
        _ => record.text(&column.name),
    }
}

/// The classes of cells that the styles know.
pub(super) fn shape(column: &Column) -> &'static str {
    match column.kind {
        Kind::Money | Kind::Number => "amount",
        Kind::Text if is_id(column) => "id",
        Kind::Moment => "moment",
        _ => "text",
    }
}

/// In which direction it is written, where that is not the page's.
pub(super) fn direction(column: &Column) -> Option<&'static str> {
    match column.kind {
        Kind::Text if is_id(column) => Some("ltr"),
        Kind::Text | Kind::Personal => Some("auto"),
        _ => None,
    }
}

fn is_id(column: &Column) -> bool {
    matches!(column.name.as_str(), "id" | "account" | "person" | "subId")
}

/// How wide its column is at least, in CSS pixels: rows come and go, and nothing moves.
pub(super) fn width(column: &Column) -> usize {
    match column.kind {
        Kind::Moment => 212,
        Kind::Personal => 200,
        Kind::Country => 160,
        Kind::Number | Kind::Flag => 112,
        Kind::Text | Kind::State | Kind::Money => 144,
    }
}
