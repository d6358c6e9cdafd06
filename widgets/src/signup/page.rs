//! The element on its page, and the proxy behind it.

use js_sys::encode_uri_component;
use leptos::prelude::window;
use web_sys::{HtmlElement, UrlSearchParams};

/// What a signup element was told by its page.
#[derive(Clone)]
pub(super) struct Page {
    pub(super) host: HtmlElement,
    /// The proxy's address, ending in "/".
    pub(super) base: String,
    pub(super) funnel: String,
}

impl Page {
    pub(super) fn new(host: HtmlElement, base: String) -> Page {
        let funnel = host.get_attribute("funnel").unwrap_or_default();
        Page { host, base, funnel }
    }

    /// The funnel's own address, or what lies under it.
    pub(super) fn url(&self, rest: &str) -> String {
        let funnel = String::from(encode_uri_component(&self.funnel));
        [self.base.as_str(), "api/v1/funnels/", &funnel, rest].concat()
    }
}

/// The parameters of the landing page's URL.
pub(super) fn url_parameters() -> Option<UrlSearchParams> {
    UrlSearchParams::new_with_str(&window().location().search().ok()?).ok()
}
