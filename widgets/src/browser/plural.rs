//! Plural categories of numbers, which the browser knows in every language.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

// Not `js_sys::Intl`: its constructors do not catch, and a browser may lack it or refuse the language.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type PluralRules;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str) -> Result<PluralRules, JsValue>;
    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, number: f64) -> String;
}

/// As CLDR names it: "one", "few", "other".
pub(crate) fn category(locale: &str, number: usize) -> String {
    PluralRules::new(locale).map(|rules| rules.select(number as f64)).unwrap_or_default()
}
