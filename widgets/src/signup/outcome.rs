//! What the visitor sees when the signup is in.

use leptos::prelude::*;

use super::state::Form;

/// Takes the form's place. It is in the page from the start, empty, so that screen readers hear when it is filled.
#[component]
pub(super) fn OutcomeMessage(form: Form) -> impl IntoView {
    view! {
        <div part="message" role="status">
            <h2 tabindex="-1">
                {form.words(|state| state.outcome.as_ref().map(|outcome| outcome.text.clone()).unwrap_or_default())}
            </h2>
            <p>{form.words(|state| state.outcome.as_ref().map(|outcome| outcome.under_way.clone()).unwrap_or_default())}</p>
            <a part="button" target="_top" href=form.attribute(|state| Some(state.outcome.as_ref()?.link.clone()?.0))>
                {form.words(|state| state.outcome.as_ref().and_then(|outcome| Some(outcome.link.clone()?.1)).unwrap_or_default())}
            </a>
        </div>
    }
}
