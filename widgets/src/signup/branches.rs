//! Steps and fields that are shown only where something else was filled in.

use std::rc::Rc;

use latchkey_contract::{Shown, shown};

use super::{checks, codes, session::Session, state::Form};

/// By what the inputs hold now.
pub(super) fn now(session: &Session) -> Shown {
    shown(&session.view.steps, &|field| checks::held(session, field))
}

/// Something was filled in: what depends on it comes or goes, and with it what is said about it.
pub(super) fn refresh(form: Form, session: &Rc<Session>) {
    let shown = now(session);
    if form.now(|state| state.shown == shown) {
        return;
    }
    form.update(|state| {
        let here = session.step(state.step).iter().filter(|field| shown.has(&field.name) && !state.shown.has(&field.name));
        // Heard by whoever does not see it come.
        state.appeared = here.map(|field| field.label.clone()).collect::<Vec<_>>().join(", ");
        state.errors.retain(|error| shown.has(&error.0) || session.field(&error.0).is_none());
        state.shown = shown;
    });
    codes::refresh(form);
}
