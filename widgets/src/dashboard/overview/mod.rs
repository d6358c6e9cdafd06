//! The figures of the period, each beside the one before, and a chart of any of them.

use latchkey_contract::partner::Capabilities;
use web_sys::Element;

use super::board::Board;

pub(super) fn overview(_board: Board, _offer: &Capabilities) -> Element {
    crate::partner::view::node("div", &[], &[])
}
