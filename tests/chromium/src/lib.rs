//! Chromium, told by its own protocol what to do: what measures pages opens them with it, all under the same conditions.

mod page;
mod process;

pub use page::{Answer, Conditions, SLOW, Window, number};
pub use process::{Chromium, Tab};
