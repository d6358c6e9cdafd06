//! What changes while a form is filled in and sent.

use std::rc::Rc;

use latchkey_contract::{FunnelView, Shown, shown};
use leptos::prelude::*;

use super::{checks::Errors, controls, session::Session};

/// What the form shows, beside what its inputs hold.
#[derive(Default)]
pub(super) struct State {
    /// Which step is shown, counted from 0.
    pub(super) step: usize,
    /// The steps and fields that are shown, given what is filled in.
    pub(super) shown: Shown,
    /// The labels of the fields that have come last.
    pub(super) appeared: String,
    pub(super) errors: Errors,
    /// The inputs that were wrong when the form was to go on, where they were several.
    pub(super) summary: Vec<String>,
    /// What is wrong with no input in particular.
    pub(super) alert: String,
    /// The log-in page for an e-mail that is known.
    pub(super) login: Option<String>,
    pub(super) sending: bool,
    /// It is sent again by itself; the key of what is said should that come to nothing.
    pub(super) retrying: Option<&'static str>,
    pub(super) outcome: Option<Outcome>,
    pub(super) notes: Vec<Note>,
}

/// How an input's options, or its code, are coming along. What is empty is not shown.
#[derive(Default)]
pub(super) struct Note {
    pub(super) field: String,
    pub(super) text: String,
    /// What the button says that asks for them again.
    pub(super) button: String,
    /// Nothing can be chosen, or asked for, now.
    pub(super) wait: bool,
}

/// What the visitor sees when the signup is in: thanks, and the way on where there is one.
pub(super) struct Outcome {
    pub(super) text: String,
    /// What is said while the CRM does not have it yet.
    pub(super) under_way: String,
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
    pub(super) fn new(session: Option<Rc<Session>>, state: State) -> Form {
        let shown = session.clone();
        let form = Form { state: RwSignal::new(state), session: session.map(StoredValue::new_local) };
        if let Some(session) = shown {
            session.form.set(Some(form));
        }
        form
    }

    /// `None` when the form is no longer there, or was never in a browser.
    pub(super) fn session(self) -> Option<Rc<Session>> {
        self.session?.try_get_value()
    }

    pub(super) fn update(self, change: impl FnOnce(&mut State)) {
        self.state.update(change);
        if self.session.is_some() {
            controls::later(self);
        }
    }

    /// In the place of what was said about that field before.
    pub(super) fn note(self, note: Note) {
        self.update(|state| {
            state.notes.retain(|other| other.field != note.field);
            state.notes.push(note);
        });
    }

    /// What is shown now.
    pub(super) fn now<T>(self, read: impl FnOnce(&State) -> T) -> T {
        self.state.with_untracked(read)
    }

    pub(super) fn words(self, read: impl Fn(&State) -> String + Send + 'static) -> Words {
        Box::new(move || self.state.with(&read))
    }

    pub(super) fn list(self, read: impl Fn(&State) -> Vec<AnyView> + Send + 'static) -> impl Fn() -> Vec<AnyView> + Send {
        move || self.state.with(&read)
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
    /// What a form shows at first: given its defaults, since nothing else is filled in.
    pub(super) fn of(view: &FunnelView) -> State {
        let shown = shown(&view.steps, &|field| field.default.clone().unwrap_or_default());
        State { step: shown.next(None).unwrap_or_default(), shown, ..State::default() }
    }

    /// The step after the one that is shown, if there is one.
    pub(super) fn next(&self) -> Option<usize> {
        self.shown.next(Some(self.step))
    }

    /// The number of the step that is shown, from 1, and how many there are.
    pub(super) fn progress(&self) -> (usize, usize) {
        let count = |steps: &[bool]| steps.iter().filter(|shown| **shown).count();
        (count(self.shown.steps.get(..=self.step).unwrap_or_default()), count(&self.shown.steps))
    }

    /// What is wrong with that input.
    pub(super) fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.0 == name).map(|error| error.1.as_str())
    }

    pub(super) fn note(&self, field: &str) -> Option<&Note> {
        self.notes.iter().find(|note| note.field == field)
    }

    /// Whether nothing can be chosen from that field's options, or its code asked for, now.
    pub(super) fn waits(&self, field: &str) -> bool {
        self.note(field).is_some_and(|note| note.wait)
    }
}
