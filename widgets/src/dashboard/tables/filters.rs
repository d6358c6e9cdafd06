//! Filtering a table by what its columns hold.

use latchkey_contract::partner::{Column, Kind};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{
    query::{MOST_VALUES, count, is_in, put, put_only, value_of},
    sheet::Sheet,
};
use crate::{
    browser::json::Json,
    partner::{
        controls::{select, value},
        view::{follow, hears, holds, is_shown, node, words},
    },
};

/// One control for each column that can be filtered by.
pub(super) fn filters(sheet: Sheet) -> Element {
    let all = sheet.all_columns();
    let controls: Vec<_> = all.into_iter().filter(|column| column.filter).map(|column| filter(sheet, column)).collect();
    node("div", &[("part", "filters")], &controls)
}

fn filter(sheet: Sheet, column: Column) -> Element {
    if column.kind == Kind::Flag {
        return flag(sheet, &column.name);
    }
    let place = node("div", &[], &[]);
    holds(&place, move || {
        let choices = sheet.choices(&column.name).map(|choices| choices.get()).unwrap_or_default();
        vec![if choices.is_empty() { exact(sheet, &column.name) } else { several(sheet, &column, choices) }]
    });
    place
}

/// Yes, no, or either.
fn flag(sheet: Sheet, name: &str) -> Element {
    let say = sheet.board.say;
    let chosen = RwSignal::new(String::new());
    let options =
        move || vec![(String::new(), say.text("filter.all")), ("true".to_owned(), say.text("yes")), ("false".to_owned(), say.text("no"))];
    let field = select(&sheet.column_name(name), &sheet.id(&["filter-", name].concat()), chosen, options);
    let known = name.to_owned();
    follow(Box::new(move || chosen.set(sheet.filters.with(|filters| value_of(filters, &known)))));
    let name = name.to_owned();
    hears(&field, "change", move |event| sheet.filters.update(|filters| put_only(filters, &name, &value(&event))));
    field
}

/// A value to type, where there are too many to list.
fn exact(sheet: Sheet, name: &str) -> Element {
    let id = sheet.id(&["filter-", name].concat());
    let attributes = [("part", "input"), ("id", id.as_str()), ("maxlength", "80"), ("autocomplete", "off"), ("dir", "auto")];
    let input = node("input", &attributes, &[]);
    let (shown, known) = (input.clone(), name.to_owned());
    follow(Box::new(move || {
        shown.unchecked_ref::<HtmlInputElement>().set_value(&sheet.filters.with(|filters| value_of(filters, &known)));
    }));
    let label = words("label", &[("for", &id)], &sheet.column_name(name));
    let name = name.to_owned();
    hears(&input, "change", move |event| sheet.filters.update(|filters| put_only(filters, &name, value(&event).trim())));
    let hint_id = [&id, "-hint"].concat();
    let _ = input.set_attribute("aria-describedby", &hint_id);
    let hint = words("p", &[("part", "hint"), ("id", &hint_id)], &sheet.board.say.text("filter.exact"));
    node("div", &[("part", "field")], &[label, input, hint])
}

/// A box to check for each value.
fn several(sheet: Sheet, column: &Column, choices: Vec<String>) -> Element {
    let (name, kind) = (&column.name, column.kind);
    let choice = |value: String| {
        let input = node("input", &[("type", "checkbox"), ("name", name), ("value", &value)], &[]);
        let text = words("span", &[("dir", "auto")], &sheet.value_name(kind, &value));
        let (shown, known, of) = (input.clone(), value.clone(), name.clone());
        follow(Box::new(move || {
            let (is_chosen, is_full) = sheet.filters.with(|filters| (is_in(filters, &of, &known), count(filters) >= MOST_VALUES));
            let input = shown.unchecked_ref::<HtmlInputElement>();
            input.set_checked(is_chosen);
            input.set_disabled(is_full && !is_chosen);
        }));
        let name = name.clone();
        hears(&input, "change", move |event| {
            let is_wanted = Json::new(event.target().into()).truth("checked");
            sheet.filters.update(|filters| put(filters, &name, &value, is_wanted));
        });
        node("label", &[("part", "choice")], &[input, text])
    };
    let boxes: Vec<_> = choices.into_iter().map(choice).collect();
    let legend = words("legend", &[], &sheet.column_name(name));
    node("fieldset", &[("part", "filter")], &[legend, node("div", &[("part", "values")], &boxes)])
}

/// What is filtered by, each to take back. `back` has the focus then: what had it is gone.
pub(super) fn chips(sheet: Sheet, back: &Element) -> Element {
    let say = sheet.board.say;
    let list = node("ul", &[("part", "chips"), ("aria-label", &say.text("filters.active"))], &[]);
    let back = back.clone();
    holds(&list, move || {
        let columns = sheet.all_columns();
        let mut chips = Vec::new();
        sheet.filters.with(|filters| {
            for (name, values) in filters {
                let Some(column) = columns.iter().find(|column| column.name == *name) else { continue };
                chips.extend(values.iter().map(|value| chip(sheet, column, value.clone(), &back)));
            }
        });
        if !chips.is_empty() {
            let clear = words("button", &[("type", "button"), ("part", "link")], &say.text("filters.clear"));
            let back = back.clone();
            hears(&clear, "click", move |_| {
                sheet.filters.set(Vec::new());
                focus(&back);
            });
            chips.push(node("li", &[], &[clear]));
        }
        chips
    });
    is_shown(&list, move || !sheet.filters.with(Vec::is_empty));
    list
}

fn chip(sheet: Sheet, column: &Column, value: String, back: &Element) -> Element {
    let text = [sheet.column_name(&column.name), sheet.value_name(column.kind, &value)].join(": ");
    let label = sheet.board.say.filled("filter.remove", &[("filter", &text)]);
    let sign = words("span", &[("aria-hidden", "true")], "×");
    let chip = node("button", &[("type", "button"), ("part", "chip"), ("aria-label", &label)], &[words("bdi", &[], &text), sign]);
    let (name, back) = (column.name.clone(), back.clone());
    hears(&chip, "click", move |_| {
        sheet.filters.update(|filters| put(filters, &name, &value, false));
        focus(&back);
    });
    node("li", &[], &[chip])
}

fn focus(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}
