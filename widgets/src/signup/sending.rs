//! From the button to the answer.

use std::rc::Rc;

use super::{
    api::{self, Answer, Failure},
    checks::{self, Entered, Errors},
    events,
    session::Session,
    state::{Form, Outcome},
    steps, visit, wire,
};
use crate::browser::task;
use latchkey_contract::{Next, Problem, SignupAnswer, SignupRequest, Status, agreement_name};
use leptos::prelude::window;
use web_sys::console;

/// The visitor sends the form: checked, offered to the page, sent. A second click while it is under way does nothing.
pub(super) fn submit(form: Form) {
    let Some(session) = form.session() else { return };
    if form.now(|state| state.sending) {
        return;
    }
    let (entered, errors) = checks::all(&session);
    if !errors.is_empty() {
        form.update(|state| state.login = None);
        show_errors(form, &session, errors, String::new());
        return;
    }
    form.update(|state| {
        state.errors.clear();
        state.alert.clear();
        state.login = None;
    });
    if !events::submit(&session.page.host, &session.view.id) {
        return;
    }
    form.update(|state| state.sending = true);
    task::start(async move {
        let answer = send(&session, entered).await;
        // The form may have been taken off the page meanwhile; then there is nobody to tell.
        if form.session().is_some() {
            form.update(|state| state.sending = false);
            match answer {
                Ok(Answer::Taken(answer)) => taken(form, &session, &answer),
                Ok(Answer::Refused(problem)) => refused(form, &session, problem),
                Err(failure) => failed(form, &session, failure),
            }
        }
    });
}

async fn send(session: &Rc<Session>, entered: Entered) -> Result<Answer, Failure> {
    let request = SignupRequest {
        fields: entered.fields,
        agreements: entered.agreements,
        tracking: session.tracking.clone(),
        locale: Some(session.view.locale.clone()),
        form_token: None,
    };
    // The key stands for what was entered. The token is no part of it: it may have to be renewed.
    let key = session.key_for(&wire::request(&request, None));
    api::signup(session, &request, &key).await
}

fn taken(form: Form, session: &Rc<Session>, answer: &SignupAnswer) {
    let texts = &session.view.texts;
    let thanks = if answer.status == Status::Registered { "registered" } else { "accepted" };
    let mut outcome = Outcome { text: texts.get(thanks).to_owned(), link: None };
    let mut address = None;
    match &answer.next {
        Some(Next::Redirect { url }) => {
            outcome.link = Some((url.clone(), texts.get("continue").to_owned()));
            address = Some(url.clone());
        }
        Some(Next::Login { url }) => outcome.link = Some((url.clone(), texts.get("login").to_owned())),
        Some(Next::Message { text }) => outcome.text = text.clone(),
        None => {}
    }
    form.update(|state| state.outcome = Some(outcome));
    close(session.clone());
    if answer.status != Status::Registered {
        events::accepted(&session.page.host, answer);
    } else if events::registered(&session.page.host, answer)
        && let Some(address) = address
    {
        // Out of any frame: the member area is a page of its own. Where the browser refuses, there is the link.
        let _ = window().open_with_url_and_target(&address, "_top");
    }
}

/// After the outcome is shown: effects run in the order of their tasks, and this is the last.
fn close(session: Rc<Session>) {
    task::start(async move { session.close() });
}

fn refused(form: Form, session: &Rc<Session>, problem: Problem) {
    events::rejected(&session.page.host, &problem);
    tell(form, session, problem);
}

/// What the proxy has to say against what was entered.
pub(super) fn tell(form: Form, session: &Rc<Session>, problem: Problem) {
    let login = match problem.next {
        Some(Next::Login { url }) => Some(url),
        _ => None,
    };
    let mut errors = Errors::new();
    let mut alert = String::new();
    for error in problem.errors {
        if session.control(&error.field).is_some() {
            errors.push((error.field, error.message));
        } else if error.field != visit::FORM_TOKEN {
            alert.push_str(&error.message);
            alert.push(' ');
        }
    }
    if errors.is_empty() && alert.is_empty() {
        alert.push_str(session.view.texts.get("error.busy"));
    }
    form.update(|state| state.login = login);
    show_errors(form, session, errors, alert);
}

/// Each error at its input, the step of the first shown with the focus on it, and in the alert what belongs to no input.
pub(super) fn show_errors(form: Form, session: &Rc<Session>, errors: Errors, alert: String) {
    let alert = if alert.is_empty() { session.view.texts.get("error.summary").to_owned() } else { alert };
    let fields = session.fields().map(|field| field.name.clone());
    let agreements = (0..session.view.agreements.len()).map(agreement_name);
    let first = fields.chain(agreements).find(|name| errors.iter().any(|error| error.0 == *name));
    form.update(|state| {
        state.errors = errors;
        state.alert = alert;
    });
    if let Some(name) = first {
        steps::show(form, session, session.step_of(&name), Some(name));
    }
}

fn failed(form: Form, session: &Session, failure: Failure) {
    form.update(|state| state.alert = session.view.texts.get(failure.text_key()).to_owned());
    no_answer(session, failure);
}

/// The page is told that there is no answer.
pub(super) fn no_answer(session: &Session, failure: Failure) {
    // A browser does not tell a page that the proxy refuses from a network that is down.
    if !matches!(failure, Failure::Busy(_)) {
        console::warn_1(&"latchkey: no answer for this page. If the proxy is up, list the page's origin in the funnel's `origins`".into());
    }
    events::error(&session.page.host, failure);
}
