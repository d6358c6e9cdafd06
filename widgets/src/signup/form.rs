//! The form as it is shown.

use std::rc::Rc;

use latchkey_contract::{BACK, FieldKind, FunnelView, HONEYPOT, POSTED, Texts, agreement_name};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlSelectElement};

use super::{
    agreement::agreement,
    checks, codes,
    field::field,
    layout, lookups,
    outcome::OutcomeMessage,
    retrying,
    session::Session,
    state::{Form, State},
    steps,
    summary::summary,
    visit,
    words::fill,
};

/// A funnel's form. Without a session it is only shown: so the proxy renders it.
#[component]
pub(super) fn SignupForm(
    /// The funnel; its defaults are what the inputs hold at first. Countries are labelled already where the renderer
    /// knows their names.
    view: Rc<FunnelView>,
    session: Option<Rc<Session>>,
    /// What is shown at first. In a browser it has to be what the proxy has rendered.
    state: State,
    /// Where the form is posted to without a script, and what goes with it; what only the proxy fills in is there empty elsewhere.
    post: Post,
) -> impl IntoView {
    let form = Form::new(session, state);
    let texts = &view.texts;
    let count = view.steps.len();
    let (next, submit, sending) = (texts.get("step.next").to_owned(), texts.get("submit").to_owned(), texts.get("sending").to_owned());
    let retrying = texts.get("retrying").to_owned();
    let titles: Vec<_> = view.steps.iter().map(|step| step.title.clone().unwrap_or_default()).collect();
    let steps: Vec<_> = view
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            view! {
                // Hidden, not gone: password managers and the page see one form, and what was typed stays.
                <div part="step" data-step=step.id.clone() hidden=form.flag(move |state| state.step != index)>
                    {content(form, &view, index)}
                </div>
            }
        })
        .collect();
    let agreements: Vec<_> = view.agreements.iter().enumerate().map(|(index, view)| agreement(form, view, agreement_name(index))).collect();
    // Which step is the last is known only as the form is filled in.
    let agreements = (!agreements.is_empty()).then(|| {
        view! {
            <div part="agreements" hidden=form.flag(|state| state.next().is_some())>
                {agreements}
            </div>
        }
    });
    let several = count > 1;
    view! {
        <div lang=view.locale.clone() dir=if view.rtl { "rtl" } else { "ltr" }>
            <form
                part="form"
                method="post"
                action=post.action
                novalidate
                hidden=form.flag(|state| state.outcome.is_some())
                on:submit=move |event: ev::SubmitEvent| {
                    event.prevent_default();
                    steps::forward(form);
                }
                on:input=move |event| input(form, &event)
                on:click=move |event| clicked(form, &event)
                on:focusout=move |event| left(form, &event)
            >
                {several.then(|| progress(form, texts, count))}
                <h2 part="title" tabindex=several.then_some("-1")>
                    {form.words(move |state| titles.get(state.step).cloned().unwrap_or_default())}
                </h2>
                {summary(form, texts)}
                {steps}
                {agreements}
                <p part="count" role="status">
                    {form.words(|state| state.appeared.clone())}
                </p>
                <input type="hidden" name=POSTED value=post.sealed />
                <label aria-hidden="true">
                    {HONEYPOT} <input name=HONEYPOT tabindex="-1" autocomplete="off" />
                </label>
                <p part="error" role="alert">
                    {form.words(|state| state.alert.clone())}
                </p>
                <p part="retrying" role="status">
                    {form.words(move |state| if state.retrying.is_some() { retrying.clone() } else { String::new() })}
                </p>
                <footer part="actions">
                    // The first in the form, since the enter key presses that; the styles put it behind the one that goes back. By its
                    // `tabindex` Safari lets a click move the focus here, as the others do anyway.
                    <button part="button" tabindex="0" aria-disabled=form.flag(|state| state.sending)>
                        {form
                            .words(move |state| {
                                if state.sending {
                                    sending.clone()
                                } else if state.next().is_some() {
                                    next.clone()
                                } else {
                                    submit.clone()
                                }
                            })}
                    </button>
                    {several.then(|| back(form, texts))}
                </footer>
            </form>
            <OutcomeMessage form />
        </div>
    }
}

/// Where a form is posted to without a script.
#[derive(Clone, Debug, Default)]
pub struct Post {
    pub action: String,
    /// What the proxy remembers of the steps before, and of the visit.
    pub sealed: String,
}

/// A step's inputs.
fn content(form: Form, view: &FunnelView, index: usize) -> impl IntoView + use<> {
    let texts = &view.texts;
    let fields = view.steps.get(index).map_or(&[][..], |step| &step.fields);
    fields.iter().zip(layout::halves(fields)).map(|(view, half)| field(form, view, texts, half)).collect::<Vec<_>>()
}

/// "Step 2 of 3", in words and as a row of marks.
fn progress(form: Form, texts: &Texts, count: usize) -> impl IntoView + use<> {
    let words = texts.clone();
    let words = move |state: &State| {
        let (number, count) = state.progress();
        fill(&words, "step.count", &[("step", &number.to_string()), ("count", &count.to_string())])
    };
    let marks: Vec<_> = (0..count)
        .map(|index| {
            view! {
                <li
                    aria-current=form.attribute(move |state| (state.step == index).then(|| "step".to_owned()))
                    hidden=form.flag(move |state| state.shown.steps.get(index) != Some(&true))
                >
                    {(index + 1).to_string()}
                </li>
            }
        })
        .collect();
    view! {
        <header part="progress">
            <p role="status" tabindex="-1">
                {form.words(words)}
            </p>
            <ol>{marks}</ol>
        </header>
    }
}

fn back(form: Form, texts: &Texts) -> impl IntoView + use<> {
    let text = texts.get("step.back").to_owned();
    view! {
        <button
            part="button back"
            data-back
            name=BACK
            value="1"
            tabindex="0"
            hidden=form.flag(|state| state.shown.previous(state.step).is_none())
            aria-disabled=form.flag(|state| state.sending)
        >
            {text}
        </button>
    }
}

/// Something was typed or chosen: what is shown as wrong may be right now.
fn input(form: Form, event: &ev::Event) {
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

/// One of the buttons within the form was clicked. (Listened to once: each listener is a kilobyte.)
fn clicked(form: Form, event: &ev::MouseEvent) {
    let Some(target) = event.target() else { return };
    let target: &Element = target.unchecked_ref();
    if target.has_attribute("data-back") {
        event.prevent_default();
        steps::back(form);
    } else if let Some(field) = target.get_attribute("data-again") {
        lookups::again(form, &field);
        codes::again(form, &field);
    }
}

/// An input was left: if something was typed into it, it is checked. What is shown as wrong already stays so until it is
/// typed into again: it may be the server that says so.
fn left(form: Form, event: &ev::FocusEvent) {
    let Some((session, name)) = target(form, event) else { return };
    if let Some(control) = session.control(&name)
        && session.field(&name).is_some_and(|field| field.kind == FieldKind::Number)
    {
        // The visitor sees what is sent.
        control.set_value(&checks::decimal(&control.value()));
    }
    lookups::refresh(form);
    // A message that comes or goes would move the button away under the click. Sending checks all inputs anyway.
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
fn target(form: Form, event: &ev::Event) -> Option<(Rc<Session>, String)> {
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
