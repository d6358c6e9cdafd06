//! What looking for a registration whose outcome is unknown has found.

use super::{Trouble, Unanswered};

/// Whether it has arrived.
#[derive(Debug)]
pub(crate) enum LookedUp {
    Arrived {
        /// The client's or lead's id in the CRM, where it tells one.
        id: Option<String>,
        /// The answer's status.
        status: u16,
    },
    /// Surely not: it can be sent again.
    Absent { status: u16 },
    /// The CRM could not tell now. To be asked again.
    Unanswered(Trouble),
}

/// Without an answer nothing is known of whether it has arrived.
impl From<Unanswered> for LookedUp {
    fn from(unanswered: Unanswered) -> LookedUp {
        let detail = unanswered.to_string();
        LookedUp::Unanswered(match unanswered {
            Unanswered::Denied(trouble)
            | Unanswered::Refused(trouble)
            | Unanswered::TooMany(trouble)
            | Unanswered::Unreachable(trouble)
            | Unanswered::Unreadable(trouble) => Trouble { detail, ..trouble },
            Unanswered::Unsupported | Unanswered::Argument(_) => Trouble::new(detail),
        })
    }
}
