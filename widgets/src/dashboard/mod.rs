//! `<latchkey-dashboard>`: an affiliate sees its figures, its people and its money, whichever CRM is behind.
//!
//! [`board::Board`] is what all of it hands around: the words, the client, the period, the panel that is shown. What is asked of the proxy is an
//! [`asked::Asked`], which keeps the last answer while it asks again; [`frame`] shows one in each of its states. [`offer`] says what there is
//! to show: each panel is there only if the affiliate's CRM and token have it.

mod asked;
mod board;
mod frame;
mod links;
mod money;
mod mount;
mod offer;
mod overview;
mod panels;
mod people;
mod period;
mod shown;
mod tables;
mod top;

pub use mount::{MountedDashboard, mount_dashboard, partner_css};
