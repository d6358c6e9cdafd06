//! The figures of the period, each beside the one before, and a chart of any of them.

mod amounts;
mod cards;
mod chart;
mod draw;
mod plot;
mod read;
mod scale;

use latchkey_contract::partner::{Capabilities, Metric};
use leptos::prelude::*;
use web_sys::Element;

use super::{asked::Asked, board::Board, frame::framed};
use crate::partner::view::{follow, node, words};

/// The name of a metric.
fn name(board: Board, metric: Metric) -> String {
    board.say.text(&["metric.", metric.as_str()].concat())
}

pub(super) fn overview(board: Board, offer: &Capabilities) -> Element {
    let asked = Asked::new();
    follow(Box::new(move || {
        board.beat.track();
        if let Some(days) = board.days.get() {
            asked.ask(board, ["/overview?", &days.query()].concat(), read::overview);
        }
    }));
    // What the chart is of.
    let charted = RwSignal::new(offer.series.first().copied());
    let cards = cards::cards(board, offer, asked.value, charted);
    let heading = words("h3", &[("part", "said")], &board.say.text("figures"));
    let mut parts = vec![heading, framed(board, asked.course, "of-cards", &cards)];
    if !offer.series.is_empty() {
        parts.push(chart::chart(board, charted));
    }
    node("section", &[("part", "overview")], &parts)
}
