//! Controls that belong to no one element.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement};

use super::{
    Failure, Say,
    view::{follow, hears, node, words},
};

pub(crate) fn alert(text: &str) -> Element {
    words("p", &[("part", "error"), ("role", "alert")], text)
}

pub(crate) fn button(say: Say, key: &str, part: &str, act: impl Fn() + 'static) -> Element {
    let button = words("button", &[("type", "button"), ("part", part)], &say.text(key));
    hears(&button, "click", move |_| act());
    button
}

/// A list to choose from; each a value and its words.
pub(crate) fn select(label: &str, id: &str, chosen: RwSignal<String>, options: impl Fn() -> Vec<(String, String)> + 'static) -> Element {
    select_boxed(label, id, chosen, Box::new(options))
}

fn select_boxed(label: &str, id: &str, chosen: RwSignal<String>, options: Box<dyn Fn() -> Vec<(String, String)>>) -> Element {
    let select = node("select", &[("part", "input"), ("id", id)], &[]);
    let option = |(value, text): &(String, String)| words("option", &[("value", value)], text);
    let (shown, known) = (select.clone(), RefCell::new(Vec::new()));
    follow(Box::new(move || {
        let options = options();
        // An open list stays as it is while nothing changes.
        if *known.borrow() != options {
            shown.set_text_content(None);
            options.iter().for_each(|one| drop(shown.append_child(&option(one))));
            known.replace(options);
        }
        shown.unchecked_ref::<HtmlSelectElement>().set_value(&chosen.get());
    }));
    hears(&select, "change", move |event| chosen.set(value(&event)));
    node("div", &[("part", "field")], &[words("label", &[("for", id)], label), select])
}

/// What the input holds that it happened to.
pub(crate) fn value(event: &Event) -> String {
    // Inputs, text areas and selects have one alike.
    event.target().map(|target| target.unchecked_into::<HtmlInputElement>().value()).unwrap_or_default()
}

/// The key of the text that tells a failure.
pub(crate) fn told(failure: &Failure) -> &'static str {
    match failure {
        Failure::Offline => "trouble.offline",
        Failure::Expired => "trouble.expired",
        Failure::Refused => "trouble.refused",
        Failure::Crm | Failure::Busy(_) => "trouble.crm",
        Failure::Unknown | Failure::Failed(_) | Failure::Invalid(_) => "trouble.failed",
    }
}
