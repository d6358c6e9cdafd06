//! The form as HTML, by Leptos components: what a state looks like. What changes afterwards is [`super::paint`]'s, on the same
//! elements, wherever they were rendered.

mod agreement;
mod choices;
mod field;
mod form;
mod layout;
mod outcome;
mod summary;

pub use form::Post;
pub(super) use form::SignupForm;

/// An attribute that is "true" or not there.
fn flag(is: bool) -> Option<&'static str> {
    is.then_some("true")
}

fn truth(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}
