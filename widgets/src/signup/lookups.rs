//! Options that the proxy is asked for: a country's states, a state's cities, or what the CRM has to choose from.

use std::rc::Rc;

use latchkey_contract::FieldKind;
use wasm_bindgen::JsCast;
use web_sys::{HtmlOptionElement, HtmlSelectElement};

use super::{
    api,
    session::Session,
    state::{Form, Note},
    steps, values, visit,
    words::fill,
};
use crate::browser::{countries, task};

/// What a field's options were asked for.
pub(super) struct Asked {
    field: String,
    within: String,
    /// The answer: there is nothing to choose from.
    nothing: bool,
    /// By the button, which goes then and takes the focus with it.
    again: bool,
}

/// Asks for the options of the shown step's fields, where they have not been asked for or what they depend on has changed.
pub(super) fn refresh(form: Form) {
    let Some(session) = form.session() else { return };
    for field in session.step(form.now(|state| state.step)).iter().filter(|field| field.lookup) {
        let within = field.within.as_deref().map(|name| session.value(name)).unwrap_or_default();
        // Where no state can be chosen, no city can.
        let hopeless = within.is_empty() && field.within.as_deref().is_some_and(|name| is_nothing(&session, name));
        let waits = field.within.is_some() && within.is_empty();
        if asked(&session, &field.name, |asked| asked.within == within && (!waits || asked.nothing == hopeless)) {
            continue;
        }
        // The hint alone, for want of what it depends on, does not count.
        let first = !asked(&session, &field.name, |asked| field.within.is_none() || !asked.within.is_empty());
        forget(&session, &field.name);
        session.lookups.borrow_mut().push(Asked { field: field.name.clone(), within: within.clone(), nothing: hopeless, again: false });
        empty(&session, &field.name);
        let texts = &session.view.texts;
        let on = field.within.as_deref().and_then(|name| session.field(name));
        let text = match on {
            _ if hopeless => texts.get("options.empty").to_owned(),
            Some(on) if waits => fill(texts, "options.within", &[("label", &on.label)]),
            _ => texts.get("options.loading").to_owned(),
        };
        form.note(Note { field: field.name.clone(), text, wait: true, ..Note::default() });
        if !waits {
            task::start(ask(form, session.clone(), field.name.clone(), within, first));
        }
    }
}

/// The button below a field whose options could not be had.
pub(super) fn again(form: Form, field: &str) {
    let Some(session) = form.session() else { return };
    if !session.field(field).is_some_and(|field| field.lookup) {
        return;
    }
    forget(&session, field);
    refresh(form);
    change(&session, field, |asked| asked.again = true);
}

/// Whether the proxy has said that there is nothing to choose from.
pub(super) fn is_nothing(session: &Session, field: &str) -> bool {
    asked(session, field, |asked| asked.nothing)
}

async fn ask(form: Form, session: Rc<Session>, field: String, within: String, first: bool) {
    let Some(field) = session.field(&field) else { return };
    let answer = api::options(&session.page, &field.name, &within, &session.view.locale).await;
    // The form may be gone, or something else have been chosen meanwhile.
    if form.session().is_none() || !asked(&session, &field.name, |asked| asked.within == within) {
        return;
    }
    let mut note = Note { field: field.name.clone(), ..Note::default() };
    let texts = &session.view.texts;
    match answer {
        Ok(mut answer) => {
            if field.kind == FieldKind::Country {
                countries::label(&mut answer.options, &session.view.locale);
            }
            for option in &answer.options {
                append(&session, &field.name, option.label.as_ref().unwrap_or(&option.value), &option.value);
            }
            if answer.options.is_empty() {
                note.text = texts.get("options.empty").to_owned();
                note.wait = true;
                change(&session, &field.name, |asked| asked.nothing = true);
            }
            let default = field.default.clone().filter(|_| first);
            if let Some(value) = values::wanted(&session, field).or(default) {
                session.choose(&field.name, &value);
                values::settle(&session, field);
            }
            visit::preselect(&session);
        }
        Err(_) => {
            note.text = texts.get("options.failed").to_owned();
            note.button = texts.get("options.retry").to_owned();
        }
    }
    form.note(note);
    if asked(&session, &field.name, |asked| asked.again) && !session.has_focus() {
        steps::show(form, &session, form.now(|state| state.step), Some(["[name='", &field.name, "']"].concat()));
    }
    // What depends on what is chosen now.
    refresh(form);
}

fn asked(session: &Session, field: &str, is: impl Fn(&Asked) -> bool) -> bool {
    session.lookups.borrow().iter().any(|asked| asked.field == field && is(asked))
}

fn change(session: &Session, field: &str, change: impl Fn(&mut Asked)) {
    session.lookups.borrow_mut().iter_mut().filter(|asked| asked.field == field).for_each(change);
}

fn forget(session: &Session, field: &str) {
    session.lookups.borrow_mut().retain(|asked| asked.field != field);
}

/// All but "Please choose" goes, and with it what was chosen.
fn empty(session: &Session, field: &str) {
    if let Some(select) = select(session, field) {
        select.set_length(1);
        select.set_value("");
    }
}

fn append(session: &Session, field: &str, label: &str, value: &str) {
    if let (Some(select), Ok(option)) = (select(session, field), HtmlOptionElement::new_with_text_and_value(label, value)) {
        let _ = select.append_child(&option);
    }
}

fn select(session: &Session, field: &str) -> Option<HtmlSelectElement> {
    session.control(field).map(JsCast::unchecked_into)
}
