//! What the visitor does in the form: heard by one listener, on the form itself.

use std::rc::Rc;

use latchkey_contract::FieldKind;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, FocusEvent, HtmlButtonElement, HtmlSelectElement};

use super::{checks, codes, controls, lookups, retrying, session::Session, state::Form, steps, visit};

const EVENTS: [&str; 7] = ["submit", "click", "mousedown", "input", "change", "keydown", "focusout"];

/// Listens until it is dropped.
pub(super) struct Listener {
    form: Element,
    /// `Fn`: what it does moves the focus and changes inputs, which it hears at once.
    heard: Closure<dyn Fn(Event)>,
}

impl Listener {
    pub(super) fn new(form: Form, element: Element) -> Listener {
        let heard = Closure::<dyn Fn(Event)>::new(move |event: Event| happened(form, &event));
        for event in EVENTS {
            let _ = element.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
        }
        Listener { form: element, heard }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for event in EVENTS {
            let _ = self.form.remove_event_listener_with_callback(event, self.heard.as_ref().unchecked_ref());
        }
    }
}

fn happened(form: Form, event: &Event) {
    match event.type_().as_str() {
        "submit" => {
            event.prevent_default();
            steps::forward(form);
        }
        "input" => input(form, event),
        "click" => clicked(form, event),
        "focusout" => left(form, event),
        _ => {}
    }
    controls::happened(form, event);
}

/// Something was typed or chosen: what is shown as wrong may be right now.
fn input(form: Form, event: &Event) {
    let Some((session, name)) = target(form, event) else { return };
    visit::keep(&session);
    retrying::cancel(form, &session);
    if form.now(|state| state.error(&name).is_some()) {
        check(form, &session, &name);
    }
    session.set_changed(name);
    if event.target().is_some_and(|target| target.has_type::<HtmlSelectElement>()) {
        lookups::refresh(form);
    }
}

/// One of the buttons within the form was clicked.
fn clicked(form: Form, event: &Event) {
    let Some(target) = event.target() else { return };
    let target: &Element = target.unchecked_ref();
    if target.has_attribute("data-back") {
        event.prevent_default();
        steps::back(form);
    } else if let Some(field) = target.get_attribute("data-again") {
        event.prevent_default();
        lookups::again(form, &field);
        codes::again(form, &field);
    }
}

/// An input was left: if something was typed into it, it is checked. What is shown as wrong already stays so until it is
/// typed into again: it may be the server that says so.
fn left(form: Form, event: &Event) {
    let Some((session, name)) = target(form, event) else { return };
    if let Some(control) = session.control(&name)
        && session.field(&name).is_some_and(|field| field.kind == FieldKind::Number)
    {
        // The visitor sees what is sent.
        control.set_value(&checks::decimal(&control.value()));
    }
    lookups::refresh(form);
    // A message that comes or goes would move the button away under the click. Sending checks all inputs anyway.
    let event: &FocusEvent = event.unchecked_ref();
    if event.related_target().is_some_and(|to| to.has_type::<HtmlButtonElement>()) {
        return;
    }
    // Half a date is no input event.
    let touched = session.is_changed(&name) || session.control(&name).is_some_and(|control| control.validity().bad_input());
    if touched && form.now(|state| state.error(&name).is_none()) {
        check(form, &session, &name);
    }
}

/// The name of the input that it happened to; `None` for what has none: a button, a heading.
fn target(form: Form, event: &Event) -> Option<(Rc<Session>, String)> {
    let target = event.target()?;
    let target: &Element = target.unchecked_ref();
    let name = target.get_attribute("name").or_else(|| target.get_attribute("data-of"))?;
    Some((form.session()?, name))
}

fn check(form: Form, session: &Session, name: &str) {
    let error = checks::one(session, name);
    form.update(|state| {
        state.errors.retain(|error| error.0 != name);
        state.errors.extend(error.map(|message| (name.to_owned(), message)));
        if state.errors.is_empty() {
            state.alert.clear();
        }
    });
}
