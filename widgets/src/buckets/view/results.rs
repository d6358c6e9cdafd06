//! The rows that came, as they are filtered, and what can be done with them.

use leptos::prelude::*;
use web_sys::Element;

use super::table;
use crate::{
    browser::task,
    buckets::{
        result::Was,
        state::{Run, State},
    },
    partner::{
        controls::{button, select},
        save,
        view::{follow, is_shown, node, says},
    },
};

pub(super) fn results(state: State) -> Element {
    let (say, filters) = (state.say, state.filters);
    let rows = RwSignal::new(Vec::new());
    follow(Box::new(move || rows.set(state.run.with(|run| filters.rows(run)))));
    let all = move || (String::new(), say.text("filter.all"));
    let was = move || {
        let one = |was: Was| (was.name().to_owned(), say.text(was.text()));
        std::iter::once(all()).chain(Was::ALL.map(one)).collect()
    };
    let status = move || {
        let statuses = state.run.with(Run::statuses);
        std::iter::once(all()).chain(statuses.into_iter().map(|status| (status.clone(), status))).collect()
    };
    let deposited = move || vec![all(), ("yes".to_owned(), say.text("filter.yes")), ("no".to_owned(), say.text("filter.no"))];
    let choices = [
        select(&say.text("filter.was"), "was", filters.was, was),
        select(&say.text("column.status"), "status", filters.status, status),
        select(&say.text("column.deposit"), "deposited", filters.deposited, deposited),
    ];
    let count = node("p", &[("part", "none"), ("role", "status")], &[]);
    says(&count, move || rows.with(|rows| if rows.is_empty() { say.text("rows.none") } else { say.counted("rows", rows.len()) }));
    let parts = [node("div", &[("part", "row")], &choices), actions(state, rows), count, table::table(state, rows)];
    let results = node("div", &[("part", "results")], &parts);
    is_shown(&results, move || state.run.with(|run| run.done() > 0));
    results
}

fn actions(state: State, rows: RwSignal<Vec<u32>>) -> Element {
    let (say, note) = (state.say, RwSignal::new(String::new()));
    // A note is of the rows that were there.
    follow(Box::new(move || {
        state.run.track();
        note.set(String::new());
    }));
    let download = button(say, "download", "button quiet", move || {
        let text = state.run.with_untracked(|run| rows.with_untracked(|rows| run.csv(rows, say)));
        save::download("leads.csv", &text);
    });
    let copy = button(say, "copy", "button quiet", move || {
        let text = state.run.with_untracked(Run::missing);
        task::start(async move {
            let is_copied = save::copy(&text).await;
            note.try_set(if is_copied { say.counted("copied", text.lines().count()) } else { say.text("copy.failed") });
        });
    });
    let said = node("span", &[("part", "note"), ("role", "status")], &[]);
    says(&said, move || note.get());
    node("div", &[("part", "actions")], &[download, copy, said])
}
