//! The dashboard's top: what it is, the period that all of it is about, whose days those are, and asking for all of it anew.

use leptos::prelude::*;
use web_sys::Element;

use super::{
    board::Board,
    period::{CUSTOM, PRESETS},
};
use crate::partner::{
    controls::{button, select, value},
    format::Style,
    view::{has, hears, is_shown, node, says, words},
    zone,
};

pub(super) fn top(board: Board) -> Element {
    let (say, period) = (board.say, board.period);
    let presets = select(&say.text("period"), "period", period.preset, move || {
        PRESETS.map(|preset| (preset.to_owned(), say.text(&["period.", preset].concat()))).to_vec()
    });
    let zones = RwSignal::new(String::new());
    let zone = select(&say.text("zone"), "zone", zones, move || {
        vec![(String::new(), zone::of_the_visitor()), (zone::UTC.to_owned(), zone::UTC.to_owned())]
    });
    hears(&zone, "change", move |_| period.is_utc.set(zones.get_untracked() == zone::UTC));
    // Where they are one, there is nothing to choose.
    is_shown(&zone, || zone::of_the_visitor() != zone::UTC);
    let range = [day(board, "from", "period.from", period.from), day(board, "to", "period.to", period.to)];
    let range = node("div", &[("part", "range")], &range);
    is_shown(&range, move || period.preset.get() == CUSTOM);
    let refresh = button(say, "refresh", "button quiet", move || board.refresh());
    let stated = node("p", &[("part", "stated"), ("role", "status")], &[]);
    says(&stated, move || match board.days.get() {
        Some(days) => {
            let [from, to] = [&days.from, &days.to].map(|day| say.calendar_day(Style::Day, day));
            say.filled("period.stated", &[("from", &from), ("to", &to), ("zone", &days.zone)])
        }
        None => say.text("period.wrong"),
    });
    let title = words("h2", &[], &say.text("dashboard.title"));
    let head = node("div", &[("part", "head")], &[title, stated]);
    let choice = node("div", &[("part", "choice-of-days")], &[presets, range, zone, refresh]);
    node("div", &[("part", "top")], &[head, choice])
}

fn day(board: Board, id: &str, label: &str, chosen: RwSignal<String>) -> Element {
    let input = node("input", &[("part", "input"), ("type", "date"), ("id", id), ("min", "2000-01-01"), ("max", "2100-12-31")], &[]);
    hears(&input, "change", move |event| chosen.set(value(&event)));
    has(&input, "aria-invalid", move || (!chosen.with(String::is_empty) && board.days.with(Option::is_none)).then(|| "true".to_owned()));
    node("div", &[("part", "field")], &[words("label", &[("for", id)], &board.say.text(label)), input])
}
