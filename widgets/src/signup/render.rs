//! The form as HTML, by the components that take it over in the browser. For the proxy.

use std::rc::Rc;

use latchkey_contract::FunnelView;
use leptos::prelude::*;

use super::{
    form::{Post, SignupForm, SignupFormProps},
    state::{Outcome, State},
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

/// Well-formed HTML; what is hydrated has to be this, node by node.
pub fn html(view: FunnelView, shown: Shown, post: Post) -> String {
    let several = shown.errors.len() > 1;
    let state = State {
        step: shown.step,
        summary: shown.errors.iter().filter(|_| several).map(|(name, _)| name.clone()).collect(),
        errors: shown.errors,
        alert: shown.alert,
        login: shown.login,
        outcome: shown.done.map(|Done { text, under_way, link }| Outcome { text, under_way, link }),
        ..State::of(&view)
    };
    let owner = Owner::new();
    owner.with(|| SignupForm(SignupFormProps { view: Rc::new(view), session: None, state, post }).into_view().to_html())
}
