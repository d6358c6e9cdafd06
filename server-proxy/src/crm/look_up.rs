//! What looking for a registration whose outcome is unknown has found.

use super::Trouble;

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
