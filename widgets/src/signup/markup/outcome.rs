//! What the visitor sees when the signup is in.

use leptos::prelude::*;

use super::super::state::State;

/// Takes the form's place. It is in the page from the start, empty, so that screen readers hear when it is filled.
pub(super) fn outcome(state: &State) -> impl IntoView + use<> {
    let outcome = state.outcome.as_ref();
    let (address, words) = outcome.and_then(|outcome| outcome.link.clone()).unzip();
    view! {
        <div part="message" role="status">
            <h2 tabindex="-1">{outcome.map(|outcome| outcome.text.clone()).unwrap_or_default()}</h2>
            <p>{outcome.map(|outcome| outcome.under_way.clone()).unwrap_or_default()}</p>
            <a part="button" target="_top" href=address>
                {words.unwrap_or_default()}
            </a>
        </div>
    }
}
