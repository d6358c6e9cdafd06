//! How far the look-up is, and how it ended.

use std::cell::Cell;

use leptos::prelude::*;
use web_sys::Element;

use super::told;
use crate::{
    browser::dom,
    buckets::{
        run,
        state::{End, Run, State},
    },
    partner::{
        controls::{alert, button},
        view::{follow, has, holds, is_shown, node, says},
    },
};

pub(super) fn progress(state: State) -> Element {
    let say = state.say;
    let label = say.text("progress.label");
    let bar = node("progress", &[("aria-label", &label)], &[]);
    has(&bar, "max", move || state.run.with(|run| Some(run.keys.len().max(1).to_string())));
    has(&bar, "value", move || state.run.with(|run| Some(run.done().to_string())));
    is_shown(&bar, move || state.run.with(Run::is_under_way));
    let line = node("p", &[("part", "line"), ("aria-hidden", "true")], &[]);
    says(&line, move || state.run.with(|run| said(state, run)));
    let aloud = node("p", &[("part", "said"), ("role", "status")], &[]);
    let (heard, last) = (aloud.clone(), Cell::new(0));
    // At every tenth only, and at the end.
    follow(Box::new(move || {
        state.run.with(|run| {
            let tenth = match run.end {
                None => run.done() * 10 / run.keys.len().max(1) + usize::from(run.waits.is_some()) * 100,
                Some(_) => 1_000 + run.number as usize,
            };
            if run.number > 0 && last.replace(tenth) != tenth {
                dom::say(&heard, &said(state, run));
            }
        });
    }));
    let trouble = node("div", &[], &[]);
    holds(&trouble, move || {
        state.run.with(|run| {
            let failure = run.failure().map(|failure| {
                let failed = say.counted("failed", run.keys.len() - run.done());
                node("div", &[("part", "trouble")], &[alert(&[say.text(told(failure)), failed].join(" "))])
            });
            failure.into_iter().collect()
        })
    });
    let section = node("section", &[("part", "progress"), ("aria-label", &label)], &[bar, line, aloud, trouble, way_on(state)]);
    is_shown(&section, move || state.run.with(|run| run.number > 0));
    section
}

fn said(state: State, run: &Run) -> String {
    let say = state.say;
    let done = || say.filled("progress", &[("done", &say.number(run.done())), ("all", &say.number(run.keys.len()))]);
    match (&run.end, run.waits) {
        (None, Some(seconds)) => say.counted("waits", seconds as usize),
        (None, None) => done(),
        (Some(End::Done), _) if run.failure().is_none() => {
            let (found, missing) = (run.found(), run.done() - run.found());
            say.filled("result", &[("found", &say.number(found)), ("missing", &say.number(missing))])
        }
        (Some(End::Done), _) => done(),
        (Some(End::Stopped | End::Halted(_)), _) => [say.text("stopped"), done()].join(" "),
    }
}

/// One button in one place, so that the focus stays: it stops, goes on, or tries again.
fn way_on(state: State) -> Element {
    let wanted = move || {
        state.run.with(|run| match &run.end {
            None => Some("stop"),
            Some(_) if run.failure().is_some() => Some("again"),
            Some(End::Stopped) => Some("resume"),
            Some(_) => None,
        })
    };
    let button = button(state.say, "stop", "button quiet", move || match untrack(wanted) {
        Some("stop") => run::stop(state),
        Some(_) => run::again(state),
        None => {}
    });
    says(&button, move || wanted().map(|key| state.say.text(key)).unwrap_or_default());
    is_shown(&button, move || wanted().is_some());
    button
}
