//! `<latchkey-signup>`: a funnel's form, from the first keystroke to the way into the CRM.
//!
//! The proxy renders it ([`render`], by the components in [`markup`]). In a browser everything that happens goes one way: what the
//! visitor does ([`listen`]) and what the proxy answers change the [`state::State`], a signal, and [`paint`] shows it on the elements
//! that are there. Beside it stands the [`session::Session`]: the element, the visit, what was typed and sent.

mod api;
mod branches;
mod challenge;
mod checks;
mod codes;
mod commands;
mod controls;
mod draft;
pub mod events;
mod listen;
mod lookups;
#[cfg(any(feature = "ssr", feature = "alone"))]
mod markup;
mod mount;
mod page;
mod paint;
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
mod taken;
mod tracking;
mod values;
mod visit;
mod wire;
mod words;

#[cfg(feature = "ssr")]
pub use markup::Post;
pub use mount::{MountedSignup, ReadFunnel, mount_signup, read_funnel};
pub use styles::controls_css;
