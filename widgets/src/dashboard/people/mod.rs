//! Sources, downline, and the trading servers.

mod downline;
mod listing;
mod servers;
mod sources;

pub(super) use downline::downline;
pub(super) use servers::servers;
pub(super) use sources::sources;
