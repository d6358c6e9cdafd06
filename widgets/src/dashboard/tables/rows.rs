//! The rows, of which those alone are there that can be seen. One that stays in sight stays as it is while others come and go.

use std::cell::RefCell;

use latchkey_contract::partner::Column;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    cell::{self, Cells},
    head::{head, set_pixels},
    load,
    sheet::Sheet,
};
use crate::{
    browser::{
        dom::{focused, set},
        json,
    },
    dashboard::panels::Place,
    partner::view::{fill, follow, has, hears, is_shown, node, words},
};

/// A row's height in CSS pixels, as the styles have it.
const ROW: usize = 44;
/// How many rows are there at once: a few more than the region shows, since a quick movement makes all of them anew within a frame.
const SHOWN: usize = 24;
/// How many of them stand above what can be seen.
const ABOVE: usize = 4;
/// They change in steps, so that a small movement changes nothing.
const STEP: usize = 4;

/// The rows that are there.
#[derive(Default)]
struct Window {
    /// What they are made with; others are made where it changes.
    look: Option<Look>,
    rows: Vec<(usize, Element)>,
}

struct Look {
    edition: u32,
    zone: String,
    columns: Vec<Column>,
    /// A row without its values: to copy it takes a browser less time than to make another.
    empty: Element,
    cells: Cells,
    /// Whether a row opens.
    opens: bool,
}

/// `open` is told the id of a row that is opened; without it none opens.
pub(super) fn rows(sheet: Sheet, place: Place, open: Option<Box<dyn Fn(String)>>) -> Element {
    let (say, pages) = (sheet.board.say, sheet.pages);
    let first = RwSignal::new(0_usize);
    let (above, below) = (gap(), gap());
    let body = node("tbody", &[], &[above.clone(), below.clone()]);
    let table = node("table", &[("part", "table")], &[]);
    fill(&table, &[head(sheet, &table), body.clone()]);
    has(&table, "aria-rowcount", move || Some((pages.total.get() + 1).to_string()));
    let label = say.text(&["table.", sheet.table.as_str()].concat());
    let region = node("div", &[("part", "region"), ("role", "region"), ("tabindex", "0"), ("aria-label", &label)], &[table]);
    is_shown(&region, move || pages.count.get() > 0);

    let (window, opens, around) = (RefCell::new(Window::default()), open.is_some(), region.clone());
    follow(Box::new(move || {
        let (edition, zone, columns) = (pages.edition.get(), sheet.board.period.zone(), sheet.columns());
        let count = pages.count.get();
        let from = first.get().min(count.saturating_sub(1) / STEP * STEP);
        let to = (from + SHOWN).min(count);
        let mut window = window.borrow_mut();
        let is_same = |look: &Look| look.edition == edition && look.zone == zone && look.columns == columns;
        let held = window.held(&around);
        if !window.look.as_ref().is_some_and(is_same) {
            window.keep(0, 0);
            window.look = Some(Look { edition, zone, empty: empty(&columns), columns, cells: Cells::new(sheet.board), opens });
        }
        window.keep(from, to);
        window.show(sheet, from, to, &above, &below);
        set_pixels(&above, "height", from * ROW);
        set_pixels(&below, "height", (count - to) * ROW);
        window.hold(held, &around);
        pages.reached.set_value(to);
        untrack(|| load::more(sheet));
    }));

    let (scrolled, top) = (region.clone(), StoredValue::new(0));
    hears(&region, "scroll", move |_| {
        top.set_value(scrolled.scroll_top());
        let from = (top.get_value().max(0) as usize / ROW).saturating_sub(ABOVE) / STEP * STEP;
        if first.get_untracked() != from {
            first.set(from);
        }
    });
    if let Some(open) = open {
        // One for all rows: they come and go.
        hears(&body, "click", move |event| {
            let button = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("[data-id]").ok()?);
            if let Some(id) = button.and_then(|button| button.get_attribute("data-id")) {
                open(id);
            }
        });
    }
    // A browser may forget how far what it does not show is scrolled.
    let again = region.clone();
    follow(Box::new(move || {
        if place.is_shown() {
            again.set_scroll_top(top.get_value());
        }
    }));
    // Other rows are read from their beginning.
    let begun = region.clone();
    follow(Box::new(move || {
        sheet.query();
        begun.set_scroll_top(0);
        top.set_value(0);
        first.set(0);
        pages.reached.set_value(0);
    }));
    region
}

/// In the place of rows that are not there.
fn gap() -> Element {
    node("tr", &[("part", "gap"), ("aria-hidden", "true")], &[])
}

impl Window {
    /// Takes off all rows but these.
    fn keep(&mut self, from: usize, to: usize) {
        self.rows.retain(|(at, row)| {
            let stays = (from..to).contains(at);
            if !stays {
                row.remove();
            }
            stays
        });
    }

    /// Puts in those that are missing: before the first one that stayed, and after the last.
    fn show(&mut self, sheet: Sheet, from: usize, to: usize, above: &Element, below: &Element) {
        let Some(look) = &self.look else { return };
        let begin = self.rows.first().map_or(to, |(at, _)| *at);
        let end = self.rows.last().map_or(to, |(at, _)| at + 1);
        let make = |at: usize| (at, look.row(sheet, at));
        let before: Vec<_> = (from..begin).map(make).collect();
        let after: Vec<_> = (end..to).map(make).collect();
        let mut last = above.clone();
        for (_, row) in &before {
            let _ = last.after_with_node_1(row);
            last = row.clone();
        }
        for (_, row) in &after {
            let _ = below.before_with_node_1(row);
        }
        self.rows.splice(0..0, before);
        self.rows.extend(after);
    }

    /// The id of the row that has the focus.
    fn held(&self, region: &Element) -> Option<String> {
        let focused = focused(region)?;
        self.rows.iter().any(|(_, row)| row.contains(Some(&focused))).then(|| focused.get_attribute("data-id")).flatten()
    }

    /// Gives it the focus again; the region, where it is gone.
    fn hold(&self, held: Option<String>, region: &Element) {
        let Some(held) = held else { return };
        let button = |row: &Element| row.query_selector("[data-id]").ok().flatten();
        let mut buttons = self.rows.iter().filter_map(|(_, row)| button(row));
        let holder = buttons.find(|button| button.get_attribute("data-id").as_ref() == Some(&held)).unwrap_or_else(|| region.clone());
        if focused(region).as_ref() != Some(&holder) {
            // The page stays where it is.
            let options = json::object([("preventScroll", true.into())]);
            let _ = holder.unchecked_ref::<HtmlElement>().focus_with_options(options.unchecked_ref());
        }
    }
}

/// A row of these columns.
fn empty(columns: &[Column]) -> Element {
    let row = node("tr", &[], &[]);
    for (index, column) in columns.iter().enumerate() {
        let cell = node(if index == 0 { "th" } else { "td" }, &[("data-shape", cell::shape(column))], &[]);
        set(&cell, "dir", cell::direction(column));
        if index == 0 {
            set(&cell, "scope", Some("row"));
        }
        fill(&row, &[cell]);
    }
    row
}

impl Look {
    fn row(&self, sheet: Sheet, at: usize) -> Element {
        let record = sheet.pages.row(at);
        // Every element can be copied.
        let row = self.empty.clone_node_with_deep(true).map_or_else(|_| empty(&self.columns), JsCast::unchecked_into::<Element>);
        let _ = row.set_attribute("aria-rowindex", &(at + 2).to_string());
        let mut next = row.first_element_child();
        for (index, column) in self.columns.iter().enumerate() {
            let Some(cell) = next else { break };
            match (index == 0 && self.opens).then(|| record.text("id")).flatten() {
                Some(id) => {
                    let text = cell::value(column, &record)
                        .map(|text| self.cells.words(column.kind, &text, &cell::currency(column, &record)))
                        .filter(|text| !text.is_empty());
                    let text = text.as_ref().unwrap_or(&id);
                    fill(
                        &cell,
                        &[words("button", &[("type", "button"), ("part", "open"), ("data-id", &id), ("aria-haspopup", "dialog")], text)],
                    );
                }
                None => self.cells.of_record(&cell, column, &record),
            }
            next = cell.next_element_sibling();
        }
        row
    }
}
