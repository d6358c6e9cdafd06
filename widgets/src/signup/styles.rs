//! The styles of what the components put on the form: they come with the components, so that the first paint does not wait for them.

use wasm_bindgen::prelude::wasm_bindgen;

/// For the element, which gives them to its shadow root.
#[wasm_bindgen(js_name = controlsCss)]
pub fn controls_css() -> String {
    include_str!("controls/controls.css").to_owned()
}
