//! One form's memory in the browser, beside what its signals show.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use latchkey_contract::{FieldView, FunnelView};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{
    events,
    page::Page,
    tracking,
    visit::{self, Held},
};

/// Made when a form is mounted, gone when it is unmounted.
pub struct Session {
    pub(super) view: Rc<FunnelView>,
    pub(super) page: Page,
    /// What the form is shown in.
    container: Element,
    pub(super) tracking: BTreeMap<String, String>,
    pub(super) visit: RefCell<Option<Held>>,
    /// When a visit was asked for last, in ms.
    pub(super) visit_asked_ms: Cell<f64>,
    /// Names of the inputs that the visitor typed into.
    changed: RefCell<Vec<String>>,
    /// What was sent last, and its idempotency key.
    sent: RefCell<Option<(String, String)>>,
}

impl Session {
    pub(super) fn new(view: Rc<FunnelView>, page: Page, container: Element) -> Session {
        Session {
            tracking: tracking::collect(&view),
            view,
            page,
            container,
            visit: RefCell::default(),
            visit_asked_ms: Cell::default(),
            changed: RefCell::default(),
            sent: RefCell::default(),
        }
    }

    /// The form is in the page.
    pub(super) fn start(self: &Rc<Session>) {
        visit::keep(self);
        events::ready(&self.page.host, &self.view.id);
        if let Some(step) = self.view.steps.first() {
            events::step(&self.page.host, &step.id, 1, self.view.steps.len());
        }
    }

    /// The form is done with: what was typed does not stay in the page, and the focus goes to what took its place.
    pub(super) fn close(&self) {
        if let Some(form) = self.find("form") {
            form.unchecked_ref::<HtmlFormElement>().reset();
        }
        if let Some(heading) = self.find("[role=status] h2") {
            let _ = heading.unchecked_ref::<HtmlElement>().focus();
        }
    }

    /// The fields shown.
    pub(super) fn fields(&self) -> &[FieldView] {
        self.view.steps.first().map_or(&[], |step| &step.fields)
    }

    /// The input or select of that name. Of a select only what both kinds have may be used.
    pub(super) fn control(&self, name: &str) -> Option<HtmlInputElement> {
        self.find(&["[name='", name, "']"].concat()).map(JsCast::unchecked_into)
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.container.query_selector(selector).ok().flatten()
    }

    pub(super) fn set_changed(&self, name: String) {
        if !self.is_changed(&name) {
            self.changed.borrow_mut().push(name);
        }
    }

    pub(super) fn is_changed(&self, name: &str) -> bool {
        self.changed.borrow().iter().any(|changed| changed == name)
    }

    /// The same key for the same payload, so that sending it again is harmless.
    pub(super) fn key_for(&self, payload: &str) -> String {
        let mut sent = self.sent.borrow_mut();
        match &*sent {
            Some((before, key)) if before == payload => key.clone(),
            _ => {
                let key = crate::browser::random::uuid();
                *sent = Some((payload.to_owned(), key.clone()));
                key
            }
        }
    }
}
