//! Where a test has the proxy end in the middle of an attempt, as `kill -9` would end it. In a release there is nothing of it.

/// Names the step of an attempt for `LATCHKEY_CRASH_AT`.
#[cfg(debug_assertions)]
pub(crate) fn point(step: &str) {
    if std::env::var("LATCHKEY_CRASH_AT").is_ok_and(|at| at == step) {
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub(crate) fn point(_step: &str) {}
