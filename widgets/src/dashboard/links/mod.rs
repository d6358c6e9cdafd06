//! Referral links with their QR codes, landing pages, banners, logos.

use latchkey_contract::partner::Capabilities;
use web_sys::Element;

use super::{board::Board, panels::Place};

pub(super) fn links(_board: Board, _offer: &Capabilities, _place: Place) -> Element {
    crate::partner::view::node("div", &[], &[])
}
