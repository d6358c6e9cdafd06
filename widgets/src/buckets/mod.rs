//! `<latchkey-buckets>`: an affiliate looks up a list of leads in one of its buckets.
//!
//! What is pasted or dropped is read into [`keys`]; [`run`] asks for a thousand at a time and keeps what came in the [`state::State`];
//! [`view`] shows it. [`state::State`] is signals, which the components hand around.

mod csv;
mod keys;
mod mount;
mod question;
mod result;
mod run;
mod state;
mod view;

pub use mount::{MountedBuckets, mount_buckets, partner_css};
