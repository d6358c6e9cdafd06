//! The dashboard as a whole: its top, its figures, and under them the panels, of which one is shown at a time.

use std::{cell::RefCell, rc::Rc};

use latchkey_contract::partner::{Capabilities, Table, TableView};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::{
    board::{Board, Phase},
    links, money, overview, people, tables, top,
};
use crate::partner::{
    controls::{alert, button, told},
    view::{fill, follow, has, hears, holds, is_shown, node, words},
};

/// What a panel shows.
#[derive(Clone)]
enum Panel {
    Table(TableView),
    Sources,
    Downline,
    Servers,
    /// Wallets, payouts, and asking for one.
    Payouts(Option<TableView>),
    /// Referral links, banners, logos.
    Links,
}

/// A panel's place, by which it knows whether it is the one that is shown.
#[derive(Clone, Copy)]
pub(super) struct Place {
    panel: RwSignal<usize>,
    at: usize,
}

impl Place {
    pub(super) fn is_shown(self) -> bool {
        self.panel.get() == self.at
    }
}

pub(super) fn element(board: Board) -> Element {
    board.open();
    board.keep_fresh();
    let say = board.say;
    let content = node("div", &[("part", "content"), ("lang", &say.locale()), ("dir", &say.direction())], &[]);
    holds(&content, move || match board.phase.get() {
        Phase::Loading => vec![node("div", &[("part", "skeleton"), ("role", "status"), ("aria-label", &say.text("loading"))], &[])],
        Phase::Failed(failure) => {
            let again = button(say, "again", "button", move || board.open());
            vec![node("div", &[("part", "trouble")], &[alert(&say.text(told(&failure))), again])]
        }
        Phase::Ready(offer) => {
            let panels = panels(&offer);
            if offer.metrics.is_empty() && panels.is_empty() {
                let title = words("h2", &[], &say.text("dashboard.title"));
                return vec![node("div", &[("part", "empty")], &[title, words("p", &[], &say.text("dashboard.empty"))])];
            }
            let mut parts = vec![top::top(board)];
            if !offer.metrics.is_empty() {
                parts.push(overview::overview(board, &offer));
            }
            parts.extend(tabs(board, &offer, panels));
            vec![node("div", &[("part", "dashboard")], &parts)]
        }
    });
    content
}

/// Those that the affiliate has, in the order in which they are shown.
fn panels(offer: &Capabilities) -> Vec<Panel> {
    let payouts = offer.tables.iter().find(|table| table.table == Table::Payouts).cloned();
    let mut panels: Vec<Panel> =
        offer.tables.iter().filter(|table| table.table != Table::Payouts).map(|table| Panel::Table(table.clone())).collect();
    if payouts.is_some() || offer.wallet {
        panels.push(Panel::Payouts(payouts));
    }
    for (is_there, panel) in [
        (offer.sources, Panel::Sources),
        (offer.downline, Panel::Downline),
        (offer.servers, Panel::Servers),
        (offer.links || offer.creatives, Panel::Links),
    ] {
        if is_there {
            panels.push(panel);
        }
    }
    panels
}

impl Panel {
    /// The key of its name.
    fn name(&self) -> String {
        let name = match self {
            Panel::Table(view) => return ["table.", view.table.as_str()].concat(),
            Panel::Sources => "panel.sources",
            Panel::Downline => "panel.downline",
            Panel::Servers => "panel.servers",
            Panel::Payouts(_) => "table.payouts",
            Panel::Links => "panel.links",
        };
        name.to_owned()
    }

    fn element(&self, board: Board, offer: &Capabilities, place: Place) -> Element {
        match self {
            Panel::Table(view) => tables::table(board, offer, view, place),
            Panel::Sources => people::sources(board, place),
            Panel::Downline => people::downline(board, place),
            Panel::Servers => people::servers(board, place),
            Panel::Payouts(view) => money::money(board, offer, view.as_ref(), place),
            Panel::Links => links::links(board, offer, place),
        }
    }
}

/// The ARIA pattern "Tabs", with automatic activation. A panel is made when it is first shown, and stays as it is left.
fn tabs(board: Board, offer: &Capabilities, panels: Vec<Panel>) -> Option<Element> {
    let say = board.say;
    if panels.is_empty() {
        return None;
    }
    let list = node("div", &[("part", "tabs"), ("role", "tablist"), ("aria-label", &say.text("panels"))], &[]);
    let body = node("div", &[], &[]);
    let owner = Owner::current();
    for (at, panel) in panels.iter().enumerate() {
        let (tab_id, panel_id) = (["tab-", &at.to_string()].concat(), ["panel-", &at.to_string()].concat());
        let place = Place { panel: board.panel, at };
        let attributes = [("type", "button"), ("role", "tab"), ("part", "tab"), ("id", tab_id.as_str()), ("aria-controls", &panel_id)];
        let tab = words("button", &attributes, &say.text(&panel.name()));
        has(&tab, "aria-selected", move || Some(place.is_shown().to_string()));
        has(&tab, "tabindex", move || (!place.is_shown()).then(|| "-1".to_owned()));
        hears(&tab, "click", move |_| board.panel.set(at));
        let shown = node(
            "div",
            &[("role", "tabpanel"), ("part", "panel"), ("id", &panel_id), ("aria-labelledby", &tab_id), ("tabindex", "0")],
            &[],
        );
        is_shown(&shown, move || place.is_shown());
        let (into, owner, panel, offer) = (shown.clone(), owner.clone(), panel.clone(), offer.clone());
        let is_made = RefCell::new(false);
        follow(Box::new(move || {
            if place.is_shown() && !is_made.replace(true) {
                // It lives as long as all of this, not until what made it is looked at again.
                let make = || fill(&into, &[untrack(|| panel.element(board, &offer, place))]);
                match &owner {
                    Some(owner) => owner.with(make),
                    None => make(),
                }
            }
        }));
        fill(&list, &[tab]);
        fill(&body, &[shown]);
    }
    let (moved, count) = (Rc::new(list.clone()), panels.len());
    hears(&list, "keydown", move |event| {
        let key = event.unchecked_ref::<KeyboardEvent>().key();
        let at = board.panel.get_untracked();
        let is_rtl = say.direction() == "rtl";
        let next = match key.as_str() {
            "Home" => 0,
            "End" => count - 1,
            "ArrowRight" | "ArrowLeft" if (key == "ArrowLeft") == is_rtl => (at + 1) % count,
            "ArrowRight" | "ArrowLeft" => (at + count - 1) % count,
            _ => return,
        };
        event.prevent_default();
        board.panel.set(next);
        if let Some(tab) = moved.children().item(next as u32) {
            let _ = tab.unchecked_ref::<HtmlElement>().focus();
        }
    });
    Some(node("div", &[("part", "panels")], &[list, body]))
}
