//! A button that copies a link, and beside it whether it did.

use leptos::prelude::*;
use web_sys::Element;

use crate::{
    browser::{dom::set, task},
    partner::{
        Say,
        controls::button,
        save,
        view::{follow, node, says},
    },
};

/// `of` tells it from others of its kind, for whoever does not see what it stands beside.
pub(super) fn copying(say: Say, of: Option<&str>, part: &str, link: Box<dyn Fn() -> String>) -> Element {
    let (note, link) = (RwSignal::new(""), StoredValue::new_local(link));
    let copy = button(say, "links.copy", part, move || {
        // So that it is heard again.
        note.set("");
        let link = untrack(|| link.with_value(|link| link()));
        task::start(async move {
            let is_copied = save::copy(&link).await;
            note.try_set(if is_copied { "links.copied" } else { "links.copy.failed" });
        });
    });
    if let Some(of) = of {
        set(&copy, "aria-label", Some(&say.filled("links.copy.of", &[("name", of)])));
    }
    // A note is of the link that was there.
    follow(Box::new(move || {
        link.with_value(|link| link());
        note.set("");
    }));
    let said = node("span", &[("part", "told"), ("role", "status")], &[]);
    says(&said, move || match note.get() {
        "" => String::new(),
        key => say.text(key),
    });
    node("div", &[("part", "actions")], &[copy, said])
}
