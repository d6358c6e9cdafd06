//! The rows, of which those alone are there that can be seen: a hundred thousand scroll as ten do.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::{
    buckets::state::{Run, State},
    partner::{
        Say,
        view::{follow, has, hears, holds, is_shown, node, words},
    },
};

/// A row's height in CSS pixels, as the styles have it.
const ROW: usize = 44;
/// How many rows are there at once: more than the region shows.
const SHOWN: usize = 32;
/// How many of them stand above what can be seen.
const ABOVE: usize = 8;

pub(super) fn table(state: State, rows: RwSignal<Vec<u32>>) -> Element {
    let say = state.say;
    let first = RwSignal::new(0_u32);
    // The first row that is there, the one after the last, and how many there are in all.
    let bounds = move || {
        let count = rows.with(Vec::len);
        let from = (first.get() as usize).min(count.saturating_sub(1) / 4 * 4);
        (from, (from + SHOWN).min(count), count)
    };
    let heads = ["column.list", "column.was", "column.status", "column.created", "column.deposit"];
    let heads = heads.map(|key| words("th", &[("scope", "col")], &say.text(key)));
    let head = node("thead", &[], &[node("tr", &[("aria-rowindex", "1")], &heads)]);
    let body = node("tbody", &[], &[]);
    holds(&body, move || {
        let (from, to, count) = bounds();
        let mut shown = vec![gap(from)];
        rows.with(|rows| {
            state.run.with(|run| {
                shown.extend(rows[from..to].iter().enumerate().map(|(at, row)| cells(say, run, from + at, *row as usize)));
            });
        });
        shown.push(gap(count - to));
        shown
    });
    let table = node("table", &[("part", "table")], &[head, body]);
    has(&table, "aria-rowcount", move || Some((bounds().2 + 1).to_string()));
    let region = node("div", &[("part", "region"), ("role", "region"), ("tabindex", "0"), ("aria-label", &say.text("results"))], &[table]);
    is_shown(&region, move || rows.with(|rows| !rows.is_empty()));
    let scrolled = region.clone();
    hears(&region, "scroll", move |_| {
        // In steps, so that a small movement changes nothing.
        let from = (scrolled.scroll_top().max(0) as usize / ROW).saturating_sub(ABOVE) / 4 * 4;
        if first.get_untracked() as usize != from {
            first.set(from as u32);
        }
    });
    let begun = region.clone();
    // Other rows are read from their beginning.
    follow(Box::new(move || {
        for filter in [state.filters.was, state.filters.status, state.filters.deposited] {
            filter.track();
        }
        begun.set_scroll_top(0);
        first.set(0);
    }));
    region
}

/// In the place of so many rows.
fn gap(rows: usize) -> Element {
    let gap = node("tr", &[("part", "gap"), ("aria-hidden", "true")], &[]);
    // By its property: an attribute would be refused by a strict policy.
    let _ = gap.unchecked_ref::<HtmlElement>().style().set_property("height", &[&(rows * ROW).to_string(), "px"].concat());
    gap
}

fn cells(say: Say, run: &Run, at: usize, row: usize) -> Element {
    let Some(row) = run.row(row) else { return gap(1) };
    let day = |moment: Option<&String>| moment.map(|moment| say.day(moment)).unwrap_or_default();
    let status = row.lead.and_then(|lead| lead.status.clone()).unwrap_or_default();
    let cells = [
        words("th", &[("scope", "row"), ("dir", "ltr"), ("title", row.key)], row.key),
        words("td", &[("data-was", row.was.name())], &say.text(row.was.text())),
        words("td", &[], &status),
        words("td", &[], &day(row.lead.and_then(|lead| lead.created.as_ref()))),
        words("td", &[], &day(row.lead.and_then(|lead| lead.first_deposit.as_ref()))),
    ];
    node("tr", &[("aria-rowindex", &(at + 2).to_string())], &cells)
}
