//! The proxy has the signup: what the visitor is shown until the CRM has it too, and then.

use std::rc::Rc;

use latchkey_contract::{Next, Problem, SignupAnswer, Status};
use leptos::prelude::{document, window};

use super::{
    api::{self, Failure},
    draft, events, patience, sending,
    session::Session,
    state::{Form, Outcome},
};
use crate::browser::task;

/// Between one look at what has become of it and the next: at first, and at most. With so many looks, that is ten minutes.
const FIRST_PAUSE_MS: f64 = 2_000.0;
const LONGEST_PAUSE_MS: f64 = 10_000.0;
const LOOKS: u32 = 62;

pub(super) async fn taken(form: Form, session: Rc<Session>, answer: SignupAnswer) {
    draft::forget(&session);
    let act = session.acts.get();
    show(form, &session, &answer);
    focus(&session, "[role=status] h2");
    if answer.status == Status::Registered {
        follow(&session, &answer);
    } else {
        events::accepted(&session.page.host, &answer);
        // What was typed stays until it is known that the CRM takes it.
        let settled = match (&answer.id, &answer.key) {
            (Some(id), Some(key)) => settled(form, &session, id, key).await,
            _ => None,
        };
        if form.session().is_none() || session.acts.get() != act {
            return;
        }
        match settled {
            Some(settled) if settled.status == Status::Rejected => return refused_after_all(form, &session, settled),
            Some(settled) => {
                show(form, &session, &settled);
                follow(&session, &settled);
            }
            None => form.update(|state| {
                if let Some(outcome) = &mut state.outcome {
                    outcome.under_way.clear();
                }
            }),
        }
    }
    session.close();
}

fn show(form: Form, session: &Session, answer: &SignupAnswer) {
    let texts = &session.view.texts;
    let thanks = if answer.status == Status::Registered { "registered" } else { "accepted" };
    let under_way = if answer.key.is_some() { texts.get("under_way") } else { "" };
    let mut outcome = Outcome { text: texts.get(thanks).to_owned(), under_way: under_way.to_owned(), link: None };
    match &answer.next {
        Some(Next::Redirect { url }) => outcome.link = Some((url.clone(), texts.get("continue").to_owned())),
        Some(Next::Login { url }) => outcome.link = Some((url.clone(), texts.get("login").to_owned())),
        Some(Next::Message { text }) => outcome.text = text.clone(),
        None => {}
    }
    form.update(|state| state.outcome = Some(outcome));
}

/// The CRM has the visitor: the page is told, and the browser goes on.
fn follow(session: &Session, answer: &SignupAnswer) {
    if events::registered(&session.page.host, answer)
        && let Some(Next::Redirect { url }) = &answer.next
    {
        // Out of any frame: the member area is a page of its own. Where the browser refuses, there is the link.
        let _ = window().open_with_url_and_target(url, "_top");
    }
}

/// Asks the proxy until the CRM has said yes or no, while the page is looked at. `None` where that takes too long, the proxy
/// knows nothing of it any more, or the form is gone.
async fn settled(form: Form, session: &Session, id: &str, key: &str) -> Option<SignupAnswer> {
    let act = session.acts.get();
    let (mut time_ms, mut cut_off) = (FIRST_PAUSE_MS, false);
    for _ in 0..LOOKS {
        let away = || document().hidden() || cut_off && patience::is_offline();
        if !patience::wait(time_ms, &|| form.session().is_some() && session.acts.get() == act, &away).await {
            return None;
        }
        let answer = api::status(&session.page, id, key).await;
        cut_off = matches!(answer, Err(Failure::Network));
        match answer {
            Ok(answer) if answer.status != Status::Accepted => return Some(answer),
            Err(Failure::Busy(404, _)) => return None,
            _ => time_ms = (time_ms * 1.6).min(LONGEST_PAUSE_MS),
        }
    }
    None
}

/// The form is back as it was sent, with what the CRM has against it.
fn refused_after_all(form: Form, session: &Rc<Session>, answer: SignupAnswer) {
    form.update(|state| state.outcome = None);
    // Where nothing is wrong with an input in particular, which the focus then goes to.
    focus(session, "button[part=button]");
    let SignupAnswer { errors, next, .. } = answer;
    sending::refused(form, session, Problem { kind: String::new(), title: String::new(), status: 0, detail: None, errors, next });
}

/// Once it is shown: effects run in the order of their tasks, and this is the last.
fn focus(session: &Rc<Session>, selector: &'static str) {
    let session = session.clone();
    task::start(async move {
        session.focus(selector);
    });
}
