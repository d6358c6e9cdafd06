//! Waiting for a better moment, as long as the form is there to be told of it.

use leptos::prelude::window;

use crate::browser::pause;

/// What a wait is made of. Counted, not read from a clock, which may be put back; and short, so that a form that is gone is
/// soon forgotten. It is no listener, which would have to be taken off again.
const TICK_MS: u32 = 500;

/// Waits that long, and no longer once `away` has said so and says so no more. False as soon as it is not wanted.
pub(super) async fn wait(time_ms: f64, wanted: &dyn Fn() -> bool, away: &dyn Fn() -> bool) -> bool {
    let mut left_ms = time_ms;
    loop {
        pause::milliseconds(TICK_MS).await;
        if !wanted() {
            return false;
        }
        left_ms -= f64::from(TICK_MS);
        if away() {
            left_ms = 0.0;
        } else if left_ms <= 0.0 {
            return true;
        }
    }
}

/// The browser knows of no network. Believed only where a request has failed too: one on this machine needs none.
pub(super) fn is_offline() -> bool {
    !window().navigator().on_line()
}
