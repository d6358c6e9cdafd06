//! Files that come in, and what goes out: a download, the clipboard.

use js_sys::{Array, Reflect, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

use crate::browser::json;

pub(crate) async fn text_of(file: &File) -> Option<String> {
    JsFuture::from(file.text()).await.ok()?.as_string()
}

/// Has the browser keep a text as a file of CSV.
pub(crate) fn download(name: &str, text: &str) {
    download_parts(name, &Array::of1(&text.into()));
}

/// The same of texts and bytes as they follow each other.
pub(crate) fn download_parts(name: &str, parts: &Array) {
    if let Some(blob) = blob(parts, "text/csv;charset=utf-8") {
        keep(name, &blob);
    }
}

/// A file's content, of texts and bytes as they follow each other.
pub(crate) fn blob(parts: &Array, kind: &str) -> Option<Blob> {
    let kind: BlobPropertyBag = json::object([("type", kind.into())]).unchecked_into();
    Blob::new_with_str_sequence_and_options(parts, &kind).ok()
}

/// Has the browser keep that as a file.
pub(crate) fn keep(name: &str, blob: &Blob) {
    let (Ok(address), Ok(link)) = (Url::create_object_url_with_blob(blob), document().create_element("a")) else { return };
    let link: HtmlAnchorElement = link.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The download has begun.
    let _ = Url::revoke_object_url(&address);
}

/// The bytes of a `data:` address in base64, and what they are. Not by `fetch`: the page's policy may refuse that.
pub(crate) fn of_data(address: &str) -> Option<Blob> {
    let (kind, data) = address.strip_prefix("data:")?.split_once(";base64,")?;
    // A text whose characters are bytes.
    let bytes: Vec<u8> = window().atob(data).ok()?.chars().map(|byte| byte as u8).collect();
    blob(&Array::of1(&Uint8Array::from(bytes.as_slice())), kind)
}

/// Whether it is in the clipboard now: a page on plain http has none.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    clipboard.is_object() && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
