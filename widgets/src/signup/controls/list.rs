//! A list of options below an input that searches it: the ARIA Authoring Practices' editable combobox with list
//! autocomplete and manual selection. The focus stays in the input; `aria-activedescendant` says where the keys are.

use std::rc::Rc;

use js_sys::{JsString, RegExp};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

use super::{has_focus, key, phones, picker};
use crate::{
    browser::{dom, json},
    signup::{session::Session, state::Form, words},
};

/// One of the things that can be chosen.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    /// A country's code, whose flag stands before the label.
    pub(super) flag: String,
    /// What stands behind the label.
    pub(super) aside: String,
}

/// The list that is open; there is one at most.
pub(in crate::signup) struct List {
    input: HtmlInputElement,
    element: Element,
    items: Vec<Item>,
    /// Where the keys are.
    active: Option<usize>,
}

struct Item {
    value: String,
    /// Each word of it behind a space, without accents, in small letters.
    words: JsString,
    element: Element,
}

/// Something happened in a form. Whether it was about a list.
pub(super) fn happened(form: Form, session: &Rc<Session>, target: &Element, kind: &str, event: &Event) -> bool {
    if kind == "click"
        && let Some(option) = option(target)
    {
        let value = with(session, |list| list.items.iter().find(|item| item.element == option).map(|item| item.value.clone()));
        choose(form, session, value.flatten());
        return true;
    }
    let Some(input) = combobox(target) else { return false };
    let is_open = with(session, |list| list.input == input).unwrap_or(false);
    match kind {
        "keydown" => pressed(form, session, &input, is_open, event),
        "click" if !is_open => {
            input.select();
            open(session, &input);
        }
        // What the browser fills in by itself is not typed.
        "input" if has_focus(&input) => {
            open(session, &input);
            with(session, |list| list.filter(session));
        }
        "change" if !has_focus(&input) => picker::settle(session, &input),
        "focusout" => {
            close(session);
            if !phones::search_left(session, &input) {
                picker::settle(session, &input);
            }
        }
        _ => {}
    }
    true
}

fn pressed(form: Form, session: &Rc<Session>, input: &HtmlInputElement, is_open: bool, event: &Event) {
    match key(event).as_str() {
        direction @ ("ArrowDown" | "ArrowUp") => {
            open(session, input);
            with(session, |list| list.go(direction == "ArrowDown", is_open));
        }
        "Enter" if is_open => {
            let value = with(session, |list| list.active.map(|at| list.items[at].value.clone()).or_else(|| list.only()));
            choose(form, session, value.flatten());
        }
        "Escape" if is_open => dismiss(session, input),
        _ => return,
    }
    event.prevent_default();
    // The page's own dialog, say, is not closed by the same key.
    event.stop_propagation();
}

/// Opens the list of an input, all of it in sight, unless it is open.
pub(super) fn open(session: &Session, input: &HtmlInputElement) {
    if with(session, |list| list.input == *input).unwrap_or(false) {
        return;
    }
    close(session);
    let (label, chosen, choices) = match phones::choices(session, input) {
        Some(choices) => choices,
        None => picker::choices(session, input),
    };
    let id = [&input.id(), "-list"].concat();
    let element = dom::make("ul", &[("part", "list"), ("role", "listbox"), ("id", &id), ("aria-label", &label)]);
    let mut items = Vec::with_capacity(choices.len());
    let mut active = None;
    for (index, choice) in choices.into_iter().enumerate() {
        let is_chosen = choice.value == chosen;
        let id = [&id, "-", &index.to_string()].concat();
        let selected = if is_chosen { "true" } else { "false" };
        let option = dom::make("li", &[("part", "option"), ("role", "option"), ("id", &id), ("aria-selected", selected)]);
        if choice.flag.is_empty() {
            option.set_text_content(Some(&choice.label));
        } else {
            // What is said of a flag is its country's name once more.
            option.set_text_content(Some(&[&flag(&choice.flag), " ", &choice.label].concat()));
            dom::set(&option, "aria-label", Some(&[&choice.label, " ", &choice.aside].concat()));
        }
        if !choice.aside.is_empty() {
            let aside = dom::make("span", &[]);
            aside.set_text_content(Some(&choice.aside));
            let _ = option.append_child(&aside);
        }
        let _ = element.append_child(&option);
        if is_chosen {
            active = Some(index);
        }
        let words = fold(&[&choice.label, " ", &choice.value, " ", &choice.aside].concat());
        items.push(Item { value: choice.value, words, element: option });
    }
    let _ = input.after_with_node_1(&element);
    dom::set(input, "aria-controls", Some(&id));
    dom::set(input, "aria-expanded", Some("true"));
    let mut list = List { input: input.clone(), element, items, active: None };
    list.activate(active);
    session.controls.borrow_mut().open = Some(list);
}

/// Takes the open list away, if there is one.
pub(super) fn close(session: &Session) {
    let open = session.controls.borrow_mut().open.take();
    if let Some(list) = open {
        list.element.remove();
        dom::set(&list.input, "aria-expanded", Some("false"));
        dom::set(&list.input, "aria-controls", None);
        dom::set(&list.input, "aria-activedescendant", None);
        if let Some(status) = status(&list.input) {
            dom::say(&status, "");
        }
    }
}

/// Nothing is chosen.
fn dismiss(session: &Session, input: &HtmlInputElement) {
    close(session);
    if !phones::dismissed(session, input) {
        picker::show(input);
    }
}

fn choose(form: Form, session: &Rc<Session>, value: Option<String>) {
    let input = with(session, |list| list.input.clone());
    close(session);
    if let (Some(input), Some(value)) = (input, value)
        && !phones::chosen(form, session, &input, &value)
    {
        picker::choose(&input, &value);
    }
}

/// The option of a list that an element belongs to.
pub(super) fn option(element: &Element) -> Option<Element> {
    element.closest("[role=option]").ok().flatten()
}

fn combobox(target: &Element) -> Option<HtmlInputElement> {
    (target.get_attribute("role").as_deref() == Some("combobox")).then(|| target.clone().unchecked_into())
}

/// Where it is said how many options there are.
fn status(input: &HtmlInputElement) -> Option<Element> {
    input.parent_element()?.query_selector("[part=count]").ok().flatten()
}

fn with<T>(session: &Session, act: impl FnOnce(&mut List) -> T) -> Option<T> {
    session.controls.borrow_mut().open.as_mut().map(act)
}

impl List {
    /// Leaves in sight what has words that begin as those in the input do.
    fn filter(&mut self, session: &Session) {
        let words = String::from(fold(&self.input.value()));
        let mut count = 0;
        for item in &self.items {
            let is_found = item.words.includes(&words, 0);
            count += usize::from(is_found);
            dom::set(&item.element, "hidden", (!is_found).then_some(""));
        }
        self.activate(None);
        if let Some(status) = status(&self.input) {
            let words = match count {
                0 => session.view.texts.get("search.none").to_owned(),
                _ => words::counted(&session.view, "search.count", "count", count),
            };
            dom::say(&status, &words);
        }
    }

    fn in_sight(&self) -> Vec<usize> {
        (0..self.items.len()).filter(|index| !self.items[*index].element.has_attribute("hidden")).collect()
    }

    /// The one that is left, if it is one.
    fn only(&self) -> Option<String> {
        match self.in_sight()[..] {
            [only] => Some(self.items[only].value.clone()),
            _ => None,
        }
    }

    /// To the next or the one before, round and round; where the list was opened by the key, to what is chosen first.
    fn go(&mut self, down: bool, was_open: bool) {
        let in_sight = self.in_sight();
        let last = in_sight.len().wrapping_sub(1);
        let at = self.active.and_then(|active| in_sight.iter().position(|index| *index == active));
        let to = match at {
            Some(at) if !was_open => at,
            Some(at) if down => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            None if down => 0,
            None | Some(0) => last,
            Some(at) => at - 1,
        };
        self.activate(in_sight.get(to).copied());
    }

    fn activate(&mut self, index: Option<usize>) {
        if let Some(before) = self.active {
            dom::set(&self.items[before].element, "data-active", None);
        }
        self.active = index;
        let item = index.map(|index| &self.items[index].element);
        dom::set(&self.input, "aria-activedescendant", item.map(Element::id).as_deref());
        if let Some(item) = item {
            dom::set(item, "data-active", Some(""));
            let nearest = json::object([("block", "nearest".into())]);
            item.unchecked_ref::<HtmlElement>().scroll_into_view_with_scroll_into_view_options(nearest.unchecked_ref());
        }
    }
}

/// So that "turkiye" finds "Türkiye", and "+49" what has "49" among its words.
pub(super) fn fold(text: &str) -> JsString {
    let bare = JsString::from(text).normalize("NFD").to_lower_case().replace_by_pattern(&RegExp::new("\\p{M}", "gu"), "");
    let words = bare.replace_by_pattern(&RegExp::new("[^\\p{L}\\p{N}]+", "gu"), " ");
    JsString::from(" ").concat(&words.trim())
}

/// A country's flag: its code in the letters that flags are written in.
pub(super) fn flag(country: &str) -> String {
    country.bytes().filter_map(|letter| char::from_u32(u32::from(letter) + 0x1f1a5)).collect()
}
