//! Waiting.

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// Waits that long; not at all where the browser has no timers.
pub(crate) async fn milliseconds(time: u32) {
    let _ = JsFuture::from(over(time)).await;
}

/// A promise of that, of nothing.
pub(crate) fn over(time: u32) -> Promise {
    Promise::new(&mut |resolve, _| {
        if window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, time as i32).is_err() {
            let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    })
}
