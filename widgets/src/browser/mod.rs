//! What the widgets use of the browser, each behind one small function.

// Each element uses a part of it.
#![cfg_attr(feature = "partner", allow(dead_code))]

pub(crate) mod countries;
pub(crate) mod dom;
pub(crate) mod http;
pub(crate) mod json;
#[cfg(any(feature = "partner", test))]
pub(crate) mod lower;
pub(crate) mod pause;
pub(crate) mod plural;
pub(crate) mod random;
pub(crate) mod task;
pub(crate) mod today;
