//! The form as it is shown.

use std::rc::Rc;

use latchkey_contract::{FunnelView, HONEYPOT, agreement_name};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlButtonElement, HtmlInputElement};

use super::{agreement::agreement, checks, field::field, layout, outcome::OutcomeMessage, sending, session::Session, state::Form, visit};

/// A funnel's form. Without a session it is only shown: so the proxy renders it.
#[component]
pub fn SignupForm(
    /// The funnel; its defaults are what the inputs hold at first. Countries are labelled already where the renderer
    /// knows their names.
    view: Rc<FunnelView>,
    session: Option<Rc<Session>>,
) -> impl IntoView {
    let form = Form::new(session);
    let texts = &view.texts;
    let (submit, sending) = (texts.get("submit").to_owned(), texts.get("sending").to_owned());
    let (fields, title) = match view.steps.first() {
        Some(step) => (step.fields.as_slice(), step.title.clone()),
        None => (&[][..], None),
    };
    let fields: Vec<_> = fields.iter().zip(layout::halves(fields)).map(|(view, half)| field(form, view, texts, half)).collect();
    let agreements: Vec<_> = view.agreements.iter().enumerate().map(|(index, view)| agreement(form, view, agreement_name(index))).collect();
    view! {
        <div lang=view.locale.clone() dir=if view.rtl { "rtl" } else { "ltr" }>
            <form
                part="form"
                novalidate
                hidden=form.flag(|state| state.outcome.is_some())
                on:submit=move |event: ev::SubmitEvent| {
                    event.prevent_default();
                    sending::submit(form);
                }
                on:input=move |event| input(form, &event)
                on:focusout=move |event| left(form, &event)
            >
                <h2 part="title">{title.unwrap_or_default()}</h2>
                <div>{fields} {agreements}</div>
                <label aria-hidden="true">
                    {HONEYPOT} <input name=HONEYPOT tabindex="-1" autocomplete="off" />
                </label>
                <p part="error" role="alert">
                    {form.words(|state| state.alert.clone())}
                </p>
                // By its `tabindex` Safari lets a click move the focus here, as the others do anyway.
                <button part="button" tabindex="0" aria-disabled=form.flag(|state| state.sending)>
                    {form.words(move |state| if state.sending { sending.clone() } else { submit.clone() })}
                </button>
            </form>
            <OutcomeMessage form />
        </div>
    }
}

/// Something was typed or chosen: what is shown as wrong may be right now.
fn input(form: Form, event: &ev::Event) {
    let Some((session, name)) = target(form, event) else { return };
    visit::keep(&session);
    if form.is_wrong(&name) {
        check(form, &session, &name);
    }
    session.set_changed(name);
}

/// An input was left: if something was typed into it, it is checked. What is shown as wrong already stays so until it is
/// typed into again: it may be the server that says so.
fn left(form: Form, event: &ev::FocusEvent) {
    // A message that comes or goes would move the button away under the click. Sending checks all inputs anyway.
    if event.related_target().is_some_and(|to| to.has_type::<HtmlButtonElement>()) {
        return;
    }
    let Some((session, name)) = target(form, event) else { return };
    // Half a date is no input event.
    let touched = session.is_changed(&name) || session.control(&name).is_some_and(|control| control.validity().bad_input());
    if touched && !form.is_wrong(&name) {
        check(form, &session, &name);
    }
}

/// The name of the input that it happened to; empty for the button.
fn target(form: Form, event: &ev::Event) -> Option<(Rc<Session>, String)> {
    // Of a select and of the button too: their names are read alike.
    let name = event.target()?.unchecked_ref::<HtmlInputElement>().name();
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
