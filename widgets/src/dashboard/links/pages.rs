//! The landing pages, each with its link.

use latchkey_contract::partner::LandingPage;
use leptos::prelude::*;
use web_sys::Element;

use super::{copying::copying, own::Own};
use crate::{
    dashboard::board::Board,
    partner::view::{holds, is_shown, node, says, words},
};

/// More are chosen from, and not listed.
const FEW: usize = 12;

pub(super) fn pages(board: Board, own: Own, pages: RwSignal<Vec<LandingPage>>) -> Element {
    let list = node("ul", &[("part", "pages")], &[]);
    holds(&list, move || pages.with(|pages| pages.iter().take(FEW).map(|page| one(board, own, page)).collect()));
    let section = node("section", &[("part", "section")], &[words("h3", &[], &board.say.text("links.pages")), list]);
    // A single one is the one that is chosen.
    is_shown(&section, move || (2..=FEW).contains(&pages.with(Vec::len)));
    section
}

fn one(board: Board, own: Own, page: &LandingPage) -> Element {
    let url = page.url.clone();
    let link = move || own.link(&url);
    let address = node("span", &[("part", "address"), ("dir", "ltr")], &[]);
    says(&address, link.clone());
    let name = words("span", &[("part", "name"), ("dir", "auto")], &page.name);
    let copy = copying(board.say, Some(&page.name), "link", Box::new(link));
    node("li", &[("part", "page")], &[node("div", &[], &[name, address]), copy])
}
