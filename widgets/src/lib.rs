//! The widgets: Leptos components compiled to WebAssembly, and what they need of the browser.
//!
//! The proxy renders the components as text; in a browser their elements are taken over as they stand, see [`signup`].

// `#[component]` writes `pub` functions wherever it stands.
#![allow(unreachable_pub)]

mod browser;
pub mod signup;
