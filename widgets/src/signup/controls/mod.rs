//! What makes inputs richer, in a browser alone: a list that can be searched, the country of a phone number, how strong a
//! password is, what an e-mail was probably meant to be.
//!
//! All of it is put on top of the input that was rendered, which keeps its name and holds the value; never while the
//! visitor is in it. Elements are made by plain calls: what they hold is read from the inputs, so there is no state of
//! theirs to keep but the one list that is open.

mod list;
mod phones;
mod picker;
mod secret;
mod slip;
mod strength;

use std::rc::Rc;

use latchkey_contract::{FieldKind, FieldView};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

use self::{list::List, phones::Phones};
use super::{branches, challenge, draft, session::Session, state::Form, steps};
use crate::browser::{dom, task};

pub(super) use self::phones::{sent, with_country};

/// What the richer inputs of one form share.
#[derive(Default)]
pub(super) struct Controls {
    open: Option<List>,
    phones: Phones,
}

/// Puts on what is missing, and shows what the inputs hold now; once what is being changed is shown: effects run in the
/// order of their tasks, and this is the last.
pub(super) fn later(form: Form) {
    task::start(async move {
        if let Some(session) = form.session() {
            sync(form, &session);
        }
    });
}

fn sync(form: Form, session: &Rc<Session>) {
    challenge::refresh(session);
    for field in session.fields().filter(|field| !field.read_only) {
        let Some(control) = session.control(&field.name) else { continue };
        match field.kind {
            _ if is_picker(field) => picker::sync(session, field, &control),
            FieldKind::Tel => phones::sync(form, session, field, &control),
            FieldKind::Password => secret::sync(session, field, &control),
            FieldKind::Email => slip::sync(field, &control),
            _ => {}
        }
    }
}

fn is_picker(field: &FieldView) -> bool {
    field.search && matches!(field.kind, FieldKind::Select | FieldKind::Country)
}

/// What concerns a richer input.
pub(super) fn happened(form: Form, event: &Event) {
    let (Some(session), Some(target)) = (form.session(), event.target()) else { return };
    let target: &Element = target.unchecked_ref();
    let kind = event.type_();
    if kind == "input" {
        branches::refresh(form, &session);
        draft::keep(&session);
    }
    if kind == "mousedown" {
        // The focus stays in the input whose list it is.
        if list::option(target).is_some() {
            event.prevent_default();
        }
    } else if list::happened(form, &session, target, &kind, event) {
        // It was about a list.
    } else if kind == "click"
        && let Some(name) = target.get_attribute("data-to")
    {
        event.prevent_default();
        steps::show(form, &session, session.step_of(&name), Some(["[name='", &name, "']"].concat()));
    } else if kind == "click" {
        phones::clicked(&session, target);
        secret::clicked(&session, target);
        slip::clicked(&session, target);
    } else if let Some(field) = target.get_attribute("name").as_deref().and_then(|name| session.field(name)) {
        let control: &HtmlInputElement = target.unchecked_ref();
        match (field.kind, kind.as_str()) {
            (FieldKind::Select | FieldKind::Country, "input") => later(form),
            (FieldKind::Tel, "input") => phones::typed(&session, field, control),
            (FieldKind::Tel, "focusout") => phones::left(form, &session, field, control),
            (FieldKind::Password, "input") => secret::typed(&session, field, control),
            (FieldKind::Email, "input") => slip::typed(control),
            (FieldKind::Email, "focusout") => slip::left(&session, control, event),
            _ => {}
        }
    }
}

/// As if the visitor had done it: for what the form does on its inputs' events.
fn dispatch(control: &HtmlElement, name: &str) {
    let init = crate::browser::json::object([("bubbles", true.into())]);
    if let Ok(event) = Event::new_with_event_init_dict(name, init.unchecked_ref()) {
        let _ = control.dispatch_event(&event);
    }
}

fn has_focus(element: &Element) -> bool {
    dom::focused(element).as_ref() == Some(element)
}

/// Keys that are pressed while something is composed of several belong to that.
fn key(event: &Event) -> String {
    let event: &KeyboardEvent = event.unchecked_ref();
    if event.is_composing() { String::new() } else { event.key() }
}
