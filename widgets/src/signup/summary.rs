//! Where several inputs are wrong: what is wrong, in one place, each a link to its input.

use latchkey_contract::Texts;
use leptos::prelude::*;

use super::{
    session::Session,
    state::{Form, State},
};
use crate::browser::dom;

/// Not shown while there is nothing of the kind.
pub(super) fn summary(form: Form, texts: &Texts) -> impl IntoView + use<> {
    let link = |(name, message): &(String, String)| {
        view! {
            <li>
                <a href=address(name) data-to=name.clone()>
                    {message.clone()}
                </a>
            </li>
        }
    };
    let links = form.now(|state| wrong(state).iter().map(link).collect::<Vec<_>>());
    view! {
        <div part="summary" role="group" aria-labelledby="lk-summary" tabindex="-1" hidden=form.flag(|state| wrong(state).is_empty())>
            <h3 id="lk-summary">{texts.get("summary.title").to_owned()}</h3>
            <ul>{links}</ul>
        </div>
    }
}

/// Names what is wrong now. By plain calls: a view that comes and goes costs a visitor 7 KB.
pub(super) fn sync(form: Form, session: &Session) {
    let Some(list) = session.find("[part=summary] ul") else { return };
    let wrong = form.now(wrong);
    let said: String = wrong.iter().map(|(_, message)| message.as_str()).collect();
    if list.text_content().as_deref() == Some(&said) {
        return;
    }
    list.set_text_content(None);
    for (name, message) in wrong {
        let link = dom::make("a", &[("href", &address(&name)), ("data-to", &name)]);
        link.set_text_content(Some(&message));
        let item = dom::make("li", &[]);
        let _ = item.append_child(&link);
        let _ = list.append_child(&item);
    }
}

/// The inputs that were wrong when the form was to go on, and still are.
fn wrong(state: &State) -> Vec<(String, String)> {
    state.summary.iter().filter_map(|name| Some((name.clone(), state.error(name)?.to_owned()))).collect()
}

fn address(name: &str) -> String {
    ["#lk-", name].concat()
}
