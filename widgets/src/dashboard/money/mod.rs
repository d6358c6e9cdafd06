//! Wallets and payouts, and asking for one.

mod asking;
mod wallets;

use latchkey_contract::partner::{Capabilities, TableView};
use web_sys::Element;

use super::{board::Board, panels::Place, tables};
use crate::partner::view::{node, words};

pub(super) fn money(board: Board, offer: &Capabilities, view: Option<&TableView>, place: Place) -> Element {
    let mut parts = Vec::new();
    if offer.wallet {
        parts.push(wallets::wallets(board, offer.request_payout, place));
    }
    if let Some(view) = view {
        let title = words("h3", &[], &board.say.text("table.payouts"));
        parts.push(node("section", &[("part", "section")], &[title, tables::table(board, offer, view, place)]));
    }
    node("div", &[("part", "money")], &parts)
}
