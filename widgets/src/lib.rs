//! The widgets: Leptos components compiled to WebAssembly, and what they need of the browser.
//!
//! A component takes plain props and touches the browser only in effects and event handlers, never while it renders,
//! so that the proxy can render the same component as text.

// `#[component]` writes `pub` functions wherever it stands.
#![allow(unreachable_pub)]

mod browser;
pub mod signup;
