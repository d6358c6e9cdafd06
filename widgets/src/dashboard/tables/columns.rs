//! Which columns are shown, and choosing them.

use latchkey_contract::partner::{Table, TableView};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, Storage};

use super::sheet::Sheet;
use crate::{
    browser::json::Json,
    partner::view::{follow, hears, node, words},
};

/// So many are shown where none of the usual ones is there.
const USUAL: usize = 6;

fn usual(table: Table) -> &'static [&'static str] {
    match table {
        Table::Leads => &["id", "created", "status", "country", "source", "firstDeposit", "total"],
        Table::Registrations => &["id", "registered", "status", "country", "source", "firstDeposit", "total"],
        Table::Transactions => &["id", "date", "type", "amount", "status", "fake", "account"],
        Table::Positions => &["id", "closed", "symbol", "volume", "profit", "server", "account"],
        Table::Commissions => &["id", "date", "type", "state", "amount", "corrected", "person"],
        Table::Payouts => &["id", "requested", "state", "decided", "amount", "reason"],
    }
}

/// Those that were chosen last, or the usual ones.
pub(super) fn begun_with(view: &TableView) -> Vec<String> {
    let all = || view.columns.iter().map(|column| column.name.clone());
    let remembered = remembered(view.table);
    let shown: Vec<_> = all().filter(|name| remembered.iter().any(|known| known == name)).collect();
    if !shown.is_empty() {
        return shown;
    }
    let usual: Vec<_> = all().filter(|name| usual(view.table).contains(&name.as_str())).collect();
    // A CRM that fills few of them has others.
    if usual.len() > 2 { usual } else { all().take(USUAL).collect() }
}

/// Absent where the browser keeps storage from this page.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn key(table: Table) -> String {
    ["latchkey:columns:", table.as_str()].concat()
}

fn remembered(table: Table) -> Vec<String> {
    let text = storage().and_then(|storage| storage.get_item(&key(table)).ok().flatten()).unwrap_or_default();
    text.split(',').map(str::to_owned).collect()
}

/// A box to check for each. One stays.
pub(super) fn chooser(sheet: Sheet) -> Element {
    let boxes: Vec<_> = sheet.all_columns().iter().map(|column| choice(sheet, column.name.clone())).collect();
    let legend = words("legend", &[], &sheet.board.say.text("columns"));
    node("fieldset", &[("part", "choices-of-columns")], &[&[legend], &boxes[..]].concat())
}

fn choice(sheet: Sheet, name: String) -> Element {
    let input = node("input", &[("type", "checkbox"), ("name", &name)], &[]);
    let text = words("span", &[], &sheet.column_name(&name));
    let (shown, known) = (input.clone(), name.clone());
    follow(Box::new(move || {
        let columns = sheet.shown.get();
        let (input, is_shown) = (shown.unchecked_ref::<HtmlInputElement>(), columns.contains(&known));
        input.set_checked(is_shown);
        input.set_disabled(is_shown && columns.len() == 1);
    }));
    hears(&input, "change", move |event| {
        let is_wanted = Json::new(event.target().into()).truth("checked");
        sheet.shown.update(|shown| {
            shown.retain(|known| *known != name);
            if is_wanted {
                shown.push(name.clone());
            }
        });
        if let Some(storage) = storage() {
            // Full, or forbidden to frames: then it is not remembered.
            let _ = storage.set_item(&key(sheet.table), &sheet.shown.with_untracked(|shown| shown.join(",")));
        }
    });
    node("label", &[("part", "choice")], &[input, text])
}
