//! One-time codes: asked for when their step is shown, and again by a button once the wait is over.

use std::rc::Rc;

use js_sys::Date;
use latchkey_contract::{Channel, CodeRequest, FieldKind, FieldView};

use super::{
    api::{self, Code, Failure},
    branches, checks, sending,
    session::Session,
    state::{Form, Note},
    words::{counted, fill},
};
use crate::browser::{pause, task};

/// A code that was asked for.
pub(super) struct Asked {
    field: String,
    to: String,
    /// It was sent there at least once.
    sent: bool,
    /// When it can be sent again, in ms; endless while there is no answer.
    until_ms: f64,
}

/// Asks for the codes of the step that is shown, unless they are under way to the same address or number already.
pub(super) fn refresh(form: Form) {
    let Some(session) = form.session() else { return };
    let step = form.now(|state| state.step);
    let shown = branches::now(&session);
    for field in session.step(step).iter().filter(|field| field.kind == FieldKind::Code && shown.has(&field.name)) {
        let to = destination(&session, field);
        if find(&session, &field.name, |asked| asked.to == to) {
            continue;
        }
        // What stands on the same step is not filled in yet: then the visitor says when.
        if step > 0 && !to.is_empty() {
            ask(form, &session, field, to);
        } else {
            note(form, &session, field, "", 0);
        }
    }
}

/// The button below a code's input.
pub(super) fn again(form: Form, name: &str) {
    let Some(session) = form.session() else { return };
    if let Some(field) = session.field(name)
        && field.kind == FieldKind::Code
        && !form.now(|state| state.waits(name))
    {
        ask(form, &session, field, destination(&session, field));
    }
}

fn ask(form: Form, session: &Rc<Session>, field: &FieldView, to: String) {
    let (fields, errors) = checks::fields(session, &mut before(session, field));
    if !errors.is_empty() {
        note(form, session, field, "", 0);
        sending::show_errors(form, session, errors, String::new());
        return;
    }
    let sent = find(session, &field.name, |asked| asked.sent && asked.to == to);
    if find(session, &field.name, |asked| asked.to != to)
        && let Some(control) = session.control(&field.name)
    {
        // The code that went elsewhere.
        control.set_value("");
    }
    forget(session, field);
    session.codes.borrow_mut().push(Asked { field: field.name.clone(), to: to.clone(), sent, until_ms: f64::INFINITY });
    let texts = &session.view.texts;
    let (text, button) = (texts.get("sending").to_owned(), texts.get("code.send").to_owned());
    form.note(Note { field: field.name.clone(), text, button, wait: true });
    let locale = Some(session.view.locale.clone());
    let (tracking, version) = (session.tracking.clone(), Some(session.view.version.clone()));
    let request = CodeRequest {
        field: field.name.clone(),
        fields,
        tracking,
        version,
        variant: session.view.variant.clone(),
        locale,
        form_token: None,
    };
    task::start(send(form, session.clone(), to, request));
}

async fn send(form: Form, session: Rc<Session>, to: String, request: CodeRequest) {
    let Some(field) = session.field(&request.field) else { return };
    let answer = api::code(&session, &request).await;
    // The form may be gone, or the code asked for at another address meanwhile.
    if form.session().is_none() || !find(&session, &field.name, |asked| asked.to == to) {
        return;
    }
    let texts = &session.view.texts;
    match answer {
        Ok(Code::Wait { sent, seconds }) => {
            let until_ms = Date::now() + f64::from(seconds) * 1_000.0;
            let mut text = texts.get("code.failed").to_owned();
            for asked in session.codes.borrow_mut().iter_mut().filter(|asked| asked.field == field.name) {
                asked.until_ms = until_ms;
                asked.sent |= sent;
                if asked.sent {
                    // Isolated: a number keeps its order among words that are read from right to left.
                    text = fill(texts, "code.sent", &[("to", &["\u{2068}", &to, "\u{2069}"].concat())]);
                }
            }
            count_down(form, &session, field, &text, until_ms).await;
        }
        Ok(Code::Refused(problem)) => {
            forget(&session, field);
            note(form, &session, field, "", 0);
            sending::tell(form, &session, problem);
        }
        Err(failure) => {
            forget(&session, field);
            let key = if let Failure::NotAllowed = failure { failure.text_key() } else { "code.failed" };
            note(form, &session, field, texts.get(key), 0);
            sending::no_answer(&session, failure, false);
        }
    }
}

/// Says every second how long it is until the code can be sent again.
async fn count_down(form: Form, session: &Session, field: &FieldView, text: &str, until_ms: f64) {
    let mut seconds = 1;
    while seconds > 0 && form.session().is_some() && find(session, &field.name, |asked| asked.until_ms == until_ms) {
        seconds = ((until_ms - Date::now()) / 1_000.0).ceil() as u32;
        note(form, session, field, text, seconds);
        pause::milliseconds(1_000).await;
    }
}

/// What is said about the code, and in how many seconds it can be sent again.
fn note(form: Form, session: &Session, field: &FieldView, text: &str, seconds: u32) {
    let texts = &session.view.texts;
    let button = match seconds {
        0 => texts.get("code.send").to_owned(),
        _ => counted(&session.view, "code.wait", "seconds", seconds as usize),
    };
    form.note(Note { field: field.name.clone(), text: text.to_owned(), button, wait: seconds > 0 });
}

/// What the proxy is to know when it sends the code: what stands before it, without the other codes of its step.
fn before<'a>(session: &'a Session, field: &'a FieldView) -> impl Iterator<Item = &'a FieldView> {
    let step = session.step_of(&field.name);
    let shown = branches::now(session);
    session
        .fields()
        .filter(move |other| shown.has(&other.name))
        .take_while(|other| other.name != field.name)
        .filter(move |other| other.kind != FieldKind::Code || session.step_of(&other.name) != step)
}

/// What the visitor gave as the address or number that the code goes to; empty where that is not filled in.
fn destination(session: &Session, field: &FieldView) -> String {
    let kind = if field.channel == Some(Channel::Phone) { FieldKind::Tel } else { FieldKind::Email };
    before(session, field).find(|other| other.kind == kind).map(|other| session.value(&other.name)).unwrap_or_default()
}

fn find(session: &Session, field: &str, is: impl Fn(&Asked) -> bool) -> bool {
    session.codes.borrow().iter().any(|asked| asked.field == field && is(asked))
}

fn forget(session: &Session, field: &FieldView) {
    session.codes.borrow_mut().retain(|asked| asked.field != field.name);
}
