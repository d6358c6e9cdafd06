//! Files that come in, and what goes out: a download, the clipboard.

use js_sys::{Array, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

use crate::browser::json;

pub(crate) async fn text_of(file: &File) -> Option<String> {
    JsFuture::from(file.text()).await.ok()?.as_string()
}

/// Has the browser keep a text as a file.
pub(crate) fn download(name: &str, text: &str) {
    download_parts(name, &Array::of1(&text.into()));
}

/// The same of texts and bytes as they follow each other: the browser keeps them where it likes.
pub(crate) fn download_parts(name: &str, parts: &Array) {
    let kind: BlobPropertyBag = json::object([("type", "text/csv;charset=utf-8".into())]).unchecked_into();
    let Ok(blob) = Blob::new_with_str_sequence_and_options(parts, &kind) else { return };
    let (Ok(address), Ok(link)) = (Url::create_object_url_with_blob(&blob), document().create_element("a")) else { return };
    let link: HtmlAnchorElement = link.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The download has begun.
    let _ = Url::revoke_object_url(&address);
}

/// Whether it is in the clipboard now: a page on plain http has none.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    clipboard.is_object() && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
