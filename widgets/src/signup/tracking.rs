//! Where the visitor came from, remembered for the funnel's days in the landing page's own storage.

use std::collections::BTreeMap;

use js_sys::{Array, Date};
use latchkey_contract::{
    FunnelView,
    tracking::{AFFILIATE, canonical, is_value},
};
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::Storage;

use super::page;
use crate::browser::json::{self, Json};

type Values = BTreeMap<String, String>;

const DAY_MS: f64 = 86_400_000.0;

/// What the page's URL says; where it says nothing, what it said on an earlier visit.
pub(super) fn collect(view: &FunnelView) -> Values {
    let keep_ms = f64::from(view.tracking.keep_days) * DAY_MS;
    let name = ["latchkey:", &view.id].concat();
    let mut values = from_url(view);
    let storage = storage().filter(|_| keep_ms > 0.0);
    if values.is_empty() {
        values = storage.and_then(|storage| remembered(&storage, &name, keep_ms, view)).unwrap_or_default();
    } else if let Some(storage) = storage {
        // Full, or forbidden to frames: the values are sent all the same.
        let _ = storage.set_item(&name, &record(&values));
    }
    values
}

fn from_url(view: &FunnelView) -> Values {
    let mut values = Values::new();
    let parameters = page::url_parameters().map(|parameters| Array::from(&parameters)).unwrap_or_default();
    for pair in parameters.iter() {
        let pair: Array = pair.unchecked_into();
        if let (Some(parameter), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string())
            && let Some(name) = canonical(&parameter)
            && is_kept(view, &name, &value)
            && !values.contains_key(&name)
        {
            values.insert(name, value);
        }
    }
    values
}

/// Absent where the browser keeps storage from this page.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// `{"t": when, in ms, "v": values}`
fn record(values: &Values) -> String {
    json::to_text(&json::object([("t", Date::now().into()), ("v", json::of_texts(values))]))
}

fn remembered(storage: &Storage, name: &str, keep_ms: f64, view: &FunnelView) -> Option<Values> {
    let record = Json::parse(&storage.get_item(name).ok()??);
    if Date::now() - record.number("t")? > keep_ms {
        let _ = storage.remove_item(name);
        return None;
    }
    let mut values = Values::new();
    // The page's other scripts can write here too, and the funnel may have changed since.
    for (name, value) in record.texts("v") {
        if canonical(&name).as_ref() == Some(&name) && is_kept(view, &name, &value) {
            values.insert(name, value);
        }
    }
    Some(values)
}

fn is_kept(view: &FunnelView, name: &str, value: &str) -> bool {
    is_value(value) && (view.tracking.affiliate || name != AFFILIATE)
}
