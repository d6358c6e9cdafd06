//! The way in: the element's class calls [`mount_signup`] when the WebAssembly is there.

use std::{any::Any, rc::Rc};

use latchkey_contract::FunnelView;
#[cfg(feature = "alone")]
use leptos::prelude::*;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::HtmlElement;

use super::{
    commands,
    page::Page,
    prefill,
    session::Session,
    state::{Form, State},
    wire,
};
use crate::browser::json::Json;

/// A signup element's content. `free()` takes it off the page.
#[wasm_bindgen]
pub struct MountedSignup {
    _mounted: Box<dyn Any>,
    session: Rc<Session>,
}

#[wasm_bindgen]
impl MountedSignup {
    /// Does what a method of the element says, with the value that it was given; `start` before all others, once. One for all of them:
    /// each of its own costs a visitor 300 bytes.
    pub fn command(&self, name: String, value: JsValue) {
        let session = &self.session;
        let Some(form) = session.form.get() else { return };
        match name.as_str() {
            "start" => session.start(),
            "reset" => commands::reset(form, session),
            "goTo" => commands::go_to(form, session, &value.as_string().unwrap_or_default()),
            _ => commands::prefill(form, session, &Json::new(value)),
        }
    }
}

/// A funnel as it is read from its view. Read, shown and started in turns of their own, so that the page is not held up.
#[wasm_bindgen]
pub struct ReadFunnel(FunnelView);

/// `None` where that is no view.
#[wasm_bindgen(js_name = readFunnel)]
pub fn read_funnel(view: JsValue) -> Option<ReadFunnel> {
    wire::view(&Json::new(view)).map(ReadFunnel)
}

/// Takes over the form that the proxy has rendered into `container`, of the element `host`. `base` is the proxy's address, ending in
/// "/". It is shown at once, and does what a visitor wants once it is told to `start`.
#[wasm_bindgen(js_name = mountSignup)]
pub fn mount_signup(host: HtmlElement, container: HtmlElement, base: String, funnel: ReadFunnel) -> MountedSignup {
    let ReadFunnel(view) = funnel;
    // By the funnel's own defaults, as the proxy does.
    let state = State::of(&view);
    let view = Rc::new(prepared(view, &host));
    let session = Rc::new(Session::new(view, Page::new(host, base), container.clone().into()));
    #[cfg(feature = "alone")]
    alone(&session, &container);
    let shown = session.clone();
    // Nothing is rendered here; what is mounted is what keeps the elements that are there as the state has them.
    let mounted = leptos::mount::mount_to(container, move || {
        Form::new(shown, state);
    });
    MountedSignup { _mounted: Box::new(mounted), session }
}

/// Renders the form here, in the place of what the proxy has rendered.
#[cfg(feature = "alone")]
fn alone(session: &Session, container: &HtmlElement) {
    use super::markup::{Post, SignupForm};
    let (view, state) = (session.view.clone(), Rc::new(State::of(&session.view)));
    container.set_text_content(None);
    leptos::mount::mount_to(container.clone(), move || view! { <SignupForm view state post=Post::default() /> }).forget();
}

/// With what only the browser knows: what inputs hold at first, as the element's class has filled them in.
fn prepared(mut view: FunnelView, host: &HtmlElement) -> FunnelView {
    for field in view.steps.iter_mut().flat_map(|step| &mut step.fields) {
        #[cfg(feature = "alone")]
        name_countries(field, &view.locale);
        prefill::fill(field, host);
    }
    view
}

/// As the proxy does where it renders.
#[cfg(feature = "alone")]
fn name_countries(field: &mut latchkey_contract::FieldView, locale: &str) {
    use latchkey_contract::{ChoiceView, FieldKind};
    if field.kind == FieldKind::Country && !field.lookup {
        if field.options.is_empty() {
            let code = |code: &str| ChoiceView { value: code.to_owned(), label: None };
            field.options = latchkey_contract::countries::codes().map(code).collect();
        }
        crate::browser::countries::label(&mut field.options, locale);
    }
}
