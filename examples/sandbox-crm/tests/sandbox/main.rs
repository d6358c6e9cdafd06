//! The simulation as a test of the proxy meets it: the real binary, over a real socket, with a client that sees every byte.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod autologin;
mod client;
mod command_line;
mod control;
mod faults;
mod server;
mod signup;
mod trading;
