//! What the elements on a portal's page share: asking the proxy with an embed token, words, numbers and dates, controls.

// Each element uses a part of it.
#![cfg_attr(feature = "partner", allow(dead_code))]

pub(crate) mod api;
pub(crate) mod controls;
pub(crate) mod events;
pub(crate) mod format;
pub(crate) mod save;
pub(crate) mod say;
mod token;
pub(crate) mod view;
pub(crate) mod zone;

pub(crate) use api::{Client, Failure};
pub(crate) use say::Say;
