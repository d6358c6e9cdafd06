//! The tables: people, transactions, positions, commissions, payouts.

use latchkey_contract::partner::{Capabilities, TableView};
use web_sys::Element;

use super::{board::Board, panels::Place};

pub(super) fn table(_board: Board, _offer: &Capabilities, _view: &TableView, _place: Place) -> Element {
    crate::partner::view::node("div", &[], &[])
}
