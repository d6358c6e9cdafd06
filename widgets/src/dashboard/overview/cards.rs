//! A card for each figure. Those that a chart can be drawn of are buttons that choose it.

use latchkey_contract::partner::{Capabilities, Figure, Metric, Overview};
use leptos::prelude::*;
use web_sys::Element;

use super::{amounts, name};
use crate::{
    dashboard::board::Board,
    partner::view::{fill, follow, has, hears, is_shown, node, words},
};

pub(super) fn cards(
    board: Board,
    offer: &Capabilities,
    overview: RwSignal<Option<Overview>>,
    charted: RwSignal<Option<Metric>>,
) -> Element {
    let card = |metric: &Metric| card(board, *metric, offer.series.contains(metric), overview, charted);
    let cards: Vec<_> = offer.metrics.iter().map(card).collect();
    node("ul", &[("part", "cards")], &cards)
}

/// It stays while its figure changes, and so does the focus on it.
fn card(
    board: Board,
    metric: Metric,
    is_charted: bool,
    overview: RwSignal<Option<Overview>>,
    charted: RwSignal<Option<Metric>>,
) -> Element {
    let label = words("span", &[("part", "label")], &name(board, metric));
    let figure = node("span", &[("part", "figure"), ("data-metric", metric.as_str())], &[]);
    let content = if is_charted {
        let button = node("button", &[("type", "button"), ("part", "card")], &[label, figure.clone()]);
        has(&button, "aria-pressed", move || Some((charted.get() == Some(metric)).to_string()));
        hears(&button, "click", move |_| charted.set(Some(metric)));
        button
    } else {
        node("div", &[("part", "card")], &[label, figure.clone()])
    };
    let item = node("li", &[], &[content]);
    let of = move |overview: &Option<Overview>| {
        overview.as_ref().and_then(|overview| overview.figures.iter().find(|figure| figure.metric == metric).cloned())
    };
    // One that the CRM does not tell now is left out.
    is_shown(&item, move || overview.with(|overview| overview.is_none() || of(overview).is_some()));
    let last = std::cell::RefCell::new(None);
    follow(Box::new(move || {
        let Some(known) = overview.with(of) else { return };
        if last.borrow().as_ref() != Some(&known) {
            figure.set_text_content(None);
            fill(&figure, &content_of(board, &known));
            last.replace(Some(known));
        }
    }));
    item
}

fn content_of(board: Board, figure: &Figure) -> Vec<Element> {
    let say = board.say;
    let mut parts: Vec<_> = match amounts::all(say, figure.unit, &figure.now) {
        // A long one breaks before its currency, not within it.
        Some(amounts) => amounts.iter().map(|amount| words("span", &[("part", "amount")], &amount.replace('\u{a0}', " "))).collect(),
        None => vec![none(board)],
    };
    let Some(before) = &figure.before else { return parts };
    let change = amounts::change(say, &figure.now, before).map(|(share, text)| {
        let way = if share > 0.0 { "up" } else { "down" };
        words("span", &[("part", "change"), ("data-way", if share == 0.0 { "same" } else { way })], &text)
    });
    let was = amounts::all(say, figure.unit, before).map(|amounts| amounts.join(" · "));
    let was = was.map(|was| words("span", &[("part", "before")], &say.filled("figure.before", &[("value", &was)])));
    parts.push(node("span", &[("part", "compared")], &change.into_iter().chain(was).collect::<Vec<_>>()));
    parts
}

fn none(board: Board) -> Element {
    let heard = words("span", &[("part", "said")], &board.say.text("figure.none"));
    node("span", &[("part", "amount")], &[words("span", &[("aria-hidden", "true")], "–"), heard])
}
