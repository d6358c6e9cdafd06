//! Sources, downline, and the trading servers.

use web_sys::Element;

use super::{board::Board, panels::Place};

pub(super) fn sources(_board: Board, _place: Place) -> Element {
    crate::partner::view::node("div", &[], &[])
}

pub(super) fn downline(_board: Board, _place: Place) -> Element {
    crate::partner::view::node("div", &[], &[])
}

pub(super) fn servers(_board: Board, _place: Place) -> Element {
    crate::partner::view::node("div", &[], &[])
}
