//! `dashboard-bench`: what `cargo xtask bench dashboard` measures an affiliate's dashboard with.
//!
//! | command | |
//! |---|---|
//! | `fill` | puts made-up people into the mirror of a proxy that does not run |
//! | `crowd` | opens many dashboards at once, as far as HTTP goes |
//! | `figures` | asks for figures and pages of tables, one after the other |
//! | `export` | downloads all leads |
//! | `open` | opens the dashboard in Chromium, over a slow network and as fast as it gets |
//! | `scroll` | scrolls, sorts and searches its table of leads in Chromium, with a slow processor |
//!
//! Each prints what it measured as JSON.

mod crowd;
mod export;
mod figures;
mod fill;
mod open;
mod portal;
mod scroll;
mod seal;
mod site;

use std::net::SocketAddr;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use serde::Serialize;

/// Measures what a dashboard asks for, and the dashboard itself.
#[derive(Parser)]
#[command(after_help = "Example: PORTAL_SECRET=… dashboard-bench export --proxy 127.0.0.1:8080 --page 127.0.0.1:8002 --affiliate a-1")]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Puts made-up people, and a commission for every fourth of them, into a mirror
    Fill(fill::Fill),
    /// Opens dashboards at once
    Crowd {
        #[command(flatten)]
        portal: Portal,
        /// How many
        #[arg(long, default_value_t = 500)]
        dashboards: u32,
    },
    /// Asks for figures and pages
    Figures {
        #[command(flatten)]
        portal: Portal,
        /// How often for each
        #[arg(long, default_value_t = 9)]
        rounds: u32,
    },
    /// Downloads all leads
    Export {
        #[command(flatten)]
        portal: Portal,
    },
    /// Opens the dashboard in Chromium
    Open {
        #[command(flatten)]
        portal: Portal,
        /// How often, slowly and as fast as it gets
        #[arg(long, default_value_t = 9)]
        rounds: u32,
    },
    /// Scrolls, sorts and searches in Chromium
    Scroll {
        #[command(flatten)]
        portal: Portal,
        /// How long it is scrolled up and down
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
}

/// A partner portal. Its secret is in the variable `PORTAL_SECRET`.
#[derive(Args)]
struct Portal {
    /// The proxy
    #[arg(long, value_name = "ADDRESS")]
    proxy: SocketAddr,
    /// Where the portal's page is served; the proxy knows `http://` and this as the portal's origin
    #[arg(long, value_name = "ADDRESS")]
    page: SocketAddr,
    /// Whose dashboard it is
    #[arg(long, value_name = "ID")]
    affiliate: String,
}

// One thread: what is measured needs the other cores.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    match Options::parse().command {
        Command::Fill(fill) => fill.run().await,
        Command::Crowd { portal, dashboards } => print(&crowd::measure(&portal, dashboards).await?),
        Command::Figures { portal, rounds } => print(&figures::measure(&portal, rounds).await?),
        Command::Export { portal } => print(&export::measure(&portal).await?),
        Command::Open { portal, rounds } => print(&open::measure(&portal, rounds).await?),
        Command::Scroll { portal, seconds } => print(&scroll::measure(&portal, seconds).await?),
    }
}

fn print(measured: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(measured)?);
    Ok(())
}
