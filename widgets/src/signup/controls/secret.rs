//! A password: shown on demand, how strong it is, and what it still needs.

use latchkey_contract::{FieldView, rules};
use web_sys::{Element, HtmlInputElement};

use super::strength::{WORDS, strength};
use crate::{browser::dom, signup::session::Session};

pub(super) fn sync(session: &Session, field: &FieldView, control: &HtmlInputElement) {
    let is_on = control.next_element_sibling().is_some_and(|next| next.has_attribute("data-reveal"));
    if is_on || super::has_focus(control) {
        return;
    }
    let around = dom::wrap(control, "secret");
    let button =
        dom::make("button", &[("part", "reveal"), ("type", "button"), ("data-reveal", &field.name), ("aria-controls", &control.id())]);
    let strength = dom::make("div", &[("part", "strength"), ("role", "status")]);
    let _ = around.append_child(&button);
    let _ = around.after_with_node_1(&strength);
    reveal(session, control, &button, false);
    typed(session, field, control);
}

pub(super) fn clicked(session: &Session, target: &Element) {
    if let Some(button) = target.closest("[data-reveal]").ok().flatten()
        && let Some(control) = button.get_attribute("data-reveal").and_then(|name| session.control(&name))
    {
        reveal(session, &control, &button, control.type_() == "password");
    }
}

fn reveal(session: &Session, control: &HtmlInputElement, button: &Element, reveal: bool) {
    control.set_type(if reveal { "text" } else { "password" });
    let words = session.view.texts.get(if reveal { "password.hide" } else { "password.show" });
    dom::set(button, "aria-label", Some(words));
    dom::set(button, "title", Some(words));
    dom::set(button, "data-shown", reveal.then_some(""));
}

pub(super) fn typed(session: &Session, field: &FieldView, control: &HtmlInputElement) {
    let password = control.value();
    let Some(around) = control.parent_element() else { return };
    let id = ["lk-", &field.name, "-needs"].concat();
    if let Some(needs) = session.find(&["[id='", &id, "']"].concat()) {
        let items = needs.children();
        for (index, need) in field.needs.iter().enumerate() {
            if let Some(item) = items.item(index as u32) {
                dom::set(&item, "data-met", rules::has(*need, &password).then_some(""));
            }
        }
    }
    if let Some(meter) = around.next_element_sibling().filter(|next| next.get_attribute("part").as_deref() == Some("strength")) {
        let level = strength(&password);
        dom::set(&meter, "data-level", Some(&level.to_string()));
        let words = level.checked_sub(1).map_or("", |index| session.view.texts.get(WORDS[index]));
        dom::say(&meter, words);
    }
}
