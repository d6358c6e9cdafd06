//! The rows that came, as they are filtered, and what can be done with them.

use leptos::prelude::*;

use super::{button, save, select, table};
use crate::{
    browser::task,
    buckets::{
        result::Was,
        state::{Run, State},
    },
};

pub(super) fn results(state: State) -> AnyView {
    let (say, filters) = (state.say, state.filters);
    let rows = Memo::new(move |_| state.run.with(|run| filters.rows(run)));
    let statuses = Memo::new(move |_| state.run.with(Run::statuses));
    let has_some = Memo::new(move |_| state.run.with(|run| run.done() > 0));
    let all = move || (String::new(), say.text("filter.all"));
    let was = move || {
        let one = |was: Was| (was.name().to_owned(), say.text(was.text()));
        std::iter::once(all()).chain(Was::ALL.map(one)).collect()
    };
    let status = move || std::iter::once(all()).chain(statuses.get().into_iter().map(|status| (status.clone(), status))).collect();
    let deposited = move || vec![all(), ("yes".to_owned(), say.text("filter.yes")), ("no".to_owned(), say.text("filter.no"))];
    let note = RwSignal::new(String::new());
    let download = move || {
        let text = state.run.with_untracked(|run| rows.with_untracked(|rows| run.csv(rows, say)));
        save::download("leads.csv", &text);
    };
    let copy = move || {
        let text = state.run.with_untracked(Run::missing);
        let count = text.lines().count();
        task::start(async move {
            let is_copied = save::copy(&text).await;
            note.try_set(if is_copied { say.counted("copied", count) } else { say.text("copy.failed") });
        });
    };
    // A note is of the rows that were there.
    Effect::new(move || {
        state.run.track();
        note.set(String::new());
    });
    let none = move || rows.with(Vec::is_empty);
    view! {
        <section part="results" hidden=move || !has_some.get() aria-label=say.text("results")>
            <div part="row">
                {select(say.text("filter.was"), "was", filters.was, was)}
                {select(say.text("column.status"), "status", filters.status, status)}
                {select(say.text("column.deposit"), "deposited", filters.deposited, deposited)}
            </div>
            <div part="actions">
                {button(say, "download", "button quiet", download)}
                {button(say, "copy", "button quiet", copy)}
                <span part="note" role="status">{move || note.get()}</span>
            </div>
            <p part="none" role="status">{move || if none() { say.text("rows.none") } else { say.counted("rows", rows.with(Vec::len)) }}</p>
            {table::table(state, rows)}
        </section>
    }
    .into_any()
}
