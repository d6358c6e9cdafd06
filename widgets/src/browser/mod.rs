//! What the widgets use of the browser, each behind one small function.

pub(crate) mod countries;
pub(crate) mod dom;
pub(crate) mod http;
pub(crate) mod json;
pub(crate) mod pause;
pub(crate) mod plural;
pub(crate) mod random;
pub(crate) mod task;
pub(crate) mod today;
