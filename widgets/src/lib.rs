//! The widgets: Leptos components compiled to WebAssembly, and what they need of the browser.
//!
//! The proxy renders the sign-up's components as text; in a browser their elements are taken over as they stand, see [`signup`]. What an
//! affiliate sees is rendered in the browser alone, see `buckets` and
//! `dashboard`.

// `#[component]` writes `pub` functions wherever it stands.
#![allow(unreachable_pub)]

mod browser;
#[cfg(any(feature = "buckets", test))]
pub mod buckets;
#[cfg(any(feature = "dashboard", test))]
pub mod dashboard;
#[cfg(any(feature = "partner", test))]
mod partner;
#[cfg(not(feature = "partner"))]
pub mod signup;
