//! What `latchkey check` makes of a question that was asked only to try a credential.

use super::{Found, Unanswered, client::NoAnswer};

/// `origin` is the address that was asked, for the operator.
pub(super) fn found<T>(origin: &str, asked: Result<T, Unanswered>) -> Found {
    match asked {
        Ok(_) => Found::Ready,
        Err(Unanswered::Denied(trouble) | Unanswered::Refused(trouble)) => Found::Denied(format!("{origin}: {trouble}")),
        Err(Unanswered::Unreachable(trouble) | Unanswered::TooMany(trouble)) => Found::Unreachable(format!("{origin}: {trouble}")),
        Err(Unanswered::Unreadable(trouble)) => Found::Odd(format!("{origin}: {trouble}")),
        Err(unasked @ (Unanswered::Unsupported | Unanswered::Argument(_))) => Found::Untried(unasked.to_string()),
    }
}

/// The same of a call that had no whole answer.
pub(super) fn unreachable(origin: &str, no_answer: NoAnswer) -> Found {
    let (NoAnswer::NotSent(detail) | NoAnswer::Lost { detail, .. }) = no_answer;
    Found::Unreachable(format!("{origin}: {detail}"))
}
