//! `<latchkey-signup>`: a funnel's form, from the first keystroke to the way into the CRM.
//!
//! [`SignupForm`] is what is shown. Everything that happens goes through its [`state::Form`] (the signal) and, in a
//! browser, its [`session::Session`] (the element, the visit, what was typed and sent).

mod agreement;
mod api;
mod branches;
mod challenge;
mod checks;
mod choices;
mod codes;
mod commands;
mod controls;
mod draft;
pub mod events;
mod field;
mod form;
mod layout;
mod lookups;
mod mount;
mod outcome;
mod page;
mod patience;
mod prefill;
#[cfg(feature = "ssr")]
pub mod render;
mod retrying;
mod sending;
mod session;
mod state;
mod steps;
mod styles;
mod summary;
mod taken;
mod tracking;
mod values;
mod visit;
mod wire;
mod words;

pub use form::Post;
pub use mount::{MountedSignup, mount_signup};
pub use styles::controls_css;
