//! The way in: the element's class calls [`mount_signup`] when it is connected to a page.

use std::{any::Any, rc::Rc};

use latchkey_contract::{ChoiceView, FieldKind, FunnelView};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::HtmlElement;

use super::{api, commands, form::SignupForm, page::Page, prefill, session::Session, state::Form, wire};
use crate::browser::{countries, json::Json};

/// A signup element's content. `free()` takes it off the page.
#[wasm_bindgen]
pub struct MountedSignup {
    _mounted: Box<dyn Any>,
    session: Rc<Session>,
}

#[wasm_bindgen]
impl MountedSignup {
    pub fn reset(&self) {
        self.command(commands::reset);
    }

    #[wasm_bindgen(js_name = goTo)]
    pub fn go_to(&self, step: &str) {
        self.command(|form, session| commands::go_to(form, session, step));
    }

    /// An object of texts by the fields' names.
    pub fn prefill(&self, values: JsValue) {
        self.command(|form, session| commands::prefill(form, session, &Json::new(values)));
    }

    fn command(&self, command: impl FnOnce(Form, &Rc<Session>)) {
        if let Some(form) = self.session.form.get() {
            command(form, &self.session);
        }
    }
}

/// Shows the funnel of the element `host` in `container`. `base` is the proxy's address, ending in "/"; `view` is the
/// funnel's view where the page has it already, else `undefined`, and it is fetched. Fails with the HTTP status of the
/// proxy's refusal, 0 where there was no answer.
#[wasm_bindgen(js_name = mountSignup)]
pub async fn mount_signup(host: HtmlElement, container: HtmlElement, base: String, view: JsValue) -> Result<MountedSignup, JsValue> {
    let page = Page::new(host, base);
    let view = match wire::view(&Json::new(view)).filter(|view| is_wanted(view, &page)) {
        Some(view) => view,
        None => api::view(&page).await.map_err(|failure| JsValue::from(failure.status()))?,
    };
    // Taken off the page while the view was on its way: the caller frees what is mounted now, and nothing is started.
    let on_page = container.is_connected();
    let view = Rc::new(prepared(view, &page.host));
    let session = Rc::new(Session::new(view.clone(), page, container.clone().into()));
    let shown = session.clone();
    let mounted = mount_to(container, move || view! { <SignupForm view session=Some(shown) /> });
    if on_page {
        session.start();
    }
    Ok(MountedSignup { _mounted: Box::new(mounted), session })
}

/// Whether what came with the page is in the language that the element's attribute asks for, if it asks.
fn is_wanted(view: &FunnelView, page: &Page) -> bool {
    page.wanted_locale().is_none_or(|locale| locale.eq_ignore_ascii_case(&view.locale))
}

/// With what only the browser knows: the names of countries, and what inputs hold at first.
fn prepared(mut view: FunnelView, host: &HtmlElement) -> FunnelView {
    let FunnelView { locale, steps, .. } = &mut view;
    for field in steps.iter_mut().flat_map(|step| &mut step.fields) {
        if field.kind == FieldKind::Country && !field.lookup {
            if field.options.is_empty() {
                let code = |code: &str| ChoiceView { value: code.to_owned(), label: None };
                field.options = latchkey_contract::countries::codes().map(code).collect();
            }
            countries::label(&mut field.options, locale);
        }
        prefill::fill(field, host);
    }
    view
}
