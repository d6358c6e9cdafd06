//! What an element tells its page: DOM events that bubble and cross shadow roots. None holds personal data.
//!
//! | event | when | `detail` |
//! |---|---|---|
//! | `latchkey:ready` | the affiliate can begin | `{affiliate}`: the affiliate's id |
//! | `latchkey:error` | there was no answer to show | `{kind, status, retrying}`: `"network"`, `"busy"`, `"token"`, `"not-allowed"`, `"invalid"` or `"load"`; the HTTP status, 0 where there is none; `false` |

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, HtmlElement};

use super::Failure;
use crate::browser::json;

pub(crate) fn ready(host: &HtmlElement, affiliate: &str) {
    tell(host, "latchkey:ready", [("affiliate", affiliate.into())]);
}

pub(crate) fn error(host: &HtmlElement, failure: &Failure) {
    let (kind, status) = failure.told();
    tell(host, "latchkey:error", [("kind", kind.into()), ("status", status.into()), ("retrying", false.into())]);
}

fn tell<const N: usize>(host: &HtmlElement, name: &str, detail: [(&str, JsValue); N]) {
    let init = json::object([("bubbles", true.into()), ("composed", true.into()), ("detail", json::object(detail))]);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, init.unchecked_ref()) {
        let _ = host.dispatch_event(&event);
    }
}
