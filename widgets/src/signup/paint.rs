//! Shows the state on the form's elements: on those that the proxy has rendered, so that nothing of what a visitor has typed,
//! chosen or opened is touched, whoever else has changed the page meanwhile.
//!
//! What stands right is left alone: a text that is set anew is read out anew.

use latchkey_contract::{FieldKind, agreement_name};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{session::Session, state::State};
use crate::browser::dom::{make, say, set};

pub(super) fn paint(session: &Session, state: &State) {
    let view = &session.view;
    let texts = &view.texts;
    let place = Place { session };
    place.hide("form", state.outcome.is_some());
    progress(&place, state);
    let title = view.steps.get(state.step).and_then(|step| step.title.as_deref()).unwrap_or_default();
    place.say("[part=title]", title);
    summary(&place, state);
    for (index, step) in view.steps.iter().enumerate() {
        place.each("[part=step]", index, |element| set(element, "hidden", flag(state.step != index)));
        for field in &step.fields {
            let of = |rest: &str| ["[data-field='", &field.name, "'] ", rest].concat();
            let is_hidden = field.kind == FieldKind::Hidden || !state.shown.has(&field.name);
            place.hide(of("").trim_end(), is_hidden);
            place.wrong(&of("[aria-describedby]:not([data-of])"), &by_id(&field.name, "-error"), state.error(&field.name));
            if field.lookup {
                place.set(&of("select"), "disabled", flag(field.read_only || state.waits(&field.name)));
            }
            let note = state.note(&field.name);
            place.say(&of("[part=note] p"), note.map(|note| note.text.as_str()).unwrap_or_default());
            place.say(&of("[part=again]"), note.map(|note| note.button.as_str()).unwrap_or_default());
            place.set(&of("[part=again]"), "aria-disabled", flag(state.waits(&field.name)));
            let login = state.login.as_deref();
            place.set(&of("> a"), "href", login);
            place.say(&of("> a"), login.map(|_| texts.get("login")).unwrap_or_default());
        }
    }
    place.hide("[part=agreements]", state.next().is_some());
    for index in 0..view.agreements.len() {
        let name = agreement_name(index);
        place.wrong(&by_id(&name, ""), &by_id(&name, "-error"), state.error(&name));
    }
    place.say("form > [part=count]", &state.appeared);
    place.say("form > [role=alert]", &state.alert);
    place.say("[part=retrying]", state.retrying.map(|_| texts.get("retrying")).unwrap_or_default());
    place.say("form button[part=button]", state.button(texts));
    place.set("form button[part=button]", "aria-disabled", flag(state.sending));
    place.set("[data-back]", "aria-disabled", flag(state.sending));
    place.hide("[data-back]", state.shown.previous(state.step).is_none());
    outcome(&place, state);
}

fn progress(place: &Place<'_>, state: &State) {
    place.say("[part=progress] p", &state.count(&place.session.view.texts));
    for index in 0..place.session.view.steps.len() {
        place.each("[part=progress] li", index, |mark| {
            set(mark, "aria-current", (state.step == index).then_some("step"));
            set(mark, "hidden", flag(state.shown.steps.get(index) != Some(&true)));
        });
    }
}

fn summary(place: &Place<'_>, state: &State) {
    place.hide("[part=summary]", state.summarised().next().is_none());
    let Some(list) = place.session.find("[part=summary] ul") else { return };
    let count = list.child_element_count() as usize;
    for (index, (name, message)) in state.summarised().enumerate() {
        let link = match list.children().item(index as u32) {
            Some(item) => item.first_element_child(),
            None => {
                let (item, link) = (make("li", &[]), make("a", &[]));
                let _ = item.append_child(&link);
                let _ = list.append_child(&item);
                Some(link)
            }
        };
        let Some(link) = link else { continue };
        set(&link, "href", Some(&["#lk-", name].concat()));
        set(&link, "data-to", Some(name));
        say(&link, message);
    }
    for _ in state.summarised().count()..count {
        if let Some(last) = list.last_element_child() {
            last.remove();
        }
    }
}

fn outcome(place: &Place<'_>, state: &State) {
    let outcome = state.outcome.as_ref();
    let link = outcome.and_then(|outcome| outcome.link.as_ref());
    place.say("[part=message] h2", outcome.map(|outcome| outcome.text.as_str()).unwrap_or_default());
    place.say("[part=message] p", outcome.map(|outcome| outcome.under_way.as_str()).unwrap_or_default());
    place.set("[part=message] a", "href", link.map(|link| link.0.as_str()));
    place.say("[part=message] a", link.map(|link| link.1.as_str()).unwrap_or_default());
}

/// Not `#lk-…`: names have dots in them.
fn by_id(name: &str, rest: &str) -> String {
    ["[id='lk-", name, rest, "']"].concat()
}

fn flag(is: bool) -> Option<&'static str> {
    is.then_some("true")
}

/// The form, by what its elements are found by. What somebody has taken out is not shown.
struct Place<'a> {
    session: &'a Session,
}

impl Place<'_> {
    fn say(&self, selector: &str, text: &str) {
        if let Some(element) = self.session.find(selector) {
            say(&element, text);
        }
    }

    fn set(&self, selector: &str, name: &str, value: Option<&str>) {
        if let Some(element) = self.session.find(selector) {
            set(&element, name, value);
        }
    }

    fn hide(&self, selector: &str, is_hidden: bool) {
        self.set(selector, "hidden", flag(is_hidden));
    }

    fn each(&self, selector: &str, index: usize, change: impl Fn(&Element)) {
        if let Some(node) = self.session.find_all(selector).and_then(|found| found.item(index as u32)) {
            change(node.unchecked_ref());
        }
    }

    /// What is wrong with an input: said at `error`.
    fn wrong(&self, input: &str, error: &str, message: Option<&str>) {
        self.say(error, message.unwrap_or_default());
        self.set(input, "aria-invalid", flag(message.is_some()));
    }
}
