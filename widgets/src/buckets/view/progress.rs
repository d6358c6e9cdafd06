//! How far the look-up is, and how it ended.

use leptos::prelude::*;

use super::{button, told};
use crate::buckets::{
    run,
    state::{End, Run, State},
};

pub(super) fn progress(state: State) -> AnyView {
    let say = state.say;
    let has_run = Memo::new(move |_| state.run.with(|run| run.number > 0));
    let under_way = Memo::new(move |_| state.run.with(Run::is_under_way));
    let done = move |run: &Run| say.filled("progress", &[("done", &say.number(run.done())), ("all", &say.number(run.keys.len()))]);
    let line = move || {
        state.run.with(|run| match (&run.end, run.waits) {
            (None, Some(seconds)) => say.counted("waits", seconds as usize),
            (None, None) => done(run),
            (Some(End::Stopped), _) => [say.text("stopped"), done(run)].join(" "),
            (Some(_), _) => {
                let (found, missing) = (run.found(), run.done() - run.found());
                say.filled("result", &[("found", &say.number(found)), ("missing", &say.number(missing))])
            }
        })
    };
    // Said aloud at every tenth only, and at the end.
    let said = Memo::new(move |before: Option<&(usize, String)>| {
        let tenth = state.run.with(|run| match run.end {
            None => run.done() * 10 / run.keys.len().max(1) + usize::from(run.waits.is_some()) * 100,
            Some(_) => 1_000 + run.number as usize,
        });
        match before {
            Some((known, text)) if *known == tenth => (tenth, text.clone()),
            _ => (tenth, line()),
        }
    });
    let failure = move || {
        let failure = state.run.with(|run| run.failure().cloned())?;
        let failed = state.run.with(|run| run.keys.len() - run.done());
        let text = say.text(told(&failure));
        let count = say.counted("failed", failed);
        Some(view! { <div part="trouble"><p part="error" role="alert">{text}" "{count}</p></div> })
    };
    let way_on = move || match under_way.get() {
        true => button(say, "stop", "button quiet", move || run::stop(state)),
        false if state.run.with(|run| run.failure().is_some()) => button(say, "again", "button quiet", move || run::again(state)),
        false if state.run.with(|run| run.end == Some(End::Stopped)) => button(say, "resume", "button quiet", move || run::again(state)),
        false => ().into_any(),
    };
    let value = move || state.run.with(|run| run.done().to_string());
    let most = move || state.run.with(|run| run.keys.len().max(1).to_string());
    view! {
        <section part="progress" hidden=move || !has_run.get() aria-label=say.text("progress.label")>
            <progress max=most value=value aria-label=say.text("progress.label") hidden=move || !under_way.get()></progress>
            <p part="line" aria-hidden="true">{line}</p>
            <p part="said" role="status">{move || said.get().1}</p>
            {failure}
            {way_on}
        </section>
    }
    .into_any()
}
