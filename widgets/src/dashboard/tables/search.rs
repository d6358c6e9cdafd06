//! Searching a table, and the days that it is about.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};

use super::sheet::{ALL_DAYS, Sheet};
use crate::{
    browser::{pause, task},
    partner::{
        controls::select,
        view::{follow, hears, node, words},
    },
};

/// So long after the last key it is asked.
const TYPING_MS: u32 = 300;

pub(super) fn search(sheet: Sheet) -> Element {
    let say = sheet.board.say;
    let (id, hint_id) = (sheet.id("search"), sheet.id("search-hint"));
    let attributes = [
        ("type", "search"),
        ("part", "input"),
        ("id", id.as_str()),
        ("aria-describedby", &hint_id),
        ("maxlength", "80"),
        ("autocomplete", "off"),
        ("spellcheck", "false"),
        ("dir", "auto"),
    ];
    let input = node("input", &attributes, &[]);
    let changes = StoredValue::new(0_u32);
    let asked = input.clone();
    // Not by the event: once it is over, it no longer tells what in a shadow tree it happened to.
    let ask = Rc::new(move || {
        changes.update_value(|changes| *changes += 1);
        let text = asked.unchecked_ref::<HtmlInputElement>().value().trim().to_owned();
        if sheet.search.with_untracked(|search| *search != text) {
            sheet.search.set(text);
        }
    });
    let ask_later = ask.clone();
    hears(&input, "input", move |_| {
        changes.update_value(|changes| *changes += 1);
        let (change, ask) = (changes.get_value(), ask_later.clone());
        task::start(async move {
            pause::milliseconds(TYPING_MS).await;
            if changes.try_get_value() == Some(change) {
                ask();
            }
        });
    });
    hears(&input, "keydown", move |event| {
        if event.unchecked_ref::<KeyboardEvent>().key() == "Enter" {
            ask();
        }
    });
    let shown = input.clone();
    // Taken back elsewhere; what is being typed stays.
    follow(Box::new(move || {
        let text = sheet.search.get();
        let input = shown.unchecked_ref::<HtmlInputElement>();
        if input.value().trim() != text {
            input.set_value(&text);
        }
    }));
    let hint = say.text(if sheet.is_personal { "search.personal" } else { "search.hint" });
    let label = words("label", &[("for", &id)], &say.text("search"));
    node("div", &[("part", "field search")], &[label, input, words("p", &[("part", "hint"), ("id", &hint_id)], &hint)])
}

/// Those of the dashboard's period, or all.
pub(super) fn days(sheet: Sheet) -> Element {
    let say = sheet.board.say;
    let options = move || vec![(String::new(), say.text("days.period")), (ALL_DAYS.to_owned(), say.text("days.all"))];
    select(&say.text("days"), &sheet.id("days"), sheet.span, options)
}
