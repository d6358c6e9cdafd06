//! What changes while a form is filled in and sent.

use std::rc::Rc;

use latchkey_contract::{FunnelView, Shown, Texts, shown};
use leptos::prelude::*;

use super::{checks::Errors, controls, paint, session::Session, words::fill};

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

/// The form's one signal, and its session. Handlers and tasks keep this alone: all of it goes when the form is
/// unmounted, and then [`Form::session`] says so.
#[derive(Clone, Copy)]
pub(super) struct Form {
    state: RwSignal<State>,
    session: StoredValue<Rc<Session>, LocalStorage>,
}

impl Form {
    /// A form in a browser, whose elements follow what it says from now on.
    pub(super) fn new(session: Rc<Session>, state: State) -> Form {
        let form = Form { state: RwSignal::new(state), session: StoredValue::new_local(session.clone()) };
        session.form.set(Some(form));
        Effect::new(move || form.state.with(|state| paint::paint(&session, state)));
        form
    }

    /// `None` when the form is no longer there.
    pub(super) fn session(self) -> Option<Rc<Session>> {
        self.session.try_get_value()
    }

    pub(super) fn update(self, change: impl FnOnce(&mut State)) {
        self.state.update(change);
        controls::later(self);
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

    /// "Step 2 of 3".
    pub(super) fn count(&self, texts: &Texts) -> String {
        let (number, count) = self.progress();
        fill(texts, "step.count", &[("step", &number.to_string()), ("count", &count.to_string())])
    }

    /// What the button says that goes on.
    pub(super) fn button<'a>(&self, texts: &'a Texts) -> &'a str {
        texts.get(match self {
            _ if self.sending => "sending",
            _ if self.next().is_some() => "step.next",
            _ => "submit",
        })
    }

    /// What of the summary is still wrong: an input's name, and why.
    pub(super) fn summarised(&self) -> impl Iterator<Item = (&str, &str)> {
        self.summary.iter().filter_map(|name| Some((name.as_str(), self.error(name)?)))
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
