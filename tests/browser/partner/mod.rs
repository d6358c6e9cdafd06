//! The elements on a partner portal's page, in a real browser: mounted by the portal for whoever is logged in.

mod dashboard;
mod desk;
mod lists;
mod look_up;
mod looks;
mod tokens;
mod trouble;
