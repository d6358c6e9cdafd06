//! Texts in lower case.

/// As `str::to_lowercase`, whose tables are 10 KB: the browser has them too.
pub(crate) fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { of_any_script(text) }
}

#[cfg(target_arch = "wasm32")]
fn of_any_script(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(not(target_arch = "wasm32"))]
fn of_any_script(text: &str) -> String {
    text.to_lowercase()
}
