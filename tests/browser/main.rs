//! The sign-up form in a real browser, on a landing page of another origin, against the real proxy and the simulated CRM.

// What cannot be unwrapped here fails the test that needs it.
#![allow(clippy::unwrap_used)]

mod accessible;
mod accessible_pieces;
mod axe;
mod branches;
mod browser;
mod challenges;
mod commands;
mod controls;
mod crms;
mod development;
mod drafts;
mod form;
mod hostile;
mod hosts;
mod leads;
mod loading;
mod no_script;
mod partner;
mod passwords;
mod phones;
mod refused;
mod registered;
mod removed;
mod retrying;
mod site;
mod stage;
mod summaries;
mod taking_over;
mod tracking;
mod trouble;
mod waiting;
mod wrong_input;
