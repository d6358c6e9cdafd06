//! The commands.

mod affiliates;
mod check;
mod connections;
mod funnel;
mod keys;
mod serve;
mod signups;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::config::{self, Config, Problems};

/// The proxy for Latchkey's sign-up widgets.
///
/// Keeps the CRM's keys on the server, never loses a lead, and answers with an autologin redirect.
#[derive(Parser)]
#[command(
    version,
    after_help = "Example:\n  latchkey check --config /etc/latchkey/latchkey.toml && latchkey serve --config /etc/latchkey/latchkey.toml"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the widgets and take signups, until SIGTERM or Ctrl-C
    #[command(after_help = "Example:\n  latchkey serve --config latchkey.toml")]
    Serve(Common),
    /// Check configuration and funnels, and try each connection with a call that changes nothing
    #[command(
        after_help = "Example:\n  latchkey check --config latchkey.toml\n\nExits with 0 where all is well, and with 1 where something has to be mended."
    )]
    Check(Common),
    /// See what the CRMs can be asked, and ask them
    #[command(subcommand, after_help = "Example:\n  latchkey connections list")]
    Connections(connections::Command),
    /// See what a funnel's file may say
    #[command(subcommand, after_help = "Example:\n  latchkey funnel schema")]
    Funnel(funnel::Command),
    /// See what is kept, have it delivered again, export and forget it
    #[command(subcommand, after_help = "Example:\n  latchkey signups list --state parked")]
    Signups(signups::Command),
    /// See affiliates, add and disable them, and have their mirrors read anew
    #[command(subcommand, after_help = "Example:\n  latchkey affiliates list")]
    Affiliates(affiliates::Command),
    /// Replace the keys that seal what is personal
    #[command(subcommand, after_help = "Example:\n  latchkey keys rotate")]
    Keys(keys::Command),
}

#[derive(Args)]
struct Common {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "latchkey.toml")]
    config: PathBuf,
}

pub(crate) fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(common) => in_runtime(|| serve::run(common.config)),
        Command::Check(common) => in_runtime(|| check::run(common.config)),
        Command::Connections(command) => in_runtime(|| connections::run(command)),
        Command::Funnel(command) => {
            funnel::run(command);
            Ok(())
        }
        Command::Signups(command) => in_runtime(|| signups::run(command)),
        Command::Affiliates(command) => in_runtime(|| affiliates::run(command)),
        Command::Keys(command) => in_runtime(|| keys::run(command)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latchkey: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn in_runtime<F: Future<Output = anyhow::Result<()>>>(command: impl FnOnce() -> F) -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(command())
}

/// Reads the configuration; all that is wrong with it goes to standard error, a line each.
fn load(path: &std::path::Path) -> anyhow::Result<(Config, Problems)> {
    config::load(path).map_err(|problems| {
        problems.warnings().iter().for_each(|warning| eprintln!("warning: {warning}"));
        problems.found().for_each(|problem| eprintln!("error: {problem}"));
        let count = problems.found().count();
        anyhow::anyhow!("{count} {} in the configuration", if count == 1 { "mistake" } else { "mistakes" })
    })
}
