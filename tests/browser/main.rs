//! The sign-up form in a real browser, on a landing page of another origin, against the real proxy and the simulated CRM.

// What cannot be unwrapped here fails the test that needs it.
#![allow(clippy::unwrap_used)]

mod browser;
mod branches;
mod commands;
mod controls;
mod crms;
mod development;
mod drafts;
mod form;
mod hosts;
mod leads;
mod phones;
mod refused;
mod registered;
mod retrying;
mod stage;
mod summaries;
mod tracking;
mod trouble;
mod waiting;
mod wrong_input;
