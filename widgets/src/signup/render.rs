//! The form as HTML, for the proxy.

use std::rc::Rc;

use latchkey_contract::FunnelView;
use leptos::prelude::*;

use super::{
    markup::{Post, SignupForm},
    state::{Note, Outcome, State},
};

/// What a form shows at first.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Counted from 0.
    pub step: usize,
    /// An input's name, and what is wrong with it.
    pub errors: Vec<(String, String)>,
    /// What is wrong with no input in particular.
    pub alert: String,
    /// How fields' options, or their codes, are coming along: a field's name, what is said, and the button that asks again.
    pub notes: Vec<(String, String, String)>,
    /// The log-in page for an e-mail that is known.
    pub login: Option<String>,
    /// In the form's place: the signup is in.
    pub done: Option<Done>,
}

/// What is said when the signup is in.
#[derive(Clone, Debug, Default)]
pub struct Done {
    pub text: String,
    /// What is said while the CRM does not have it yet.
    pub under_way: String,
    /// Address and words of a link.
    pub link: Option<(String, String)>,
}

/// Well-formed HTML.
pub fn html(view: FunnelView, shown: Shown, post: Post) -> String {
    let several = shown.errors.len() > 1;
    let state = State {
        step: shown.step,
        summary: shown.errors.iter().filter(|_| several).map(|(name, _)| name.clone()).collect(),
        errors: shown.errors,
        alert: shown.alert,
        login: shown.login,
        notes: shown.notes.into_iter().map(|(field, text, button)| Note { field, text, button, wait: false }).collect(),
        outcome: shown.done.map(|Done { text, under_way, link }| Outcome { text, under_way, link }),
        ..State::of(&view)
    };
    let owner = Owner::new();
    let (view, state) = (Rc::new(view), Rc::new(state));
    owner.with(|| view! { <SignupForm view state post /> }.to_html())
}
