//! What a page may have the form do, by the element's methods.

use std::rc::Rc;

use latchkey_contract::{FieldKind, FieldView};

use super::{
    branches, controls, draft, lookups,
    session::Session,
    state::{Form, State},
    steps, values, visit,
};
use crate::browser::json::Json;

/// Nothing is filled in, and the first step is shown. Not while it is being sent: what comes of that has to be told.
pub(super) fn reset(form: Form, session: &Rc<Session>) {
    if form.now(|state| state.sending) {
        return;
    }
    // Whoever waits for news of what was sent before waits no more.
    session.act();
    session.close();
    session.forget();
    draft::forget(session);
    form.update(|state| *state = State::of(&session.view));
    visit::preselect(session);
    branches::refresh(form, session);
    steps::entered(form, session);
}

/// Shows the step of that id; on the way there, what is not filled in rightly stops it.
pub(super) fn go_to(form: Form, session: &Rc<Session>, id: &str) {
    let Some(to) = session.view.steps.iter().position(|step| step.id == id) else { return };
    let (mut at, is_shown) = form.now(|state| (state.step, state.shown.steps.get(to) == Some(&true)));
    if !is_shown || form.now(|state| state.sending || state.outcome.is_some()) {
        return;
    }
    if to < at {
        return steps::show(form, session, to, None);
    }
    while at < to {
        steps::forward(form);
        let now = form.now(|state| state.step);
        if now == at {
            return;
        }
        at = now;
    }
}

/// Fills in what the visitor has not touched. Never passwords, codes or agreements.
pub(super) fn prefill(form: Form, session: &Rc<Session>, given: &Json) {
    for (name, value) in given.all_texts() {
        let named = |field: &&FieldView| field.name.eq_ignore_ascii_case(&name);
        let Some(field) = session.fields().find(named) else { continue };
        let secret = matches!(field.kind, FieldKind::Password | FieldKind::Code);
        if !secret && !field.read_only && !session.is_changed(&field.name) {
            values::put(session, field, &value);
        }
    }
    branches::refresh(form, session);
    lookups::refresh(form);
    controls::later(form);
}
