//! What could not be sent is sent again by itself, with the same key, as long as the visitor leaves it as it is.

use js_sys::Math;

use super::{api::Failure, patience, session::Session, state::Form};

/// After that many it is left to the visitor.
const TRIES: u32 = 10;
const FIRST_PAUSE_SECONDS: u32 = 2;
const LONGEST_PAUSE_SECONDS: u32 = 60;

/// How long to wait after so many tries, in ms; `None` where it is not tried again. `act` is when it was sent.
pub(super) fn pause(session: &Session, failure: Failure, act: u32, tries: u32) -> Option<f64> {
    let asked = match failure {
        // A page that the proxy has never answered may be one that it is not for.
        Failure::Network if session.visit.borrow().is_some() => 0,
        Failure::Busy(429, Some(seconds)) if seconds <= LONGEST_PAUSE_SECONDS => seconds,
        // From 502: a gateway's words for a proxy that is away are among them.
        Failure::Busy(502.., asked) => asked.unwrap_or_default(),
        _ => return None,
    };
    if tries >= TRIES || session.acts.get() != act {
        return None;
    }
    let seconds = (FIRST_PAUSE_SECONDS << (tries - 1)).max(asked).min(LONGEST_PAUSE_SECONDS);
    // Up to half as long again: those who were turned away together do not come back together.
    Some(f64::from(seconds) * (1_000.0 + 500.0 * Math::random()))
}

/// Until it is time to try again; where it is the network that is gone, until it is back. False when the visitor has typed or
/// sent something meanwhile, or the form is gone.
pub(super) async fn wait(form: Form, session: &Session, failure: Failure, act: u32, time_ms: f64) -> bool {
    let wanted = || form.session().is_some() && session.acts.get() == act;
    let away = || matches!(failure, Failure::Network) && patience::is_offline();
    patience::wait(time_ms, &wanted, &away).await
}

/// The visitor has changed something: it is theirs to say when it is sent.
pub(super) fn cancel(form: Form, session: &Session) {
    session.act();
    if form.now(|state| state.retrying.is_some()) {
        form.update(|state| {
            // While it is being sent once more, the answer to that is waited for.
            if let Some(key) = state.retrying.take()
                && !state.sending
            {
                state.alert = session.view.texts.get(key).to_owned();
            }
        });
    }
}
