//! A small table whose rows are all there: in no order but the one they came in, and not asked of.

use latchkey_contract::partner::Column;
use web_sys::Element;

use super::cell::{self, Cells};
use crate::{
    browser::{dom::set, json::Json},
    dashboard::board::Board,
    partner::view::{node, words},
};

/// `label` is what the table is called; its columns are called by the texts `column.…`. Follows the zone.
pub(in crate::dashboard) fn plain(board: Board, label: &str, columns: &[Column], records: &[Json]) -> Element {
    let cells = Cells::new(board);
    let head = |column: &Column| {
        let name = board.say.text(&["column.", &column.name].concat());
        words("th", &[("scope", "col"), ("data-shape", cell::shape(column))], &name)
    };
    let row = |record: &Json| {
        let cell = |column: &Column| {
            let cell = node("td", &[("data-shape", cell::shape(column))], &[]);
            set(&cell, "dir", cell::direction(column));
            cells.of_record(&cell, column, record);
            cell
        };
        node("tr", &[], &columns.iter().map(cell).collect::<Vec<_>>())
    };
    let head = node("thead", &[], &[node("tr", &[], &columns.iter().map(head).collect::<Vec<_>>())]);
    let body = node("tbody", &[], &records.iter().map(row).collect::<Vec<_>>());
    let table = node("table", &[("part", "table plain")], &[head, body]);
    node("div", &[("part", "region plain"), ("role", "region"), ("tabindex", "0"), ("aria-label", label)], &[table])
}
