//! From the button to the answer.

use std::rc::Rc;

use super::{
    api::{self, Answer, Failure},
    challenge,
    checks::{self, Entered, Errors},
    events, retrying,
    session::Session,
    state::Form,
    steps, taken, visit, wire,
};
use crate::browser::task;
use latchkey_contract::{FieldKind, Next, Problem, SignupRequest, agreement_name};
use web_sys::console;

/// The visitor sends the form: checked, offered to the page, sent. A second click while it is under way does nothing.
pub(super) fn submit(form: Form) {
    if let Some(session) = form.session() {
        challenge::begin(&session);
    }
    attempt(form, false);
}

/// The same, not for the first time; `told` where the page knows already that it is sent.
pub(super) fn attempt(form: Form, told: bool) {
    let Some(session) = form.session() else { return };
    if form.now(|state| state.sending || state.outcome.is_some()) {
        return;
    }
    let act = session.act();
    form.update(|state| {
        state.errors.clear();
        state.summary.clear();
        state.alert.clear();
        state.login = None;
        state.retrying = None;
    });
    let (entered, errors) = checks::all(&session);
    if !errors.is_empty() {
        show_errors(form, &session, errors, String::new());
    } else if told || events::submit(&session.page.host, &session.view.id) {
        form.update(|state| state.sending = true);
        if challenge::is_met(&session) {
            task::start(deliver(form, session, entered, act));
        } else {
            challenge::wait(form, session);
        }
    }
}

/// Sends it until there is an answer, or no more use in trying.
async fn deliver(form: Form, session: Rc<Session>, entered: Entered, act: u32) {
    for tries in 1.. {
        let answer = send(&session, &entered).await;
        // The form may have been taken off the page meanwhile; then there is nobody to tell.
        if form.session().is_none() {
            return;
        }
        let again = answer.as_ref().err().and_then(|failure| retrying::pause(&session, *failure, act, tries));
        form.update(|state| {
            state.sending = false;
            if again.is_none() {
                state.retrying = None;
            }
        });
        match (answer, again) {
            (Ok(Answer::Taken(answer)), _) => return taken::taken(form, session, answer).await,
            (Ok(Answer::Refused(problem)), _) if challenge::is_asked_again(&session, &problem) => {
                form.update(|state| state.sending = true);
                return challenge::wait(form, session);
            }
            (Ok(Answer::Refused(problem)), _) => return refused(form, &session, problem),
            (Err(failure), None) => return failed(form, &session, failure),
            (Err(failure), Some(time)) => {
                form.update(|state| state.retrying = Some(failure.text_key()));
                if tries == 1 {
                    no_answer(&session, failure, true);
                }
                if !retrying::wait(form, &session, failure, act, time).await {
                    return;
                }
                form.update(|state| state.sending = true);
            }
        }
    }
}

async fn send(session: &Rc<Session>, entered: &Entered) -> Result<Answer, Failure> {
    let request = SignupRequest {
        fields: entered.fields.clone(),
        agreements: entered.agreements.clone(),
        tracking: session.tracking.clone(),
        version: Some(session.view.version.clone()),
        variant: session.view.variant.clone(),
        locale: Some(session.view.locale.clone()),
        form_token: None,
        proof: None,
    };
    // The key stands for what was entered. Token and proof are no part of it: they may have to be renewed.
    let key = session.key_for(&wire::request(&request, None, None));
    api::signup(session, &request, &key).await
}

/// The proxy, or the CRM, says no.
pub(super) fn refused(form: Form, session: &Rc<Session>, problem: Problem) {
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
        // What the visitor does not see they cannot mend.
        let is_seen = session.field(&error.field).is_none_or(|field| field.kind != FieldKind::Hidden);
        if is_seen && (session.field(&error.field).is_some() || session.control(&error.field).is_some()) {
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

/// Each error at its input, the step of the first shown with the focus on it; of several, on their summary. In the alert, what
/// belongs to no input.
pub(super) fn show_errors(form: Form, session: &Rc<Session>, errors: Errors, alert: String) {
    let fields = session.fields().map(|field| field.name.clone());
    let agreements = (0..session.view.agreements.len()).map(agreement_name);
    let wrong: Vec<String> = fields.chain(agreements).filter(|name| errors.iter().any(|error| error.0 == *name)).collect();
    let Some(first) = wrong.first().cloned() else {
        return form.update(|state| {
            state.errors = errors;
            state.alert = alert;
        });
    };
    let several = wrong.len() > 1;
    form.update(|state| {
        state.errors = errors;
        // A summary says it itself.
        state.alert = if alert.is_empty() && !several { session.view.texts.get("error.summary").to_owned() } else { alert };
        state.summary = if several { wrong } else { Vec::new() };
    });
    let focus = if several { "[part=summary]".to_owned() } else { ["[name='", &first, "']"].concat() };
    steps::show(form, session, session.step_of(&first), Some(focus));
}

fn failed(form: Form, session: &Session, failure: Failure) {
    form.update(|state| state.alert = session.view.texts.get(failure.text_key()).to_owned());
    no_answer(session, failure, false);
}

/// The page is told that there is no answer, and whether it is tried again.
pub(super) fn no_answer(session: &Session, failure: Failure, retrying: bool) {
    // A browser does not tell a page that the proxy refuses from a network that is down.
    if !matches!(failure, Failure::Busy(..)) {
        console::warn_1(&"latchkey: no answer for this page. If the proxy is up, list the page's origin in the funnel's `origins`".into());
    }
    events::error(&session.page.host, failure, retrying);
}
