//! The affiliates below this one: in the columns that came, whatever those are.

use leptos::prelude::*;
use web_sys::Element;

use super::listing;
use crate::{
    browser::json::Json,
    dashboard::{board::Board, frame::framed, panels::Place, shown::kept},
    partner::{
        controls::button,
        view::{holds, is_shown, node, words},
    },
};

/// So many rows are there at first, and so many more each time.
const ROWS: usize = 200;

#[derive(PartialEq)]
struct Downline {
    columns: Vec<String>,
    /// As many cells as there are columns.
    rows: Vec<Vec<String>>,
}

pub(in crate::dashboard) fn downline(board: Board, place: Place) -> Element {
    let say = board.say;
    let asked = kept(board, place, board.beat, "/downline", read);
    let (count, most) =
        (move || asked.value.with(|downline| downline.as_ref().map_or(0, |downline| downline.rows.len())), RwSignal::new(ROWS));
    let shown = node("div", &[], &[]);
    holds(&shown, move || {
        asked.value.with(|downline| match downline {
            Some(downline) if downline.rows.is_empty() => vec![words("p", &[("part", "empty")], &say.text("downline.none"))],
            Some(downline) => {
                let body = node("tbody", &[], &[]);
                let rows = downline.rows.clone();
                holds(&body, move || rows.iter().take(most.get()).map(|row| listing::row(row)).collect());
                vec![listing::listing("of-texts", &say.text("panel.downline"), &downline.columns, &[body])]
            }
            None => Vec::new(),
        })
    });
    let more = button(say, "more", "button quiet", move || most.update(|most| *most += ROWS));
    is_shown(&more, move || most.get() < count());
    let content = node("div", &[("part", "section")], &[shown, more]);
    framed(board, asked.course, "of-list", &content)
}

fn read(answer: &Json) -> Downline {
    let columns = answer.words("columns");
    let row = |row: &Json| columns.iter().map(|column| row.text(column).unwrap_or_default()).collect();
    Downline { rows: answer.list("rows", row), columns: columns.clone() }
}
