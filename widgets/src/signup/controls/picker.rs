//! A select that can be searched. The select stays, hidden, and holds the value.

use latchkey_contract::{FieldKind, FieldView};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};

use super::{
    dispatch, has_focus,
    list::{self, Choice},
};
use crate::{browser::dom, signup::session::Session};

pub(super) fn sync(session: &Session, field: &FieldView, control: &HtmlInputElement) {
    let select: &HtmlSelectElement = control.unchecked_ref();
    let input = match input_of(select) {
        Some(input) => input,
        None if has_focus(select) => return,
        None => put_on(session, field, select),
    };
    for name in ["aria-invalid", "disabled"] {
        dom::set(&input, name, select.get_attribute(name).as_deref());
    }
    if !has_focus(&input) {
        show(&input);
    }
}

fn put_on(session: &Session, field: &FieldView, select: &HtmlSelectElement) -> HtmlInputElement {
    let token = match field.autocomplete.as_deref() {
        // Its name is what can be searched for.
        Some("country") => "country-name",
        token => token.unwrap_or("off"),
    };
    let attributes = [
        ("part", "input"),
        ("role", "combobox"),
        ("aria-autocomplete", "list"),
        ("aria-expanded", "false"),
        ("autocomplete", token),
        ("spellcheck", "false"),
        ("placeholder", field.placeholder.as_deref().unwrap_or(session.view.texts.get("choose"))),
        ("data-of", &field.name),
    ];
    let input: HtmlInputElement = dom::make("input", &attributes).unchecked_into();
    for name in ["id", "aria-describedby", "aria-required"] {
        dom::set(&input, name, select.get_attribute(name).as_deref());
    }
    // It is the other's now, and leads to it.
    dom::set(select, "id", None);
    let around = dom::wrap(select, "picker");
    let _ = around.append_with_node_2(&input, &dom::make("p", &[("part", "count"), ("role", "status")]));
    dom::set(select, "hidden", Some(""));
    input
}

/// The input that stands for a select, once it does.
fn input_of(select: &HtmlSelectElement) -> Option<HtmlInputElement> {
    if !select.has_attribute("hidden") {
        return None;
    }
    Some(select.next_element_sibling()?.unchecked_into())
}

fn select_of(input: &HtmlInputElement) -> Option<HtmlSelectElement> {
    Some(input.previous_element_sibling()?.unchecked_into())
}

fn field<'a>(session: &'a Session, input: &HtmlInputElement) -> Option<&'a FieldView> {
    session.field(&input.get_attribute("data-of")?)
}

/// The list's name, what is chosen of it, and all of it.
pub(super) fn choices(session: &Session, input: &HtmlInputElement) -> (String, String, Vec<Choice>) {
    let (Some(select), Some(field)) = (select_of(input), field(session, input)) else { return Default::default() };
    let is_country = field.kind == FieldKind::Country;
    let option = |index| {
        let option = select.item(index)?;
        let value = option.get_attribute("value").filter(|value| !value.is_empty())?;
        let flag = if is_country { value.clone() } else { String::new() };
        Some(Choice { value, label: option.text_content().unwrap_or_default(), flag, aside: String::new() })
    };
    (field.label.clone(), select.value(), (0..select.length()).filter_map(option).collect())
}

/// The label of what is chosen.
pub(super) fn show(input: &HtmlInputElement) {
    let Some(select) = select_of(input) else { return };
    let chosen = select.item(select.selected_index() as u32).filter(|_| !select.value().is_empty());
    let label = chosen.and_then(|option| option.text_content()).unwrap_or_default();
    if input.value() != label {
        input.set_value(&label);
    }
}

pub(super) fn choose(input: &HtmlInputElement, value: &str) {
    if let Some(select) = select_of(input) {
        let changes = select.value() != value;
        select.set_value(value);
        show(input);
        if changes {
            dispatch(&select, "input");
        }
    }
}

/// Left, or filled in by the browser: what was typed is what it names, or nothing where nothing is left of it.
pub(super) fn settle(session: &Session, input: &HtmlInputElement) {
    let typed = list::fold(&input.value());
    let (_, chosen, choices) = choices(session, input);
    let found = choices.iter().find(|choice| list::fold(&choice.label) == typed || choice.value.eq_ignore_ascii_case(&input.value()));
    match found {
        Some(found) => choose(input, &found.value),
        None if input.value().is_empty() && !chosen.is_empty() => choose(input, ""),
        None => show(input),
    }
}
