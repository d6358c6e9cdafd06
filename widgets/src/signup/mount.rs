//! The way in: the element's class calls [`mount_signup`] when the WebAssembly is there.

use std::{any::Any, rc::Rc};

use latchkey_contract::{ChoiceView, FieldKind, FunnelView};
use leptos::prelude::*;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::HtmlElement;

use super::{
    commands,
    form::{Post, SignupForm},
    page::Page,
    prefill,
    session::Session,
    state::{Form, State},
    wire,
};
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

/// Takes over the form that the proxy has rendered into `container`, the funnel `view` of the element `host`. `base` is the proxy's
/// address, ending in "/". `None` where that is no view.
#[wasm_bindgen(js_name = mountSignup)]
pub fn mount_signup(host: HtmlElement, container: HtmlElement, base: String, view: JsValue) -> Option<MountedSignup> {
    let view = wire::view(&Json::new(view))?;
    // By the funnel's own defaults, as the proxy does.
    let state = State::of(&view);
    let view = Rc::new(prepared(view, &host));
    let session = Rc::new(Session::new(view.clone(), Page::new(host, base), container.clone().into()));
    let shown = session.clone();
    let form = move || view! { <SignupForm view session=Some(shown) state post=Post::default() /> };
    #[cfg(feature = "hydrate")]
    let mounted = leptos::mount::hydrate_from(container, form);
    #[cfg(not(feature = "hydrate"))]
    let mounted = {
        container.set_text_content(None);
        leptos::mount::mount_to(container, form)
    };
    session.start();
    Some(MountedSignup { _mounted: Box::new(mounted), session })
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
