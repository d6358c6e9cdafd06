//! What inputs hold, whatever their kind.

use latchkey_contract::{FieldKind, FieldView};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::session::Session;

/// As the visitor sees it; of several, those that are chosen. `None` where somebody has taken it out of the page.
pub(super) fn held(session: &Session, field: &FieldView) -> Option<String> {
    let control = session.control(&field.name)?;
    Some(match field.kind {
        FieldKind::Checkbox => if control.checked() { "true" } else { "" }.to_owned(),
        FieldKind::Radio | FieldKind::Several => {
            let chosen = inputs(session, field).filter(HtmlInputElement::checked).map(|input| input.value());
            chosen.collect::<Vec<_>>().join(",")
        }
        _ => control.value(),
    })
}

/// Has a field hold that, now or once its options are there.
pub(super) fn put(session: &Session, field: &FieldView, value: &str) {
    let Some(control) = session.control(&field.name) else { return };
    match field.kind {
        FieldKind::Checkbox => control.set_checked(value == "true"),
        FieldKind::Radio | FieldKind::Several => {
            inputs(session, field).for_each(|input| input.set_checked(value.split(',').any(|one| one == input.value())));
        }
        FieldKind::Select | FieldKind::Country => {
            session.choose(&field.name, value);
            if control.value() != value {
                // Its options are still to come.
                session.wanted.borrow_mut().push((field.name.clone(), value.to_owned()));
            }
        }
        _ => control.set_value(value),
    }
}

/// What a field is to hold once it can: what was said last.
pub(super) fn wanted(session: &Session, field: &FieldView) -> Option<String> {
    let wanted = session.wanted.borrow();
    wanted.iter().rev().find(|wanted| wanted.0 == field.name).map(|wanted| wanted.1.clone())
}

/// It can, or it is to hold something else.
pub(super) fn settle(session: &Session, field: &FieldView) {
    session.wanted.borrow_mut().retain(|wanted| wanted.0 != field.name);
}

/// All inputs of a field that has one for each option.
fn inputs(session: &Session, field: &FieldView) -> impl Iterator<Item = HtmlInputElement> {
    let found = session.find_all(&["[name='", &field.name, "']"].concat());
    (0..found.as_ref().map_or(0, |found| found.length())).filter_map(move |index| Some(found.as_ref()?.item(index)?.unchecked_into()))
}
