//! From one step to the next, and back.

use std::rc::Rc;

use super::{branches, checks, codes, draft, events, lookups, sending, session::Session, state::Form};
use crate::browser::task;

/// The button that goes on, and the enter key: to the next step if this one is filled in rightly; from the last, the
/// form is sent.
pub(super) fn forward(form: Form) {
    let Some(session) = form.session() else { return };
    branches::refresh(form, &session);
    let (step, next, shown) = form.now(|state| (state.step, state.next(), state.shown.clone()));
    let Some(next) = next else {
        sending::submit(form);
        return;
    };
    let (_, mut errors) = checks::fields(&session, &mut session.step(step).iter().filter(|field| shown.has(&field.name)));
    let right = errors.is_empty();
    // What the server found wrong further on is still to be mended.
    let here = |name: &str| session.step(step).iter().any(|field| field.name == name);
    errors.extend(form.now(|state| state.errors.iter().filter(|error| !here(&error.0)).cloned().collect::<Vec<_>>()));
    if right {
        form.update(|state| {
            state.errors = errors;
            state.alert.clear();
            state.summary.clear();
        });
        show(form, &session, next, None);
    } else {
        sending::show_errors(form, &session, errors, String::new());
    }
}

/// Nothing is checked: whoever goes back may not know yet what to write here.
pub(super) fn back(form: Form) {
    let Some(session) = form.session() else { return };
    let (before, sending) = form.now(|state| (state.shown.previous(state.step), state.sending));
    if let Some(before) = before.filter(|_| !sending) {
        form.update(|state| {
            state.alert.clear();
            state.summary.clear();
        });
        show(form, &session, before, None);
    }
}

/// Shows a step, with the focus on what that selects, or on the step's heading.
pub(super) fn show(form: Form, session: &Rc<Session>, step: usize, focus: Option<String>) {
    let changes = form.now(|state| state.step != step);
    if changes {
        form.update(|state| state.step = step);
        entered(form, session);
    }
    let session = session.clone();
    // After the step is shown: effects run in the order of their tasks, and this is the last.
    task::start(async move {
        match focus {
            Some(selector) => session.focus(&selector),
            // A step without a title has none to go to; then it is "Step 2 of 3".
            None => session.focus("h2:not(:empty)") || session.focus("[part=progress] p"),
        };
    });
}

/// A step is there, the first one included: the page is told, and what it needs of the proxy is asked for.
pub(super) fn entered(form: Form, session: &Session) {
    let (step, (number, count)) = form.now(|state| (state.step, state.progress()));
    if let Some(shown) = session.view.steps.get(step) {
        events::step(&session.page.host, &shown.id, number, count);
    }
    draft::keep(session);
    lookups::refresh(form);
    codes::refresh(form);
}

/// Shows a step without moving the focus: what was shown before a reload.
pub(super) fn resume(form: Form, session: &Session, step: usize) {
    let shown = branches::now(session);
    if shown.steps.get(step) == Some(&true) {
        form.update(|state| {
            state.shown = shown;
            state.step = step;
        });
    }
}
