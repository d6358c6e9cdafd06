//! The head of a table: what its columns are called, and putting the rows in order by one.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{cell, query::next_sort, sheet::Sheet};
use crate::partner::view::{fill, has, hears, holds, node, says, words};

/// `table` becomes as wide as its columns want.
pub(super) fn head(sheet: Sheet, table: &Element) -> Element {
    let row = node("tr", &[("aria-rowindex", "1")], &[]);
    let table = table.clone();
    holds(&row, move || {
        let columns = sheet.columns();
        let wide: usize = columns.iter().map(cell::width).sum();
        set_pixels(&table, "min-width", wide);
        let one = |column| {
            let head = node("th", &[("scope", "col"), ("data-shape", cell::shape(column))], &[]);
            set_pixels(&head, "width", cell::width(column));
            let name = sheet.column_name(&column.name);
            match column.sort {
                true => fill(&head, &[sorter(sheet, &head, column.name.clone(), &name)]),
                false => head.set_text_content(Some(&name)),
            }
            head
        };
        columns.iter().map(one).collect()
    });
    node("thead", &[], &[row])
}

/// By its property: an attribute would be refused by a strict policy.
pub(super) fn set_pixels(element: &Element, property: &str, pixels: usize) {
    let _ = element.unchecked_ref::<HtmlElement>().style().set_property(property, &[&pixels.to_string(), "px"].concat());
}

fn sorter(sheet: Sheet, head: &Element, column: String, name: &str) -> Element {
    let known = column.clone();
    has(head, "aria-sort", move || order(sheet, &known).map(str::to_owned));
    let sorter = words("button", &[("type", "button"), ("part", "sorter")], name);
    hears(&sorter, "click", move |_| {
        let next = sheet.sort.with_untracked(|sort| next_sort(sort.as_ref(), sheet.table.date(), &column));
        sheet.sort.set(Some(next));
    });
    sorter
}

/// As `aria-sort` has it.
fn order(sheet: Sheet, column: &str) -> Option<&'static str> {
    sheet.sort.with(|sort| {
        let (name, is_descending) =
            sort.as_ref().map_or((sheet.table.date(), true), |(name, is_descending)| (name.as_str(), *is_descending));
        (name == column).then_some(if is_descending { "descending" } else { "ascending" })
    })
}

/// Says the order once it is chosen; not seen.
pub(super) fn said(sheet: Sheet) -> Element {
    let said = node("p", &[("part", "said"), ("role", "status")], &[]);
    says(&said, move || {
        let Some((name, is_descending)) = sheet.sort.get() else { return String::new() };
        let key = if is_descending { "sorted.descending" } else { "sorted.ascending" };
        sheet.board.say.filled(key, &[("column", &sheet.column_name(&name))])
    });
    said
}
