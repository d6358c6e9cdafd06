//! Work that goes on while the page does.

use std::pin::Pin;

/// Runs it to its end. Boxed: to run each kind of work by itself costs a visitor a kilobyte a kind.
pub(crate) fn start(work: impl Future<Output = ()> + 'static) {
    run(Box::pin(work));
}

fn run(work: Pin<Box<dyn Future<Output = ()>>>) {
    leptos::task::spawn_local(work);
}
