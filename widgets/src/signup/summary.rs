//! Where several inputs are wrong: what is wrong, in one place, each a link to its input.

use latchkey_contract::Texts;
use leptos::prelude::*;

use super::state::{Form, State};

/// Empty, and so not shown, while there is nothing of the kind.
pub(super) fn summary(form: Form, texts: &Texts) -> impl IntoView + use<> {
    let title = texts.get("summary.title").to_owned();
    view! {
        <div part="summary" role="group" aria-labelledby="lk-summary" tabindex="-1" hidden=form.flag(|state| wrong(state).next().is_none())>
            <h3 id="lk-summary">{title}</h3>
            <ul>{form.list(|state| wrong(state).map(|(name, message)| link(name, message)).collect())}</ul>
        </div>
    }
}

/// What of it is still wrong.
fn wrong(state: &State) -> impl Iterator<Item = (&str, &str)> {
    state.summary.iter().filter_map(|name| Some((name.as_str(), state.error(name)?)))
}

fn link(name: &str, message: &str) -> AnyView {
    let (address, name) = (["#lk-", name].concat(), name.to_owned());
    view! {
        <li>
            <a href=address data-to=name>
                {message.to_owned()}
            </a>
        </li>
    }
    .into_any()
}
