//! What is shown.

mod form;
mod progress;
mod results;
mod table;

use leptos::prelude::*;
use web_sys::Element;

use super::{
    run,
    state::{Phase, State},
};
use crate::partner::{
    Failure,
    controls::{self, alert, button},
    view::{holds, node, words},
};

pub(super) fn element(state: State) -> Element {
    run::open(state);
    let say = state.say;
    let content = node("div", &[("part", "content"), ("lang", &say.locale()), ("dir", &say.direction())], &[]);
    holds(&content, move || match state.phase.get() {
        Phase::Loading => vec![node("div", &[("part", "skeleton"), ("role", "status"), ("aria-label", &say.text("loading"))], &[])],
        Phase::Failed(failure) => {
            let again = button(say, "again", "button", move || run::open(state));
            vec![node("div", &[("part", "trouble")], &[alert(&say.text(told(&failure))), again])]
        }
        Phase::Ready(buckets) if buckets.is_empty() => {
            let title = words("h2", &[], &say.text("buckets.title"));
            vec![node("div", &[("part", "empty")], &[title, words("p", &[], &say.text("buckets.empty"))])]
        }
        Phase::Ready(buckets) => {
            let parts = [form::form(state, buckets), progress::progress(state), results::results(state)];
            vec![node("div", &[("part", "buckets")], &parts)]
        }
    });
    content
}

/// The key of the text that tells a failure.
fn told(failure: &Failure) -> &'static str {
    let about = |field: &str| matches!(failure, Failure::Invalid(errors) if errors.iter().any(|error| error.0.starts_with(field)));
    match failure {
        Failure::Unknown => "trouble.unknown",
        Failure::Invalid(_) if about("bucket") => "trouble.bucket",
        Failure::Invalid(_) if about("filters") => "trouble.dates",
        Failure::Invalid(_) => "trouble.list",
        _ => controls::told(failure),
    }
}
