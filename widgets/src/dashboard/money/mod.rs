//! Wallets and payouts, and asking for one.

use latchkey_contract::partner::{Capabilities, TableView};
use web_sys::Element;

use super::{board::Board, panels::Place};

pub(super) fn money(_board: Board, _offer: &Capabilities, _view: Option<&TableView>, _place: Place) -> Element {
    crate::partner::view::node("div", &[], &[])
}
