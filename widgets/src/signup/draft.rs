//! What was filled in survives a reload of the page, in this tab and for a day, until it is sent. Never what is secret or
//! promised: passwords, codes, agreements; nor what the visitor does not see.

use js_sys::Date;
use latchkey_contract::{FieldKind, FieldView};
use leptos::prelude::window;
use web_sys::Storage;

use super::{controls, session::Session, values};
use crate::browser::json::{self, Json};

const DAY_MS: f64 = 86_400_000.0;

fn is_kept(field: &FieldView) -> bool {
    !field.read_only && !matches!(field.kind, FieldKind::Password | FieldKind::Code | FieldKind::Hidden)
}

/// Absent where the browser keeps storage from this page.
fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn name(session: &Session) -> String {
    ["latchkey:draft:", &session.view.id].concat()
}

/// `{"t": when, in ms, "version", "step": its id, "v": values}`
pub(super) fn keep(session: &Session) {
    let mut kept = Vec::new();
    for field in session.fields().filter(|field| is_kept(field)) {
        let held = values::wanted(session, field).or_else(|| values::held(session, field)).unwrap_or_default();
        let held = if field.kind == FieldKind::Tel { controls::with_country(session, field, held) } else { held };
        if held != field.default.as_deref().unwrap_or_default() {
            kept.push((field.name.as_str(), held.into()));
        }
    }
    let step = session.form.get().map_or(0, |form| form.now(|state| state.step));
    let step = session.view.steps.get(step).map(|step| step.id.as_str());
    let record = json::object([
        ("t", Date::now().into()),
        ("version", session.view.version.as_str().into()),
        ("step", step.into()),
        ("v", json::object(kept)),
    ]);
    if let Some(storage) = storage() {
        // Full, or forbidden to frames: then there is none.
        let _ = storage.set_item(&name(session), &json::to_text(&record));
    }
}

pub(super) fn forget(session: &Session) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&name(session));
    }
}

/// Fills in what was kept where nothing is filled in yet. The step that was shown then.
pub(super) fn put_back(session: &Session) -> Option<usize> {
    let record = Json::parse(&storage()?.get_item(&name(session)).ok()??);
    let age = Date::now() - record.number("t")?;
    if age > DAY_MS || record.text("version")? != session.view.version {
        forget(session);
        return None;
    }
    // The page's other scripts can write here too.
    for (name, value) in record.texts("v") {
        if let Some(field) = session.field(&name).filter(|field| is_kept(field)) {
            let held = values::held(session, field).unwrap_or_default();
            if held.is_empty() || held == field.default.as_deref().unwrap_or_default() {
                values::put(session, field, &value);
                session.set_changed(name);
            }
        }
    }
    let step = record.text("step")?;
    session.view.steps.iter().position(|known| known.id == step)
}
