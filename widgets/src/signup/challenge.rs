//! What the proxy asks of a browser before it takes a signup: work that nobody sees, or a captcha. A frame of the proxy's own origin
//! does it, and tells the proof. (`widgets/loader/challenge.js` is what runs in there, and says which messages there are.)
//!
//! Work begins with the visit. A captcha stands above the button of the last step.

use std::rc::Rc;

use latchkey_contract::{ChallengeKind, PROOF, Problem};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement};

use super::{sending, session::Session, state::Form, visit};
use crate::browser::{dom, json::Json, pause, task};

/// Between one look for the proof and the next.
const TICK_MS: u32 = 100;
/// How long a frame is waited for that says nothing, and one that has: a visitor may be solving what it shows. In ticks.
const SILENT: u32 = 200;
const LONGEST: u32 = 1_800;
/// How often a proof may be refused until the signup is sent without.
const TRIES: u32 = 2;

/// The frame, and what it has said.
#[derive(Default)]
pub(super) struct Shown {
    frame: Option<Element>,
    listener: Option<Closure<dyn FnMut(Event)>>,
    /// Whether it has said anything.
    answers: bool,
    proof: Option<String>,
    /// How many proofs were refused since the visitor has sent the form.
    refused: u32,
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(listener) = &self.listener {
            let _ = window().remove_event_listener_with_callback("message", listener.as_ref().unchecked_ref());
        }
    }
}

/// There is another visit: what was proved for the one before is no good.
pub(super) fn renewed(session: &Session) {
    let mut shown = session.challenge.borrow_mut();
    if let Some(frame) = shown.frame.take() {
        frame.remove();
    }
    shown.proof = None;
    shown.answers = false;
    drop(shown);
    refresh(session);
}

/// Shows what the visit asks for, as soon as it is wanted.
pub(super) fn refresh(session: &Session) {
    let (Some(form), Some(challenge)) = (session.form.get(), visit::challenge(session)) else { return };
    let is_seen = challenge.kind == ChallengeKind::Captcha && form.now(|state| state.next().is_none());
    let mut shown = session.challenge.borrow_mut();
    if shown.frame.is_none() && (is_seen || challenge.kind == ChallengeKind::Work) {
        let Some(buttons) = session.find("footer") else { return };
        if shown.listener.is_none() {
            let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| heard(form, &Json::new(event.into())));
            let _ = window().add_event_listener_with_callback("message", listener.as_ref().unchecked_ref());
            shown.listener = Some(listener);
        }
        // It tells the proof to this page alone.
        let source = [&challenge.url, "#", &window().location().origin().unwrap_or_default()].concat();
        let frame = dom::make("iframe", &[("part", "captcha"), ("title", session.view.texts.get("captcha.title")), ("src", &source)]);
        let _ = buttons.before_with_node_1(&frame);
        shown.frame = Some(frame);
    }
    if let Some(frame) = &shown.frame {
        dom::set(frame, "hidden", (!is_seen).then_some(""));
    }
}

/// A message to this window: is it the frame's, with the proxy's page in it?
fn heard(form: Form, event: &Json) {
    let Some(session) = form.session() else { return };
    let mut shown = session.challenge.borrow_mut();
    let Some(frame) = shown.frame.clone() else { return };
    let origin = event.text("origin").unwrap_or_default();
    let is_proxy = session.page.base.strip_prefix(&origin).is_some_and(|path| path.starts_with('/'));
    if !is_proxy || event.member("source") != Json::new(frame.clone().into()).member("contentWindow") {
        return;
    }
    let message = event.member("data");
    shown.answers = true;
    if message.has("proof") {
        shown.proof = message.text("proof");
    } else if let Some(height) = message.number("height") {
        dom::set(&frame, "height", Some(&(height as u32).to_string()));
    }
}

/// What goes with the signup.
pub(super) fn proof(session: &Session) -> Option<String> {
    session.challenge.borrow().proof.clone()
}

/// Whether all that is asked for is there.
pub(super) fn is_met(session: &Session) -> bool {
    let shown = session.challenge.borrow();
    shown.frame.is_none() || shown.proof.is_some()
}

/// The visitor sends the form.
pub(super) fn begin(session: &Session) {
    session.challenge.borrow_mut().refused = 0;
}

/// Whether a signup was refused for want of a good proof: then another visit asks for another one.
pub(super) fn is_asked_again(session: &Session, problem: &Problem) -> bool {
    let is_refused = problem.errors.iter().any(|error| error.field == PROOF);
    if is_refused {
        session.visit.replace(None);
        session.challenge.borrow_mut().refused += 1;
    }
    is_refused
}

/// Waits for the proof, and sends what is entered then. One that cannot be had, or is refused again and again, is sent empty: the
/// proxy keeps such a signup for a person to look at.
pub(super) fn wait(form: Form, session: Rc<Session>) {
    task::start(async move {
        // What this fails with is said when the form is sent.
        let _ = visit::form_token(&session).await;
        let seen = session.challenge.borrow().frame.clone().filter(|frame| !frame.has_attribute("hidden"));
        if let Some(frame) = seen {
            form.update(|state| state.alert = session.view.texts.get("captcha.checking").to_owned());
            let _ = frame.unchecked_ref::<HtmlElement>().focus();
        }
        for tick in 0.. {
            if form.session().is_none() {
                return;
            }
            let mut shown = session.challenge.borrow_mut();
            if shown.refused >= TRIES || tick >= if shown.answers { LONGEST } else { SILENT } {
                shown.proof = Some(String::new());
            }
            drop(shown);
            if is_met(&session) {
                break;
            }
            pause::milliseconds(TICK_MS).await;
        }
        form.update(|state| state.sending = false);
        sending::attempt(form, true);
    });
}
