//! From one step to the next, and back.

use std::rc::Rc;

use super::{checks, codes, events, lookups, sending, session::Session, state::Form};
use crate::browser::task;

/// The button that goes on, and the enter key: to the next step if this one is filled in rightly; from the last, the
/// form is sent.
pub(super) fn forward(form: Form) {
    let Some(session) = form.session() else { return };
    let step = form.now(|state| state.step);
    if step + 1 >= session.view.steps.len() {
        sending::submit(form);
        return;
    }
    let (_, mut errors) = checks::fields(&session, &mut session.step(step).iter());
    let right = errors.is_empty();
    // What the server found wrong further on is still to be mended.
    let here = |name: &str| session.step(step).iter().any(|field| field.name == name);
    errors.extend(form.now(|state| state.errors.iter().filter(|error| !here(&error.0)).cloned().collect::<Vec<_>>()));
    if right {
        form.update(|state| {
            state.errors = errors;
            state.alert.clear();
        });
        show(form, &session, step + 1, None);
    } else {
        sending::show_errors(form, &session, errors, String::new());
    }
}

/// Nothing is checked: whoever goes back may not know yet what to write here.
pub(super) fn back(form: Form) {
    let Some(session) = form.session() else { return };
    let (step, sending) = form.now(|state| (state.step, state.sending));
    if step > 0 && !sending {
        form.update(|state| state.alert.clear());
        show(form, &session, step - 1, None);
    }
}

/// Shows a step, with the focus on the input of that name, or on the step's heading.
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
            Some(name) => session.focus(&["[name='", &name, "']"].concat()),
            // A step without a title has none to go to; then it is "Step 2 of 3".
            None => session.focus("h2:not(:empty)") || session.focus("[part=progress] p"),
        };
    });
}

/// A step is there, the first one included: the page is told, and what it needs of the proxy is asked for.
pub(super) fn entered(form: Form, session: &Session) {
    let step = form.now(|state| state.step);
    if let Some(shown) = session.view.steps.get(step) {
        events::step(&session.page.host, &shown.id, step + 1, session.view.steps.len());
    }
    lookups::refresh(form);
    codes::refresh(form);
}
