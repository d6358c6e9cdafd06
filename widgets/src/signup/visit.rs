//! The visit: this visitor's form token and country, asked for in the background.

use std::rc::Rc;

use js_sys::Date;
use latchkey_contract::{Challenge, FieldKind, Visit};
use wasm_bindgen::JsValue;

use super::{
    api::{self, Failure},
    challenge, lookups,
    session::Session,
    wire,
};
use crate::browser::{
    http::{self, Reply},
    pause, task,
};

/// The error's field when the proxy does not take the form token; not an input.
pub(super) const FORM_TOKEN: &str = "formToken";

/// Between one try and the next: every keystroke asks.
const PAUSE_MS: f64 = 5_000.0;

/// A visit, and until when it is good.
pub(super) struct Held {
    visit: Visit,
    until_ms: f64,
}

impl Held {
    fn new(visit: Visit) -> Held {
        let until_ms = Date::new(&JsValue::from_str(&visit.expires_at)).get_time();
        // Expired on arrival: it is the visitor's clock that is wrong, and the proxy will say when it is over.
        let until_ms = if until_ms > Date::now() { until_ms } else { f64::INFINITY };
        Held { visit, until_ms }
    }

    fn is_good(&self) -> bool {
        Date::now() < self.until_ms
    }
}

/// Asks for one where there is none, or none any more. Called when the form appears and while it is typed into, so
/// that a token is already some seconds old when the form is sent: one that is new then looks like a program's.
pub(super) fn keep(session: &Rc<Session>) {
    let now = Date::now();
    if token(session).is_some() || now - session.visit_asked_ms.get() < PAUSE_MS {
        return;
    }
    session.visit_asked_ms.set(now);
    let session = session.clone();
    task::start(async move {
        // A failure shows when the form is sent; until then it is tried again.
        let _ = renew(&session).await;
    });
}

/// Sends what goes with a form token, to an address under the funnel's; once more with another token where the proxy does
/// not take the first.
pub(super) async fn post(
    session: &Session,
    rest: &str,
    header: Option<(&str, &str)>,
    body: &dyn Fn(&str) -> String,
) -> Result<Reply, Failure> {
    let mut renewed = false;
    loop {
        let body = body(&form_token(session).await?);
        let reply = http::post(&session.page.url(rest), &body, header).await?;
        let refused = reply.status == 422 && wire::problem(&reply.body).errors.iter().any(|error| error.field == FORM_TOKEN);
        if renewed || !refused {
            return Ok(reply);
        }
        session.visit.replace(None);
        renewed = true;
    }
}

/// The token to send something with. One that had to be asked for now is as new as a program's: it is left to grow as old as
/// the funnel wants it, so that nobody is taken for a bot because the network was slow.
pub(super) async fn form_token(session: &Session) -> Result<String, Failure> {
    match token(session) {
        Some(token) => Ok(token),
        None => {
            let token = renew(session).await?;
            pause::milliseconds(session.view.least_fill_ms).await;
            Ok(token)
        }
    }
}

fn token(session: &Session) -> Option<String> {
    session.visit.borrow().as_ref().filter(|held| held.is_good()).map(|held| held.visit.form_token.clone())
}

async fn renew(session: &Session) -> Result<String, Failure> {
    let visit = api::visit(&session.page).await?;
    let token = visit.form_token.clone();
    session.visit.replace(Some(Held::new(visit)));
    preselect(session);
    challenge::renewed(session);
    Ok(token)
}

/// What has to be done before this visit's signup is taken.
pub(super) fn challenge(session: &Session) -> Option<Challenge> {
    session.visit.borrow().as_ref().and_then(|held| held.visit.challenge.clone())
}

/// The country that the visit came from, where the proxy knows it.
pub(super) fn country(session: &Session) -> Option<String> {
    session.visit.borrow().as_ref().and_then(|held| held.visit.country.clone())
}

/// Offers the country that the visit came from, where the visitor's own is asked for and not chosen yet.
pub(super) fn preselect(session: &Session) {
    let Some(country) = country(session) else { return };
    for field in session.fields() {
        let offers = field.kind == FieldKind::Country && field.autocomplete.as_deref() == Some("country");
        if offers && !session.is_changed(&field.name) && !field.read_only && session.value(&field.name).is_empty() {
            session.choose(&field.name, &country);
        }
    }
    if let Some(form) = session.form.get() {
        lookups::refresh(form);
    }
}
