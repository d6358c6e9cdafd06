//! `load`: signups of made-up people, sent over connections that stay open, and how fast they were answered.
//!
//! Two ways to send: as many as come back (each connection sends its next when the one before is answered), or at a constant
//! rate, where a time is measured from when the signup was due, so that a stall counts for all that had to wait behind it.
//! It is small and runs on one core, because what is measured shares the machine with it.

mod signups;
mod turns;

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use clap::Parser;
use latchkey_load::{Connection, Tally};

use crate::{
    signups::{Signups, To},
    turns::Turns,
};

/// Sends signups and prints, as JSON, how fast they were answered.
#[derive(Parser)]
#[command(after_help = "Example: load --to proxy --address 127.0.0.1:8080 --rate 200 --seconds 10")]
struct Options {
    /// Who answers at the address
    #[arg(long)]
    to: To,
    #[arg(long, value_name = "ADDRESS")]
    address: SocketAddr,
    /// How many connections are open
    #[arg(long, default_value_t = 64)]
    connections: u32,
    /// For how long to send
    #[arg(long)]
    seconds: u64,
    /// How many a second, whether or not those before are answered; without it, as many as come back
    #[arg(long)]
    rate: Option<u64>,
    /// To send no more than this
    #[arg(long)]
    most: Option<u64>,
}

/// More than one core sends in a second: form tokens are had before the first signup, so their number has to be known.
const MOST_PER_SECOND: u64 = 10_000;

// One thread: what is measured needs the other cores.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let options = Options::parse();
    let in_time = options.seconds * options.rate.unwrap_or(MOST_PER_SECOND);
    let most = options.most.map_or(in_time, |most| most.min(in_time));
    let signups = Signups::prepare(options.to, options.address, most).await?;
    let turns = match options.rate {
        Some(rate) => Turns::at_rate(rate, most),
        None => Turns::as_they_come(Duration::from_secs(options.seconds), most),
    };
    let tally = send_all(options.address, options.connections, signups, turns).await?;
    println!("{}", serde_json::to_string(&tally.figures())?);
    Ok(())
}

async fn send_all(address: SocketAddr, connections: u32, signups: Signups, turns: Turns) -> Result<Tally> {
    let shared = std::sync::Arc::new((signups, turns));
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let shared = shared.clone();
            tokio::spawn(async move { work(address, &shared.0, &shared.1).await })
        })
        .collect();
    let mut tally = Tally::default();
    for worker in workers {
        tally.add(worker.await.context("a connection's task failed")?);
    }
    Ok(tally)
}

/// One connection's part.
async fn work(address: SocketAddr, signups: &Signups, turns: &Turns) -> Tally {
    let mut tally = Tally::default();
    let mut connection = Connection::new(address);
    while let Some(turn) = turns.next().await {
        match connection.send(signups.request(turn.number)).await {
            Ok((status, _)) => tally.answered(turn.due, status),
            Err(error) => tally.broke(&error),
        }
    }
    tally
}
