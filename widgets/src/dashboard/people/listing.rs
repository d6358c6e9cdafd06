//! A small table of texts and numbers, all of which is there.

use web_sys::Element;

use crate::{
    browser::dom::set,
    partner::view::{fill, node, words},
};

/// `part` tells how its cells are read; `groups` are a body of rows, and a foot where there is one.
pub(super) fn listing(part: &str, label: &str, heads: &[String], groups: &[Element]) -> Element {
    let heads: Vec<_> = heads.iter().map(|head| words("th", &[("scope", "col"), ("dir", "auto")], head)).collect();
    let head = node("thead", &[], &[node("tr", &[("part", "listing-row")], &heads)]);
    let table = node("table", &[("part", &["listing ", part].concat())], &[head]);
    fill(&table, groups);
    node("div", &[("part", "listing-region"), ("role", "region"), ("tabindex", "0"), ("aria-label", label)], &[table])
}

/// A row that begins with what it is of.
pub(super) fn row(cells: &[String]) -> Element {
    let cell = |(at, text): (usize, &String)| {
        let cell = if at == 0 { words("th", &[("scope", "row")], text) } else { words("td", &[], text) };
        set(&cell, "dir", Some("auto"));
        cell
    };
    let cells: Vec<_> = cells.iter().enumerate().map(cell).collect();
    node("tr", &[("part", "listing-row")], &cells)
}
