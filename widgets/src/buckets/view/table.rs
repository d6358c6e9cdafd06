//! The rows, of which those alone are there that can be seen: a hundred thousand scroll as ten do.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::buckets::state::{Run, State};
use crate::partner::Say;

/// A row's height in CSS pixels, as the styles have it.
const ROW: usize = 44;
/// How many rows are there at once: more than the region shows.
const SHOWN: usize = 32;
/// How many of them stand above what can be seen.
const ABOVE: usize = 8;

pub(super) fn table(state: State, rows: Memo<Vec<u32>>) -> AnyView {
    let say = state.say;
    let first = RwSignal::new(0_usize);
    let region = NodeRef::<leptos::html::Div>::new();
    let scrolled = move |event: ev::Event| {
        let region: Option<Element> = event.current_target().map(JsCast::unchecked_into);
        let top = region.map(|region| region.scroll_top().max(0) as usize).unwrap_or_default();
        // In steps, so that a small movement changes nothing.
        let from = (top / ROW).saturating_sub(ABOVE) / 4 * 4;
        if first.get_untracked() != from {
            first.set(from);
        }
    };
    // Other rows are read from their beginning.
    Effect::new(move || {
        state.filters.was.track();
        state.filters.status.track();
        state.filters.deposited.track();
        first.set(0);
        if let Some(region) = region.get_untracked() {
            region.set_scroll_top(0);
        }
    });
    let bounds = Memo::new(move |_| {
        let count = rows.with(Vec::len);
        let from = first.get().min(count.saturating_sub(1) / 4 * 4);
        (from, (from + SHOWN).min(count), count)
    });
    let shown = move || {
        let (from, to, _) = bounds.get();
        rows.with(|rows| rows[from..to.min(rows.len())].iter().copied().enumerate().map(|(at, row)| (from + at, row)).collect::<Vec<_>>())
    };
    let gap = move |height: usize| format!("{}px", height * ROW);
    let above = move || gap(bounds.get().0);
    let below = move || {
        let (_, to, count) = bounds.get();
        gap(count - to)
    };
    let heads = ["column.list", "column.was", "column.status", "column.created", "column.deposit"];
    let heads = heads.map(|key| view! { <th scope="col">{say.text(key)}</th> }).into_iter().collect_view();
    view! {
        <div part="region" role="region" tabindex="0" aria-label=say.text("results") node_ref=region on:scroll=scrolled
            hidden=move || rows.with(Vec::is_empty)>
            <table part="table" aria-rowcount=move || (bounds.get().2 + 1).to_string()>
                <thead><tr aria-rowindex="1">{heads}</tr></thead>
                <tbody>
                    <tr part="gap" aria-hidden="true" style:height=above hidden=move || bounds.get().0 == 0></tr>
                    <For each=shown key=|row| *row children=move |(at, row)| cells(state, say, at, row) />
                    <tr part="gap" aria-hidden="true" style:height=below hidden=move || bounds.get().1 == bounds.get().2></tr>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What a row says.
#[derive(Clone, Default, PartialEq)]
struct Cells {
    key: String,
    was: &'static str,
    said: String,
    status: String,
    created: String,
    deposit: String,
}

fn cells(state: State, say: Say, at: usize, row: u32) -> impl IntoView {
    let read = move |run: &Run| {
        let Some(row) = run.row(row as usize) else { return Cells::default() };
        let day = |moment: Option<&String>| moment.map(|moment| say.day(moment)).unwrap_or_default();
        Cells {
            key: row.key.to_owned(),
            was: row.was.name(),
            said: say.text(row.was.text()),
            status: row.lead.and_then(|lead| lead.status.clone()).unwrap_or_default(),
            created: day(row.lead.and_then(|lead| lead.created.as_ref())),
            deposit: day(row.lead.and_then(|lead| lead.first_deposit.as_ref())),
        }
    };
    let cells = Memo::new(move |_| state.run.with(read));
    let key = move || cells.with(|cells| cells.key.clone());
    view! {
        <tr aria-rowindex=(at + 2).to_string()>
            <th scope="row" dir="ltr" title=key>{key}</th>
            <td part="was" data-was=move || cells.with(|cells| cells.was)>{move || cells.with(|cells| cells.said.clone())}</td>
            <td>{move || cells.with(|cells| cells.status.clone())}</td>
            <td>{move || cells.with(|cells| cells.created.clone())}</td>
            <td>{move || cells.with(|cells| cells.deposit.clone())}</td>
        </tr>
    }
}
