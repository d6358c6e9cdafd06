//! One form's memory in the browser, beside what its signals show.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use latchkey_contract::{FieldView, FunnelView, StepView};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement, NodeList};

use super::{
    branches, challenge, checks, codes,
    controls::{self, Controls},
    draft,
    listen::Listener,
    lookups,
    page::Page,
    state::Form,
    steps, tracking,
    visit::{self, Held},
};

use crate::browser::{dom, pause, task};

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
    /// How often the visitor has typed something or sent the form: whatever was sent before the last time is not sent again.
    pub(super) acts: Cell<u32>,
    pub(super) lookups: RefCell<Vec<lookups::Asked>>,
    pub(super) codes: RefCell<Vec<codes::Asked>>,
    pub(super) challenge: RefCell<challenge::Shown>,
    pub(super) controls: RefCell<Controls>,
    /// What fields are to hold whose options are not there yet.
    pub(super) wanted: RefCell<Vec<(String, String)>>,
    /// What shows it.
    pub(super) form: Cell<Option<Form>>,
    listener: RefCell<Option<Listener>>,
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
            acts: Cell::default(),
            lookups: RefCell::default(),
            codes: RefCell::default(),
            challenge: RefCell::default(),
            controls: RefCell::default(),
            wanted: RefCell::default(),
            form: Cell::default(),
            listener: RefCell::default(),
        }
    }

    /// The form is in the page.
    pub(super) fn start(self: &Rc<Session>) {
        visit::keep(self);
        if let Some(form) = self.form.get() {
            if let Some(step) = draft::put_back(self) {
                steps::resume(form, self, step);
            }
            self.listener.replace(self.find("form").map(|element| Listener::new(form, element)));
            steps::entered(form, self);
            // In turns of their own: what is slow to begin with does not hold up who types already.
            task::start(async move {
                pause::milliseconds(0).await;
                if let Some(session) = form.session() {
                    branches::refresh(form, &session);
                }
                pause::milliseconds(0).await;
                controls::later(form);
            });
        }
    }

    /// The form is done with: what was typed does not stay in the page.
    pub(super) fn close(&self) {
        if let Some(form) = self.find("form") {
            form.unchecked_ref::<HtmlFormElement>().reset();
        }
    }

    /// What it knows of what was typed and sent.
    pub(super) fn forget(&self) {
        self.changed.borrow_mut().clear();
        self.sent.replace(None);
        self.wanted.borrow_mut().clear();
        self.lookups.borrow_mut().clear();
        self.codes.borrow_mut().clear();
    }

    /// Counts something that the visitor did.
    pub(super) fn act(&self) -> u32 {
        self.acts.set(self.acts.get() + 1);
        self.acts.get()
    }

    /// Whether there is such an element.
    pub(super) fn focus(&self, selector: &str) -> bool {
        // What is hidden has its stand-in behind it.
        let found =
            self.find(selector).and_then(|found| if found.has_attribute("hidden") { found.next_element_sibling() } else { Some(found) });
        if let Some(element) = &found {
            let _ = element.unchecked_ref::<HtmlElement>().focus();
        }
        found.is_some()
    }

    /// Whether something in the form has the focus.
    pub(super) fn has_focus(&self) -> bool {
        dom::focused(&self.container).is_some()
    }

    /// The fields of all steps.
    pub(super) fn fields(&self) -> impl Iterator<Item = &FieldView> {
        self.view.steps.iter().flat_map(|step| &step.fields)
    }

    pub(super) fn field(&self, name: &str) -> Option<&FieldView> {
        self.fields().find(|field| field.name == name)
    }

    /// The fields of one step.
    pub(super) fn step(&self, index: usize) -> &[FieldView] {
        self.view.steps.get(index).map_or(&[], |step| &step.fields)
    }

    /// The step that an input stands on: agreements are on the last that is shown.
    pub(super) fn step_of(&self, name: &str) -> usize {
        let has = |step: &StepView| step.fields.iter().any(|field| field.name == name);
        self.view.steps.iter().position(has).or_else(|| branches::now(self).previous(usize::MAX)).unwrap_or_default()
    }

    /// The input or select of that name. Of a select only what both kinds have may be used.
    pub(super) fn control(&self, name: &str) -> Option<HtmlInputElement> {
        self.find(&["[name='", name, "']"].concat()).map(JsCast::unchecked_into)
    }

    /// What an input holds, in the form that it is sent in; empty where it is not rightly filled in.
    pub(super) fn value(&self, name: &str) -> String {
        self.field(name).and_then(|field| checks::value(self, field).ok()).unwrap_or_default()
    }

    /// Chooses that value where it is one of those that the select offers.
    pub(super) fn choose(&self, name: &str, value: &str) {
        let Some(control) = self.control(name) else { return };
        control.set_value(value);
        if control.value().is_empty() {
            // It offers no such value; then nothing at all is chosen, not even "Please choose".
            control.set_value("");
        }
        if let Some(form) = self.form.get() {
            controls::later(form);
        }
    }

    pub(super) fn find(&self, selector: &str) -> Option<Element> {
        self.container.query_selector(selector).ok().flatten()
    }

    pub(super) fn find_all(&self, selector: &str) -> Option<NodeList> {
        self.container.query_selector_all(selector).ok()
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
