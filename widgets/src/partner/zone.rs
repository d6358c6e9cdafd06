//! Time zones.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::browser::json::Json;

pub(crate) const UTC: &str = "UTC";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    fn new() -> DateTimeFormat;
    #[wasm_bindgen(method, js_name = resolvedOptions)]
    fn options(this: &DateTimeFormat) -> JsValue;
}

/// The visitor's, by its IANA name; UTC where the browser does not tell.
pub(crate) fn of_the_visitor() -> String {
    let options = Json::new(DateTimeFormat::new().options());
    options.text("timeZone").filter(|zone| !zone.is_empty()).unwrap_or_else(|| UTC.to_owned())
}
