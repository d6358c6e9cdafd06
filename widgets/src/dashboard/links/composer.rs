//! A landing page, a sub id and a campaign: the link that comes of them, to copy and as a QR code.

use latchkey_contract::{partner::LandingPage, tracking::LONGEST_VALUE};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{
    copying::copying,
    own::{self, Own},
    pages, qr,
};
use crate::{
    dashboard::{board::Board, frame::framed, panels::Place, shown::kept},
    partner::{
        controls::{select, value},
        view::{follow, hears, is_shown, node, words},
    },
};

pub(super) fn composer(board: Board, own: Own, place: Place) -> Element {
    let say = board.say;
    let asked = kept(board, place, board.beat, "/links", own::read);
    let (pages, chosen) = (RwSignal::new(Vec::<LandingPage>::new()), RwSignal::new(String::new()));
    follow(Box::new(move || {
        asked.value.with(|offered| {
            let Some(offered) = offered else { return };
            own.name(&offered.names);
            // What was chosen stays so while it is there.
            if !offered.pages.iter().any(|page| chosen.with_untracked(|chosen| page.url == *chosen)) {
                chosen.set(offered.pages.first().map(|page| page.url.clone()).unwrap_or_default());
            }
            pages.set(offered.pages.clone());
        });
    }));
    let link = move || own.link(&chosen.get());
    let page = select(&say.text("links.page"), "landing-page", chosen, move || {
        pages.with(|pages| pages.iter().map(|page| (page.url.clone(), page.name.clone())).collect())
    });
    is_shown(&page, move || pages.with(Vec::len) > 1);
    let sub_id = added(board, "sub-id", "links.sub_id", own.sub_id);
    let campaign = added(board, "campaign", "links.campaign", own.campaign);
    let row = node("div", &[("part", "row")], &[sub_id, campaign]);
    let copy = copying(say, None, "button", Box::new(link));
    let form = node("div", &[("part", "own-link")], &[words("h3", &[], &say.text("links.title")), page, row, composed(board, link), copy]);
    let composer = node("div", &[("part", "composer")], &[form, qr::qr(say, Box::new(link))]);
    is_shown(&composer, move || pages.with(|pages| !pages.is_empty()));
    let none = words("p", &[("part", "empty")], &say.text("links.none"));
    is_shown(&none, move || pages.with(Vec::is_empty));
    let content = node("div", &[("part", "section")], &[composer, none, pages::pages(board, own, pages)]);
    framed(board, asked.course, "of-list", &content)
}

/// What is added to the address, as it is typed.
fn added(board: Board, id: &str, label: &str, added: RwSignal<String>) -> Element {
    let say = board.say;
    let longest = LONGEST_VALUE.to_string();
    let attributes = [
        ("part", "input"),
        ("id", id),
        ("dir", "ltr"),
        ("maxlength", &longest),
        ("autocomplete", "off"),
        ("autocapitalize", "off"),
        ("spellcheck", "false"),
    ];
    let input = node("input", &attributes, &[]);
    hears(&input, "input", move |event| added.set(value(&event)));
    let optional = words("span", &[("part", "optional")], &say.text("optional"));
    let label = words("label", &[("for", id)], &say.text(label));
    let _ = label.append_child(&optional);
    node("div", &[("part", "field")], &[label, input])
}

/// The link as it stands, whole: also a narrow page shows all of it.
fn composed(board: Board, link: impl Fn() -> String + 'static) -> Element {
    let attributes = [("part", "input"), ("id", "link"), ("dir", "ltr"), ("rows", "3"), ("readonly", ""), ("spellcheck", "false")];
    let area = node("textarea", &attributes, &[]);
    let (shown, focused) = (area.clone(), area.clone());
    // Text areas and inputs have these alike.
    follow(Box::new(move || shown.unchecked_ref::<HtmlInputElement>().set_value(&link())));
    hears(&area, "focus", move |_| focused.unchecked_ref::<HtmlInputElement>().select());
    node("div", &[("part", "field")], &[words("label", &[("for", "link")], &board.say.text("links.link")), area])
}
