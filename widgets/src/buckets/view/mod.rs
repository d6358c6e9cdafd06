//! What is shown. No element of a view is without something that changes: Leptos makes those by a text of HTML, which a page that
//! enforces Trusted Types refuses.

mod form;
mod progress;
mod results;
mod save;
mod table;

use leptos::prelude::*;

use super::{
    run,
    state::{Phase, State},
};
use crate::partner::{Failure, Say};

pub(super) fn element(state: State) -> AnyView {
    run::open(state);
    let say = state.say;
    let content = move || match state.phase.get() {
        Phase::Loading => view! { <div part="skeleton" role="status" aria-label=say.text("loading")></div> }.into_any(),
        Phase::Failed(failure) => {
            let message = trouble(say, &failure);
            view! { <div part="trouble">{message}{button(say, "again", "button", move || run::open(state))}</div> }.into_any()
        }
        Phase::Ready(buckets) if buckets.is_empty() => {
            view! { <div part="empty"><h2>{say.text("buckets.title")}</h2><p>{say.text("buckets.empty")}</p></div> }.into_any()
        }
        Phase::Ready(buckets) => {
            view! { <div part="buckets">{form::form(state, buckets)}{progress::progress(state)}{results::results(state)}</div> }.into_any()
        }
    };
    view! { <div part="content" lang=say.locale() dir=say.direction()>{content}</div> }.into_any()
}

/// Why there is no answer, in words for the affiliate.
fn trouble(say: Say, failure: &Failure) -> AnyView {
    let text = say.text(told(failure));
    view! { <p part="error" role="alert">{text}</p> }.into_any()
}

/// The key of the text that tells a failure.
fn told(failure: &Failure) -> &'static str {
    let about = |field: &str| matches!(failure, Failure::Invalid(errors) if errors.iter().any(|error| error.0.starts_with(field)));
    match failure {
        Failure::Offline => "trouble.offline",
        Failure::Expired => "trouble.expired",
        Failure::Refused => "trouble.refused",
        Failure::Unknown => "trouble.unknown",
        Failure::Crm | Failure::Busy(_) => "trouble.crm",
        Failure::Failed(_) => "trouble.failed",
        Failure::Invalid(_) if about("bucket") => "trouble.bucket",
        Failure::Invalid(_) if about("filters") => "trouble.dates",
        Failure::Invalid(_) => "trouble.list",
    }
}

fn button(say: Say, key: &'static str, part: &'static str, act: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" part=part on:click=move |_| act()>{say.text(key)}</button> }.into_any()
}

/// A list to choose from; each a value and its words.
fn select(label: String, id: &'static str, chosen: RwSignal<String>, options: impl Fn() -> Vec<(String, String)> + Send + 'static) -> AnyView {
    let options = move || {
        let option = |(value, text): (String, String)| {
            let is_chosen = chosen.get_untracked() == value;
            view! { <option value=value selected=is_chosen>{text}</option> }
        };
        options().into_iter().map(option).collect_view()
    };
    view! {
        <div part="field">
            <label for=id>{label}</label>
            <select part="input" id=id prop:value=move || chosen.get() on:change=move |event| chosen.set(event_target_value(&event))>{options}</select>
        </div>
    }
    .into_any()
}
