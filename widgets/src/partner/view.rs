//! Elements that follow signals. By plain calls, as in [`crate::browser::dom`]: as Leptos views the same costs twice as much to download,
//! and those without anything that changes are made of a text of HTML, which a page that enforces Trusted Types refuses.
//!
//! What follows and what hears belongs to the component that made it, and goes with it.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event};

use crate::browser::dom::{make, say, set};

/// An element with its attributes and what is in it.
pub(crate) fn node(tag: &str, attributes: &[(&str, &str)], content: &[Element]) -> Element {
    let element = make(tag, attributes);
    fill(&element, content);
    element
}

/// The same with a text in it.
pub(crate) fn words(tag: &str, attributes: &[(&str, &str)], text: &str) -> Element {
    let element = make(tag, attributes);
    say(&element, text);
    element
}

/// Its text is what that says, from now on.
pub(crate) fn says(element: &Element, text: impl Fn() -> String + 'static) {
    says_boxed(element.clone(), Box::new(text));
}

fn says_boxed(element: Element, text: Box<dyn Fn() -> String>) {
    follow(Box::new(move || say(&element, &text())));
}

/// An attribute of it is what that says; none where it says so.
pub(crate) fn has(element: &Element, name: &'static str, value: impl Fn() -> Option<String> + 'static) {
    has_boxed(element.clone(), name, Box::new(value));
}

fn has_boxed(element: Element, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
    follow(Box::new(move || set(&element, name, value().as_deref())));
}

pub(crate) fn is_shown(element: &Element, when: impl Fn() -> bool + 'static) {
    has(element, "hidden", move || (!when()).then(String::new));
}

/// What is in it is what that makes. It is made anew whenever what it was made from changes.
pub(crate) fn holds(element: &Element, content: impl Fn() -> Vec<Element> + 'static) {
    holds_boxed(element.clone(), Box::new(content));
}

fn holds_boxed(element: Element, content: Box<dyn Fn() -> Vec<Element>>) {
    follow(Box::new(move || {
        let content = content();
        element.set_text_content(None);
        fill(&element, &content);
    }));
}

pub(crate) fn fill(element: &Element, content: &[Element]) {
    for child in content {
        // Fails for what would contain itself only.
        let _ = element.append_child(child);
    }
}

/// Does it now, and again whenever what it has read changes.
pub(crate) fn follow(what: Box<dyn Fn()>) {
    Effect::new(what);
}

pub(crate) fn hears(element: &Element, event: &str, act: impl Fn(Event) + 'static) {
    hears_boxed(element, event, Box::new(act));
}

fn hears_boxed(element: &Element, event: &str, act: Box<dyn Fn(Event)>) {
    let heard = Closure::wrap(act);
    let _ = element.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
    StoredValue::new_local(heard);
}
