//! The simulations as a test of the proxy meets it: the real binary, over a real socket, with a client that sees every byte.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod broctagon;
mod client;
mod command_line;
mod control;
mod faults;
mod impact;
mod server;
mod trading;
mod weather;
mod wi;
