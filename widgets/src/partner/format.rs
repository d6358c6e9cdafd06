//! Numbers and dates in the visitor's language, which the browser knows.

use js_sys::{Date, Object};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::browser::json;

// Not `js_sys::Intl`: its constructors do not catch, and a browser may refuse the language.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type NumberFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str) -> Result<NumberFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &NumberFormat, number: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, date: &Date) -> Result<String, JsValue>;
}

/// Made once: it is what takes time.
pub(super) struct Formats {
    numbers: Option<NumberFormat>,
    days: Option<DateTimeFormat>,
}

impl Formats {
    pub(super) fn new(locale: &str) -> Formats {
        let medium = json::object([("dateStyle", "medium".into())]);
        Formats { numbers: NumberFormat::new(locale).ok(), days: DateTimeFormat::new(locale, &Object::from(medium)).ok() }
    }

    pub(super) fn number(&self, number: usize) -> String {
        self.numbers.as_ref().map_or_else(|| number.to_string(), |format| format.format(number as f64))
    }

    /// The day of a moment (RFC 3339), where the visitor is; what is no moment stays as it is.
    pub(super) fn day(&self, moment: &str) -> String {
        let date = Date::new(&moment.into());
        let day = self.days.as_ref().filter(|_| !date.get_time().is_nan()).and_then(|format| format.format(&date).ok());
        day.unwrap_or_else(|| moment.to_owned())
    }
}
