//! Referral links with their QR codes, landing pages, banners, logos.

mod composer;
mod copying;
mod creatives;
mod own;
mod pages;
mod qr;

use latchkey_contract::partner::Capabilities;
use web_sys::Element;

use self::own::Own;
use super::{board::Board, panels::Place};
use crate::partner::view::node;

pub(super) fn links(board: Board, offer: &Capabilities, place: Place) -> Element {
    let own = Own::new();
    let mut parts = Vec::new();
    if offer.links {
        parts.push(composer::composer(board, own, place));
    }
    if offer.creatives {
        parts.push(creatives::creatives(board, own, place));
    }
    node("div", &[("part", "links")], &parts)
}
