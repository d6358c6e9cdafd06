//! The simulation as a test of the proxy meets it: the real binary, over a real socket, with a client that sees every byte.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod autologin;
mod buckets;
mod buckets_access;
mod buckets_members;
mod client;
mod command_line;
mod control;
mod faults;
mod impact;
mod impact_access;
mod impact_create;
mod impact_faults;
mod impact_member_area;
mod impact_people;
mod impact_trades;
mod server;
mod signup;
