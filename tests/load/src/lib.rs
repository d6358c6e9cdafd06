//! What sends requests and measures their times is made of.

mod connection;
mod figures;

pub use connection::Connection;
pub use figures::{Figures, Tally};
