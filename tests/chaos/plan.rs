//! What is to happen: the command line.

use clap::{Parser, ValueEnum};

/// Sends signups through the real programs while these are killed, and counts what the CRMs have in the end.
#[derive(Parser)]
#[command(name = "chaos")]
pub(crate) struct Plan {
    /// How many people sign up
    #[arg(long)]
    pub(crate) signups: u32,
    /// How many of them a second
    #[arg(long)]
    pub(crate) rate: u32,
    /// How often a proxy is killed
    #[arg(long)]
    pub(crate) kills: u32,
    /// Where signups are kept
    #[arg(long)]
    pub(crate) store: Kept,
    /// How many proxies share that
    #[arg(long)]
    pub(crate) proxies: u32,
    /// Which kills and faults there are: the same, as far as the machine lets them be
    #[arg(long)]
    pub(crate) seed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kept {
    Sqlite,
    /// The server is restarted once
    Postgres,
}
