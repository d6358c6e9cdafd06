//! One person: all that is known of them, and their newest transactions.

use latchkey_contract::partner::{Capabilities, Column, Table};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

use super::{
    cell::{self, Cells},
    plain::plain,
    sheet::Sheet,
};
use crate::{
    browser::{
        dom::{focused, set},
        json::Json,
    },
    dashboard::asked::Course,
    partner::{
        Failure,
        controls::{alert, button, told},
        view::{fill, has, hears, holds, node, says, words},
    },
};

/// What of a transaction is shown with a person.
const OF_TRANSACTIONS: [&str; 4] = ["date", "type", "amount", "status"];

/// Copied around in its parts.
#[derive(Clone, Copy)]
pub(super) struct Detail {
    sheet: Sheet,
    /// Whose; empty while it is closed.
    id: RwSignal<String>,
    course: Course,
    answer: RwSignal<Option<Json>, LocalStorage>,
    dialog: StoredValue<Option<HtmlDialogElement>, LocalStorage>,
}

/// The dialog, closed, and what opens it.
pub(super) fn detail(sheet: Sheet, offer: &Capabilities) -> (Element, Detail) {
    let say = sheet.board.say;
    let detail = Detail {
        sheet,
        id: RwSignal::default(),
        course: Course::new(),
        answer: RwSignal::new_local(None),
        dialog: StoredValue::new_local(None),
    };
    let columns_of = |table| {
        let view = offer.tables.iter().find(|view| view.table == table);
        view.map(|view| view.columns.clone()).unwrap_or_default()
    };
    let mut transactions = columns_of(Table::Transactions);
    transactions.retain(|column| OF_TRANSACTIONS.contains(&column.name.as_str()));
    // Whichever table it is opened from, it is the same person.
    let columns = Some(columns_of(Table::Leads)).filter(|columns| !columns.is_empty()).unwrap_or_else(|| sheet.all_columns());

    let title_id = sheet.id("detail");
    let title = node("h3", &[("id", &title_id), ("dir", "auto")], &[]);
    says(&title, move || say.filled("detail.title", &[("id", &detail.id.get())]));
    let close = words("button", &[("type", "button"), ("part", "close"), ("aria-label", &say.text("close"))], "×");
    hears(&close, "click", move |_| detail.close());
    // It scrolls where there is little room, also by keys.
    let body = node("div", &[("part", "detail-body"), ("role", "group"), ("aria-labelledby", &title_id), ("tabindex", "0")], &[]);
    has(&body, "aria-busy", move || detail.course.is_asking.get().then(|| "true".to_owned()));
    holds(&body, move || detail.content(&columns, &transactions));
    let head = node("div", &[("part", "detail-head")], &[title, close]);
    let dialog = node("dialog", &[("part", "detail"), ("aria-labelledby", &title_id)], &[head, body]);
    hears(&dialog, "close", move |_| detail.closed());
    // Beside it: all of what is seen of it is in its parts.
    let ground = dialog.clone();
    hears(&dialog, "click", move |event| {
        if event.target().as_ref() == Some(ground.unchecked_ref()) {
            detail.close();
        }
    });
    detail.dialog.set_value(Some(dialog.clone().unchecked_into()));
    (dialog, detail)
}

impl Detail {
    pub(super) fn open(self, id: String) {
        self.answer.set(None);
        self.course.age.set(None);
        self.id.set(id);
        self.ask();
        if let Some(dialog) = self.dialog.get_value() {
            // Fails where it is open already.
            let _ = dialog.show_modal();
        }
    }

    fn ask(self) {
        self.course.failure.set(None);
        let path = ["/leads/", &String::from(js_sys::encode_uri_component(&self.id.get_untracked()))].concat();
        self.course.ask(self.sheet.board, path, Box::new(move |answer| drop(self.answer.try_set(Some(answer.clone())))));
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_value() {
            dialog.close();
        }
    }

    /// The browser gives the focus back to the row, unless that is gone.
    fn closed(self) {
        // What is still on its way is for nobody.
        self.course.begin();
        self.answer.set(None);
        let Some(dialog) = self.dialog.get_value() else { return };
        let region = || dialog.parent_element()?.query_selector("[part=region]").ok()?;
        if focused(&dialog).is_none()
            && let Some(region) = region()
        {
            let _ = region.unchecked_ref::<HtmlElement>().focus();
        }
    }

    fn content(self, columns: &[Column], transactions: &[Column]) -> Vec<Element> {
        let say = self.sheet.board.say;
        let failure = self.course.failure.get();
        self.answer.with(|answer| match (answer, failure) {
            (Some(answer), _) => {
                let cells = Cells::new(self.sheet.board);
                let of_them = answer.list("transactions", Clone::clone);
                let money = (!of_them.is_empty()).then(|| section(self.sheet, transactions, &of_them));
                std::iter::once(description(self.sheet, &cells, columns, &answer.member("record"))).chain(money).collect()
            }
            (None, Some(Failure::Unknown)) => vec![words("p", &[("part", "none"), ("role", "status")], &say.text("detail.gone"))],
            (None, Some(failure)) => {
                let again = button(say, "again", "button quiet", move || self.ask());
                vec![node("div", &[("part", "trouble")], &[alert(&say.text(told(&failure))), again])]
            }
            (None, None) => {
                vec![node("div", &[("part", "skeleton of-detail"), ("role", "status"), ("aria-label", &say.text("loading"))], &[])]
            }
        })
    }
}

fn description(sheet: Sheet, cells: &Cells, columns: &[Column], record: &Json) -> Element {
    let list = node("dl", &[("part", "record")], &[]);
    for column in columns {
        let value = node("dd", &[("data-shape", cell::shape(column))], &[]);
        match cell::value(column, record).is_some() {
            true => cells.of_record(&value, column, record),
            // Read aloud as it is: a description has no name of its own.
            false => value.set_text_content(Some(&sheet.board.say.text("cell.none"))),
        }
        set(&value, "dir", cell::direction(column));
        fill(&list, &[node("div", &[], &[words("dt", &[], &sheet.column_name(&column.name)), value])]);
    }
    list
}

fn section(sheet: Sheet, columns: &[Column], transactions: &[Json]) -> Element {
    let title = sheet.board.say.text("detail.transactions");
    let table = plain(sheet.board, &title, columns, transactions);
    node("section", &[("part", "of-person")], &[words("h3", &[], &title), table])
}

/// Whether a table's rows are people, who can be opened.
pub(super) fn opens(table: Table) -> bool {
    matches!(table, Table::Leads | Table::Registrations)
}
