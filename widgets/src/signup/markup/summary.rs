//! Where several inputs are wrong: what is wrong, in one place, each a link to its input.

use latchkey_contract::Texts;
use leptos::prelude::*;

use super::{super::state::State, flag};

/// Empty, and so not shown, while there is nothing of the kind.
pub(super) fn summary(state: &State, texts: &Texts) -> impl IntoView + use<> {
    let title = texts.get("summary.title").to_owned();
    let links: Vec<_> = state
        .summarised()
        .map(|(name, message)| {
            view! {
                <li>
                    <a href=["#lk-", name].concat() data-to=name.to_owned()>
                        {message.to_owned()}
                    </a>
                </li>
            }
        })
        .collect();
    let nothing = links.is_empty();
    view! {
        <div part="summary" role="group" aria-labelledby="lk-summary" tabindex="-1" hidden=flag(nothing)>
            <h3 id="lk-summary">{title}</h3>
            <ul>{links}</ul>
        </div>
    }
}
