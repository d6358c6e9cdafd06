//! The form as a whole.

use std::rc::Rc;

use latchkey_contract::{AGAIN, BACK, FunnelView, HONEYPOT, POSTED, Texts, agreement_name};
use leptos::prelude::*;

use super::{super::state::State, agreement::agreement, field::field, flag, layout, outcome::outcome, summary::summary};

/// A funnel's form.
#[component]
pub(in crate::signup) fn SignupForm(
    /// The funnel; its defaults are what the inputs hold. Countries are labelled already.
    view: Rc<FunnelView>,
    /// What is shown.
    state: Rc<State>,
    /// Where the form is posted to without a script, and what goes with it.
    post: Post,
) -> impl IntoView {
    let (state, texts) = (&*state, &view.texts);
    let count = view.steps.len();
    let title = view.steps.get(state.step).and_then(|step| step.title.clone()).unwrap_or_default();
    let steps: Vec<_> = view
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let halves = layout::halves(&step.fields);
            let fields: Vec<_> = step.fields.iter().zip(halves).map(|(view, half)| field(state, view, texts, half)).collect();
            view! {
                // Hidden, not gone: password managers and the page see one form, and what was typed stays.
                <div part="step" data-step=step.id.clone() hidden=flag(state.step != index)>
                    {fields}
                </div>
            }
        })
        .collect();
    let agreements: Vec<_> =
        view.agreements.iter().enumerate().map(|(index, view)| agreement(state, view, agreement_name(index))).collect();
    // Which step is the last is known only as the form is filled in.
    let agreements = (!agreements.is_empty()).then(|| {
        view! {
            <div part="agreements" hidden=flag(state.next().is_some())>
                {agreements}
            </div>
        }
    });
    // Of a page without a script: its button is one that the enter key does not press.
    let again = (!post.sealed.is_empty()).then(|| {
        view! {
            <form id=AGAIN method="post" action=post.action.clone() hidden="true">
                <input type="hidden" name=POSTED value=post.sealed.clone() />
            </form>
        }
    });
    let several = count > 1;
    let retrying = if state.retrying.is_some() { texts.get("retrying").to_owned() } else { String::new() };
    view! {
        <div lang=view.locale.clone() dir=if view.rtl { "rtl" } else { "ltr" }>
            <form part="form" method="post" action=post.action novalidate hidden=flag(state.outcome.is_some())>
                {several.then(|| progress(state, texts, count))}
                <h2 part="title" tabindex=several.then_some("-1")>
                    {title}
                </h2>
                {summary(state, texts)}
                {steps}
                {agreements}
                <p part="count" role="status">
                    {state.appeared.clone()}
                </p>
                <input type="hidden" name=POSTED value=post.sealed />
                <label aria-hidden="true">
                    {HONEYPOT} <input name=HONEYPOT tabindex="-1" autocomplete="off" />
                </label>
                <p part="error" role="alert">
                    {state.alert.clone()}
                </p>
                <p part="retrying" role="status">
                    {retrying}
                </p>
                <footer part="actions">
                    // The first in the form, since the enter key presses that; the styles put it behind the one that goes back. By its
                    // `tabindex` Safari lets a click move the focus here, as the others do anyway.
                    <button part="button" tabindex="0" aria-disabled=flag(state.sending)>
                        {state.button(texts).to_owned()}
                    </button>
                    {several.then(|| back(state, texts))}
                </footer>
            </form>
            {again}
            {outcome(state)}
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

/// "Step 2 of 3", in words and as a row of marks.
fn progress(state: &State, texts: &Texts, count: usize) -> impl IntoView + use<> {
    let marks: Vec<_> = (0..count)
        .map(|index| {
            view! {
                <li aria-current=(state.step == index).then_some("step") hidden=flag(state.shown.steps.get(index) != Some(&true))>
                    {(index + 1).to_string()}
                </li>
            }
        })
        .collect();
    view! {
        <header part="progress">
            <p role="status" tabindex="-1">
                {state.count(texts)}
            </p>
            <ol>{marks}</ol>
        </header>
    }
}

fn back(state: &State, texts: &Texts) -> impl IntoView + use<> {
    view! {
        <button
            part="button back"
            data-back
            name=BACK
            value="1"
            tabindex="0"
            hidden=flag(state.shown.previous(state.step).is_none())
            aria-disabled=flag(state.sending)
        >
            {texts.get("step.back").to_owned()}
        </button>
    }
}
