//! What is shown.

mod form;
mod progress;
mod results;
mod save;
mod table;

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement};

use super::{
    run,
    state::{Phase, State},
};
use crate::partner::{
    Failure, Say,
    view::{follow, hears, holds, node, words},
};

pub(super) fn element(state: State) -> Element {
    run::open(state);
    let say = state.say;
    let content = node("div", &[("part", "content"), ("lang", &say.locale()), ("dir", &say.direction())], &[]);
    holds(&content, move || match state.phase.get() {
        Phase::Loading => vec![node("div", &[("part", "skeleton"), ("role", "status"), ("aria-label", &say.text("loading"))], &[])],
        Phase::Failed(failure) => {
            let again = button(say, "again", "button", move || run::open(state));
            vec![node("div", &[("part", "trouble")], &[alert(&say.text(told(&failure))), again])]
        }
        Phase::Ready(buckets) if buckets.is_empty() => {
            let title = words("h2", &[], &say.text("buckets.title"));
            vec![node("div", &[("part", "empty")], &[title, words("p", &[], &say.text("buckets.empty"))])]
        }
        Phase::Ready(buckets) => {
            let parts = [form::form(state, buckets), progress::progress(state), results::results(state)];
            vec![node("div", &[("part", "buckets")], &parts)]
        }
    });
    content
}

fn alert(text: &str) -> Element {
    words("p", &[("part", "error"), ("role", "alert")], text)
}

/// The key of the text that tells a failure.
fn told(failure: &Failure) -> &'static str {
    let about = |field: &str| matches!(failure, Failure::Invalid(errors) if errors.iter().any(|error| error.0.starts_with(field)));
    match failure {
        Failure::Offline => "trouble.offline",
        Failure::Expired => "trouble.expired",
        Failure::Refused => "trouble.refused",
        Failure::Unknown => "trouble.unknown",
        Failure::Crm | Failure::Busy(_) => "trouble.crm",
        Failure::Failed(_) => "trouble.failed",
        Failure::Invalid(_) if about("bucket") => "trouble.bucket",
        Failure::Invalid(_) if about("filters") => "trouble.dates",
        Failure::Invalid(_) => "trouble.list",
    }
}

fn button(say: Say, key: &str, part: &str, act: impl Fn() + 'static) -> Element {
    let button = words("button", &[("type", "button"), ("part", part)], &say.text(key));
    hears(&button, "click", move |_| act());
    button
}

/// A list to choose from; each a value and its words.
fn select(label: &str, id: &str, chosen: RwSignal<String>, options: impl Fn() -> Vec<(String, String)> + 'static) -> Element {
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
fn value(event: &Event) -> String {
    // Inputs, text areas and selects have one alike.
    event.target().map(|target| target.unchecked_into::<HtmlInputElement>().value()).unwrap_or_default()
}
