//! Free ports, for programs that have to be told theirs.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU16, Ordering},
};

/// Below the ports that systems give to outgoing connections, so that no connection takes one between asking and listening.
const FIRST: u16 = 11_000;
const COUNT: u16 = 20_000;
/// Odd, and of no pattern: 2^32 by the golden ratio.
const SPREAD: u32 = 2_654_435_769;

/// How many were handed out: no two tests of one program get the same.
static GIVEN: AtomicU16 = AtomicU16::new(0);

/// A port of the loopback address that nobody listens on.
pub fn free_port() -> u16 {
    // Several test programs may run at once, each beginning somewhere else: also those whose ids follow each other begin far apart.
    let start = (std::process::id().wrapping_mul(SPREAD) % u32::from(COUNT)) as u16;
    (0..COUNT)
        .map(|_| FIRST + (start + GIVEN.fetch_add(1, Ordering::Relaxed) % COUNT) % COUNT)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("one of 20,000 ports is free")
}
