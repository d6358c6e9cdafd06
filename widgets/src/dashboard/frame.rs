//! How a question is shown in each of its states: a skeleton at first, then what it holds, with how old that is and what went wrong since.

use latchkey_contract::partner::Age;
use leptos::prelude::*;
use web_sys::Element;

use super::{asked::Course, board::Board};
use crate::partner::{
    Failure,
    controls::{alert, button, told},
    view::{has, holds, is_shown, node, words},
};

/// `content` is shown once there is an answer; `skeleton` is the part that names the shape of what is waited for. "Try again" asks anew.
pub(super) fn framed(board: Board, course: Course, skeleton: &str, content: &Element) -> Element {
    let say = board.say;
    // What the CRM never answered is nothing yet, or not all.
    let is_there = move || course.age.with(|age| age.as_ref().is_some_and(|age| age.as_of.is_some() || !(age.syncing || age.stale)));
    let failure = move || course.failure.get().or_else(|| course.age.with(|age| age.as_ref().and_then(unreached)));
    let waits = node("div", &[("part", &["skeleton ", skeleton].concat()), ("role", "status"), ("aria-label", &say.text("loading"))], &[]);
    is_shown(&waits, move || !is_there() && failure().is_none());
    is_shown(content, is_there);
    has(content, "aria-busy", move || course.is_asking.get().then(|| "true".to_owned()));
    let note = node("div", &[], &[]);
    holds(&note, move || {
        let failure = failure();
        let Some(text) = trouble(board, course, failure.as_ref(), is_there()) else { return Vec::new() };
        let text = if failure.is_some() && !is_there() { alert(&text) } else { status(&text) };
        let way_on = failure.map(|_| button(say, "again", "link", move || board.refresh()));
        let parts: Vec<_> = std::iter::once(text).chain(way_on).collect();
        vec![node("div", &[("part", if is_there() { "note" } else { "trouble" })], &parts)]
    });
    node("div", &[("part", "framed")], &[note, waits, content.clone()])
}

/// There was an answer of ours, and none of the CRM's, ever: it holds zeros that nobody counted.
fn unreached(age: &Age) -> Option<Failure> {
    (age.as_of.is_none() && age.stale && !age.syncing).then_some(Failure::Crm)
}

fn status(text: &str) -> Element {
    words("p", &[("role", "status")], text)
}

fn trouble(board: Board, course: Course, failure: Option<&Failure>, is_there: bool) -> Option<String> {
    let say = board.say;
    let told = failure.map(|failure| say.text(told(failure)));
    if !is_there {
        return told;
    }
    let age = course.age.get()?;
    let as_of = age.as_of.as_ref().map(|moment| say.filled("stale", &[("when", &say.moment(moment, &board.period.zone()))]));
    // An answer that is old says that the CRM gave the proxy none.
    let told = told.or_else(|| age.stale.then(|| say.text("trouble.crm")))?;
    Some(std::iter::once(told).chain(as_of).collect::<Vec<_>>().join(" "))
}
