//! What changes while a form is filled in and sent.

use std::rc::Rc;

use leptos::prelude::*;

use super::{checks::Errors, session::Session};

/// What the form shows, beside what its inputs hold.
#[derive(Default)]
pub(super) struct State {
    pub(super) errors: Errors,
    /// What is wrong with no input in particular.
    pub(super) alert: String,
    /// The log-in page for an e-mail that is known.
    pub(super) login: Option<String>,
    pub(super) sending: bool,
    pub(super) outcome: Option<Outcome>,
}

/// What the visitor sees when the signup is in: thanks, and the way on where there is one.
pub(super) struct Outcome {
    pub(super) text: String,
    /// Address and words of a link.
    pub(super) link: Option<(String, String)>,
}

/// Words that follow the state. Boxed, as the attributes below: each type of closure would be compiled on its own.
type Words = Box<dyn Fn() -> String + Send>;
type Attribute<T> = Box<dyn Fn() -> Option<T> + Send>;

/// The form's one signal, and its session. Handlers and tasks keep this alone: all of it goes when the form is
/// unmounted, and then [`Form::session`] says so. (One signal and not five, because each type of content costs a
/// visitor a kilobyte.)
#[derive(Clone, Copy)]
pub(super) struct Form {
    state: RwSignal<State>,
    session: Option<StoredValue<Rc<Session>, LocalStorage>>,
}

impl Form {
    pub(super) fn new(session: Option<Rc<Session>>) -> Form {
        Form { state: RwSignal::default(), session: session.map(StoredValue::new_local) }
    }

    /// `None` when the form is no longer there, or was never in a browser.
    pub(super) fn session(self) -> Option<Rc<Session>> {
        self.session?.try_get_value()
    }

    pub(super) fn update(self, change: impl FnOnce(&mut State)) {
        self.state.update(change);
    }

    pub(super) fn is_sending(self) -> bool {
        self.state.with_untracked(|state| state.sending)
    }

    pub(super) fn is_wrong(self, name: &str) -> bool {
        self.state.with_untracked(|state| state.error(name).is_some())
    }

    pub(super) fn words(self, read: impl Fn(&State) -> String + Send + 'static) -> Words {
        Box::new(move || self.state.with(&read))
    }

    pub(super) fn attribute(self, read: impl Fn(&State) -> Option<String> + Send + 'static) -> Attribute<String> {
        Box::new(move || self.state.with(&read))
    }

    /// An attribute that is "true" or not there.
    pub(super) fn flag(self, read: impl Fn(&State) -> bool + Send + 'static) -> Attribute<&'static str> {
        Box::new(move || self.state.with(&read).then_some("true"))
    }
}

impl State {
    /// What is wrong with that input.
    pub(super) fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.0 == name).map(|error| error.1.as_str())
    }
}
