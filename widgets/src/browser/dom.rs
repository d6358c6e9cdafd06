//! Elements that are there in a browser only. Made by plain calls: as Leptos views they cost a visitor twice as much.

use leptos::prelude::document;
use web_sys::Element;

use super::json::Json;

/// An element with its attributes.
pub(crate) fn make(tag: &str, attributes: &[(&str, &str)]) -> Element {
    // Fails for names only that cannot be a tag's.
    let element = document().create_element(tag).unwrap_or_else(|_| unreachable!("{}", tag));
    for (name, value) in attributes {
        let _ = element.set_attribute(name, value);
    }
    element
}

/// An attribute, or none. What is right already is left alone.
pub(crate) fn set(element: &Element, name: &str, value: Option<&str>) {
    if element.get_attribute(name).as_deref() == value {
        return;
    }
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

pub(crate) fn say(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// What has the focus in the tree that an element is in. Not by `:focus`: in a window that is not the active one WebKit matches
/// nothing by that, and whoever comes back to it goes on where they were.
pub(crate) fn focused(element: &Element) -> Option<Element> {
    Json::new(element.get_root_node().into()).member("activeElement").element()
}

/// Puts a new element of that part in an element's place, and that element into it.
pub(crate) fn wrap(element: &Element, part: &str) -> Element {
    let around = make("div", &[("part", part)]);
    let _ = element.before_with_node_1(&around);
    let _ = around.append_child(element);
    around
}
