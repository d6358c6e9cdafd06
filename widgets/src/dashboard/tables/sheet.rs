//! What a table's parts hand around: what is asked, what is shown of it, and the rows that came.

use latchkey_contract::partner::{Capabilities, Column, Kind, Scope, Table, TableView};
use leptos::prelude::*;

use super::{
    columns,
    pages::Pages,
    query::{Filters, Query},
};
use crate::{
    browser::{countries::Names, json::Json},
    dashboard::{asked::Course, board::Board},
};

/// The value of [`Sheet::span`] that is every day there is.
pub(super) const ALL_DAYS: &str = "all";

/// Copied around in the table's parts; gone with them.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    pub(super) board: Board,
    pub(super) table: Table,
    /// Whether e-mails and phone numbers can be searched by.
    pub(super) is_personal: bool,
    columns: StoredValue<Vec<Column>>,
    names: StoredValue<Names, LocalStorage>,
    pub(super) course: Course,
    pub(super) pages: Pages,
    pub(super) sort: RwSignal<Option<(String, bool)>>,
    pub(super) search: RwSignal<String>,
    pub(super) filters: RwSignal<Filters>,
    /// [`ALL_DAYS`], or empty: the dashboard's period.
    pub(super) span: RwSignal<String>,
    /// The values that each filter has, by its column; empty where there are too many to list.
    choices: StoredValue<Vec<(String, RwSignal<Vec<String>>)>>,
    /// The columns that are shown, by their names.
    pub(super) shown: RwSignal<Vec<String>>,
}

impl Sheet {
    pub(super) fn new(board: Board, offer: &Capabilities, view: &TableView) -> Sheet {
        let filters = view.columns.iter().filter(|column| column.filter);
        Sheet {
            board,
            table: view.table,
            is_personal: offer.scopes.contains(&Scope::Personal),
            columns: StoredValue::new(view.columns.clone()),
            names: StoredValue::new_local(Names::new(&board.say.locale())),
            course: Course::new(),
            pages: Pages::new(),
            sort: RwSignal::default(),
            search: RwSignal::default(),
            filters: RwSignal::default(),
            span: RwSignal::default(),
            choices: StoredValue::new(filters.map(|column| (column.name.clone(), RwSignal::default())).collect()),
            shown: RwSignal::new(columns::begun_with(view)),
        }
    }

    /// What is asked, as the route takes it. `None` while the dashboard's period is none.
    pub(super) fn query(self) -> Option<String> {
        let days = match self.span.with(|span| span == ALL_DAYS) {
            true => None,
            false => Some(self.board.days.get()?),
        };
        let query = Query { sort: self.sort.get(), search: self.search.get(), filters: self.filters.get(), days };
        Some(query.text(&|value| String::from(js_sys::encode_uri_component(value))))
    }

    pub(super) fn all_columns(self) -> Vec<Column> {
        self.columns.get_value()
    }

    /// Those that are shown, in the order in which they were given.
    pub(super) fn columns(self) -> Vec<Column> {
        let shown = self.shown.get();
        self.all_columns().into_iter().filter(|column| shown.contains(&column.name)).collect()
    }

    pub(super) fn choices(self, column: &str) -> Option<RwSignal<Vec<String>>> {
        self.choices.with_value(|all| all.iter().find(|(name, _)| name == column).map(|(_, choices)| *choices))
    }

    /// Keeps the filters' values as an answer has them. Those that are as they were are left alone, with what is being typed there.
    pub(super) fn offer(self, answer: &Json) {
        self.choices.with_value(|all| {
            for (name, choices) in all {
                let values = answer.words(name);
                if choices.with_untracked(|known| *known != values) {
                    choices.set(values);
                }
            }
        });
    }

    /// Whether it shows fewer rows than there are days or people.
    pub(super) fn is_narrowed(self) -> bool {
        !self.search.with(String::is_empty) || !self.filters.with(Vec::is_empty)
    }

    /// Takes back search and filters.
    pub(super) fn clear(self) {
        self.search.set(String::new());
        self.filters.set(Filters::new());
    }

    /// An id that no other table's part has.
    pub(super) fn id(self, name: &str) -> String {
        [self.table.as_str(), "-", name].concat()
    }

    pub(super) fn column_name(self, name: &str) -> String {
        self.board.say.text(&["column.", name].concat())
    }

    /// A value of a filter in words.
    pub(super) fn value_name(self, kind: Kind, value: &str) -> String {
        match kind {
            Kind::Country => self.names.with_value(|names| names.of(value)),
            Kind::Flag => self.board.say.text(if value == "true" { "yes" } else { "no" }),
            _ => value.to_owned(),
        }
    }
}
