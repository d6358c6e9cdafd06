//! The way in: the element's class calls [`mount_dashboard`] when the WebAssembly is there.

use std::{any::Any, rc::Rc};

use js_sys::Function;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::HtmlElement;

use super::{board::Board, panels};
use crate::{
    browser::json::Json,
    partner::{Client, Say},
};

/// The element's content. `free()` takes it off the page.
#[wasm_bindgen]
pub struct MountedDashboard {
    _mounted: Box<dyn Any>,
}

/// Shows the dashboard in `container`, for the element `host`. `base` is the proxy's address, ending in "/"; `words` what its
/// `/embed/partner.json` holds; `ask` answers a promise of an embed token.
#[wasm_bindgen(js_name = mountDashboard)]
pub fn mount_dashboard(host: HtmlElement, container: HtmlElement, base: String, words: JsValue, ask: Function) -> MountedDashboard {
    let (words, client) = (Json::new(words), Rc::new(Client::new(base, ask)));
    let content = container.clone();
    // What is mounted is what follows the signals and hears; the elements are made without views.
    let mounted = leptos::mount::mount_to(container, move || {
        let _ = content.append_child(&panels::element(Board::new(Say::new(&words), client, host)));
    });
    MountedDashboard { _mounted: Box::new(mounted) }
}

/// The styles of what is shown, for the element's shadow root.
#[wasm_bindgen(js_name = partnerCss)]
pub fn partner_css() -> String {
    concat!(
        include_str!("../partner/partner.css"),
        include_str!("dashboard.css"),
        include_str!("overview/overview.css"),
        include_str!("tables/tables.css"),
        include_str!("links/links.css"),
        include_str!("money/money.css"),
        include_str!("people/people.css"),
    )
    .to_owned()
}
