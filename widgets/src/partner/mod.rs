//! What the elements on a portal's page share: asking the proxy with an embed token, words, numbers and dates.

pub(crate) mod api;
mod format;
pub(crate) mod say;
mod token;
pub(crate) mod view;

pub(crate) use api::{Client, Failure};
pub(crate) use say::Say;
