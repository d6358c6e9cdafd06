//! The tables: people, transactions, positions, commissions, payouts. One element shows each of them, whatever its columns.
//!
//! A [`sheet::Sheet`] is what a table's parts hand around. What is asked is put together in [`query`]; [`load`] asks it, page by page, and
//! [`pages`] keeps what came; [`rows`] shows those that are in sight.

pub(super) mod cell;
mod columns;
mod detail;
mod export;
mod filters;
mod head;
mod load;
mod pages;
pub(super) mod plain;
mod query;
mod rows;
mod search;
mod sheet;

use latchkey_contract::partner::{Capabilities, TableView};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use self::{
    export::Export,
    pages::MOST,
    sheet::{ALL_DAYS, Sheet},
};
use super::{board::Board, frame::framed, panels::Place};
use crate::partner::{
    controls::{alert, button, told},
    view::{has, hears, holds, is_shown, node, says, words},
};

pub(super) fn table(board: Board, offer: &Capabilities, view: &TableView, place: Place) -> Element {
    let sheet = Sheet::new(board, offer, view);
    let (say, pages) = (board.say, sheet.pages);
    load::keep_up(sheet, place);
    let (dialog, open) = match detail::opens(view.table) {
        true => {
            let (dialog, detail) = detail::detail(sheet, offer);
            (Some(dialog), Some(Box::new(move |id| detail.open(id)) as Box<dyn Fn(String)>))
        }
        false => (None, None),
    };
    let export = Export::new(sheet);
    let unfolded = RwSignal::new("");
    let has_filters = view.columns.iter().any(|column| column.filter);
    let filters = unfolds(sheet, "filters", unfolded, filters::filters(sheet));
    let columns = unfolds(sheet, "columns", unfolded, columns::chooser(sheet));
    let filters_button = filters.0.clone();
    says(&filters_button, move || match sheet.filters.with(query::count) {
        0 => say.text("filters"),
        count => say.counted("filters.count", count),
    });
    let chips = filters::chips(sheet, &filters_button);
    if !has_filters {
        let _ = filters_button.set_attribute("hidden", "");
    }
    let tools = node("div", &[("part", "actions")], &[filters_button, columns.0, export.button()]);
    let toolbar = node("div", &[("part", "toolbar")], &[search::search(sheet), search::days(sheet), tools]);

    let count = node("p", &[("part", "count"), ("role", "status")], &[]);
    says(&count, move || match pages.edition.get() {
        0 => String::new(),
        _ => say.counted("rows", pages.total.get()),
    });
    let content = node("div", &[("part", "rows")], &[count, rows::rows(sheet, place, open), tail(sheet), empty(sheet, &toolbar)]);
    let content = framed(board, sheet.course, "of-table", &content);
    let mut parts = vec![toolbar, filters.1, columns.1, chips, export.progress(), head::said(sheet), content];
    parts.extend(dialog);
    // No landmark: the panel that it stands in has its name, and so have its rows.
    node("div", &[("part", "sheet")], &parts)
}

/// A button, and what it shows under the toolbar. One of them at a time.
fn unfolds(sheet: Sheet, name: &'static str, unfolded: RwSignal<&'static str>, content: Element) -> (Element, Element) {
    let id = sheet.id(name);
    let is_unfolded = move || unfolded.get() == name;
    let toggle =
        words("button", &[("type", "button"), ("part", "button quiet toggle"), ("aria-controls", &id)], &sheet.board.say.text(name));
    has(&toggle, "aria-expanded", move || Some(is_unfolded().to_string()));
    hears(&toggle, "click", move |_| unfolded.set(if untrack(is_unfolded) { "" } else { name }));
    let panel = node("div", &[("part", "unfolded"), ("id", &id)], &[content]);
    is_shown(&panel, is_unfolded);
    (toggle, panel)
}

/// Under the rows: why no more of them came, or that there are more than can be kept.
fn tail(sheet: Sheet) -> Element {
    let (say, pages) = (sheet.board.say, sheet.pages);
    let tail = node("div", &[("part", "tail")], &[]);
    holds(&tail, move || match pages.failure.get() {
        Some(failure) => {
            let again = button(say, "again", "link", move || {
                pages.failure.set(None);
                load::more(sheet);
            });
            vec![node("div", &[("part", "note")], &[alert(&say.text(told(&failure))), again])]
        }
        None if pages.count.get() >= MOST && pages.total.get() > MOST => {
            vec![words("p", &[("part", "note"), ("role", "status")], &say.counted("rows.most", MOST))]
        }
        None => Vec::new(),
    });
    tail
}

/// In the place of the rows, where there are none: why, and a way on.
fn empty(sheet: Sheet, toolbar: &Element) -> Element {
    let say = sheet.board.say;
    let toolbar = toolbar.clone();
    // The focus goes to what is still there: the search.
    let way_on = move |key: &str, act: fn(Sheet)| {
        let toolbar = toolbar.clone();
        button(say, key, "button quiet", move || {
            act(sheet);
            if let Ok(Some(search)) = toolbar.query_selector("input") {
                let _ = search.unchecked_ref::<HtmlElement>().focus();
            }
        })
    };
    let empty = node("div", &[("part", "empty")], &[]);
    holds(&empty, move || {
        let text = |key: &str| words("p", &[("part", "none")], &say.text(key));
        if sheet.is_narrowed() {
            return vec![text("rows.none"), way_on("filters.clear", Sheet::clear)];
        }
        match sheet.span.with(|span| span == ALL_DAYS) {
            true => vec![text("rows.none.yet")],
            false => vec![text("rows.none.period"), way_on("days.all.show", |sheet| sheet.span.set(ALL_DAYS.to_owned()))],
        }
    });
    is_shown(&empty, move || sheet.pages.edition.get() > 0 && sheet.pages.count.get() == 0);
    empty
}
