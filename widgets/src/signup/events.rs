//! What the element tells its page.
//!
//! DOM events on `<latchkey-signup>`; they bubble and cross shadow roots. None holds personal data. The element's own
//! class sends `latchkey:ready` and [`ERROR`] of kind "load".
//!
//! | event | when | `detail` |
//! |---|---|---|
//! | `latchkey:ready` | the form is shown and can be typed into | `{funnel}` |
//! | [`STEP`] | a step is shown, the first one included | `{step, index, count}`: its id, its number from 1, how many there are |
//! | [`SUBMIT`] | the visitor sends a form that passed its rules; `preventDefault()` keeps it from being sent | `{funnel}` |
//! | [`REGISTERED`] | the CRM has the visitor, at once or some time after [`ACCEPTED`]; `preventDefault()` keeps the browser on this page | `{id, next}`: `next` as the proxy sent it, or `null` |
//! | [`ACCEPTED`] | the signup is kept, and delivered later; what becomes of it in the next ten minutes is told too | `{id}`, `null` where the same e-mail is under way already |
//! | [`REJECTED`] | the proxy or the CRM refused it, at once or some time after [`ACCEPTED`]; the form says why | `{fields, codes}`: the inputs' names and what is wrong with each |
//! | [`ERROR`] | there was no answer to show; of a signup that is sent again by itself, at the first failure and at the last | `{kind, status, retrying}`: `"network"`, `"busy"`, `"not-allowed"` or `"load"`; the HTTP status, 0 where there is none; whether it is sent again by itself |

use js_sys::Array;
use latchkey_contract::{Problem, SignupAnswer};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, HtmlElement};

use super::{api::Failure, wire};
use crate::browser::json;

pub const STEP: &str = "latchkey:step";
pub const SUBMIT: &str = "latchkey:submit";
pub const REGISTERED: &str = "latchkey:registered";
pub const ACCEPTED: &str = "latchkey:accepted";
pub const REJECTED: &str = "latchkey:rejected";
pub const ERROR: &str = "latchkey:error";

pub(super) fn step(host: &HtmlElement, id: &str, index: usize, count: usize) {
    dispatch(host, STEP, &[("step", id.into()), ("index", number(index)), ("count", number(count))]);
}

/// Whether the page lets it be sent.
pub(super) fn submit(host: &HtmlElement, funnel: &str) -> bool {
    dispatch(host, SUBMIT, &[("funnel", funnel.into())])
}

/// Whether the page lets the browser go on.
pub(super) fn registered(host: &HtmlElement, answer: &SignupAnswer) -> bool {
    let next = answer.next.as_ref().map_or(JsValue::NULL, wire::next_to_js);
    dispatch(host, REGISTERED, &[("id", id(answer)), ("next", next)])
}

pub(super) fn accepted(host: &HtmlElement, answer: &SignupAnswer) {
    dispatch(host, ACCEPTED, &[("id", id(answer))]);
}

pub(super) fn rejected(host: &HtmlElement, problem: &Problem) {
    let (fields, codes) = (Array::new(), Array::new());
    for error in &problem.errors {
        fields.push(&error.field.as_str().into());
        codes.push(&error.code.as_str().into());
    }
    dispatch(host, REJECTED, &[("fields", fields.into()), ("codes", codes.into())]);
}

/// `retrying`: it is sent again without the visitor's doing.
pub(super) fn error(host: &HtmlElement, failure: Failure, retrying: bool) {
    let kind = match failure {
        Failure::Network => "network",
        Failure::NotAllowed => "not-allowed",
        Failure::Busy(..) => "busy",
    };
    dispatch(host, ERROR, &[("kind", kind.into()), ("status", failure.status().into()), ("retrying", retrying.into())]);
}

fn id(answer: &SignupAnswer) -> JsValue {
    answer.id.as_deref().map_or(JsValue::NULL, JsValue::from)
}

fn number(count: usize) -> JsValue {
    (count as u32).into()
}

/// False where a listener called `preventDefault()`.
fn dispatch(host: &HtmlElement, name: &str, detail: &[(&str, JsValue)]) -> bool {
    let init = json::object([
        ("bubbles", true.into()),
        ("composed", true.into()),
        ("cancelable", matches!(name, SUBMIT | REGISTERED).into()),
        ("detail", json::object(detail.iter().cloned())),
    ]);
    match CustomEvent::new_with_event_init_dict(name, init.unchecked_ref()) {
        Ok(event) => host.dispatch_event(&event).unwrap_or(true),
        Err(_) => true,
    }
}
