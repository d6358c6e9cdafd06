//! The command line: what may be asked for, with help and an example each.

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    bench::{DashboardEffort, Effort, FirstFieldEffort},
    test::Part,
};

/// Sets the machine up, builds, shows and tests Latchkey.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = "Example: cargo xtask demo")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Build the one file to deploy: `latchkey` in the target folder's `release`, with the widgets inside it
    #[command(after_help = "Example: cargo xtask build && scp target/release/latchkey server:")]
    Build,
    /// Make the npm package `@latchkey/widgets` for hosts with a bundler, and check its types
    #[command(after_help = "Example: cargo xtask package && npm publish target/npm/latchkey-widgets")]
    Package,
    /// Build the example hosts (React, Vue, plain HTML) into the target folder's `hosts`, ready to be served
    #[command(after_help = "Example: cargo xtask hosts && cargo xtask demo")]
    Hosts,
    /// Build the widgets and show what a visitor downloads, beside the budget for it
    #[command(after_help = "Example: cargo xtask sizes")]
    Sizes,
    /// Build everything, start the proxy, a simulated CRM and a landing page, and print the pages to open
    #[command(after_help = "Examples:\n  cargo xtask demo\n  cargo xtask demo --port 8090 --landing-port 8010")]
    Demo(DemoPorts),
    /// The development loop: the demo's servers, and the widgets' page rebuilt and reloaded by Trunk at every change
    #[command(after_help = "Example: cargo xtask dev --page-port 8091")]
    Dev(DevPorts),
    /// Send signups while proxies are killed and every CRM misbehaves, and count what the CRMs have in the end
    #[command(after_help = "Examples:\n  cargo xtask chaos\n  cargo xtask chaos --store postgres --proxies 3 --kills 100")]
    Chaos(Chaos),
    /// Run every check and test; stops at the first part that fails
    #[command(after_help = "Examples:\n  cargo xtask test\n  cargo xtask test --only clippy --only unit")]
    Test {
        /// Run this part only (may be repeated); the order stays
        #[arg(long, value_name = "PART")]
        only: Vec<Part>,
    },
    /// Measure what the proxy bears, and how soon its form and its dashboard are there
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Durable signups a second and what the proxy adds to their time, beside nginx; and what it costs that many wait
    #[command(after_help = "Examples:\n  cargo xtask bench intake\n  cargo xtask bench intake --rounds 1 --seconds 5 --store sqlite")]
    Intake(Effort),
    /// How long a visitor waits until they can type, over a slow network too, beside forms that are made in other ways
    #[command(after_help = "Examples:\n  cargo xtask bench first-field\n  cargo xtask bench first-field --rounds 3")]
    FirstField(FirstFieldEffort),
    /// How soon an affiliate's dashboard is there and how its tables scroll, an export's memory, and what many dashboards ask of the CRM
    #[command(after_help = "Examples:\n  cargo xtask bench dashboard\n  cargo xtask bench dashboard --only export --people 200000")]
    Dashboard(DashboardEffort),
}

/// What happens in the chaos. The program `chaos` of the tests is told all of it.
#[derive(Args)]
pub(crate) struct Chaos {
    /// How many people sign up
    #[arg(long, default_value_t = 20_000)]
    pub(crate) signups: u32,
    /// How many of them a second
    #[arg(long, default_value_t = 100)]
    pub(crate) rate: u32,
    /// How often a proxy is killed
    #[arg(long, default_value_t = 50)]
    pub(crate) kills: u32,
    /// Where signups are kept
    #[arg(long, value_enum, default_value_t = ChaosStore::Sqlite)]
    pub(crate) store: ChaosStore,
    /// How many proxies share that; more than one need PostgreSQL
    #[arg(long, default_value_t = 1)]
    pub(crate) proxies: u32,
    /// Which kills and faults there are
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChaosStore {
    Sqlite,
    /// Restarted once
    Postgres,
}

/// Where the demo listens, on this machine only.
#[derive(Args)]
pub(crate) struct DemoPorts {
    /// The proxy
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub(crate) port: u16,
    #[command(flatten)]
    pub(crate) beside: BesidePorts,
}

/// Where the development loop listens. The proxy's port is not here: Trunk.toml names it.
#[derive(Args)]
pub(crate) struct DevPorts {
    /// The page that Trunk serves
    #[arg(long, value_name = "PORT", default_value_t = 8081)]
    pub(crate) page_port: u16,
    #[command(flatten)]
    pub(crate) beside: BesidePorts,
}

/// What listens beside the proxy.
#[derive(Args, Clone)]
pub(crate) struct BesidePorts {
    /// The proxy's metrics
    #[arg(long, value_name = "PORT", default_value_t = 9090)]
    pub(crate) metrics_port: u16,
    /// The simulated CRM
    #[arg(long, value_name = "PORT", default_value_t = 9100)]
    pub(crate) sandbox_port: u16,
    /// The landing page
    #[arg(long, value_name = "PORT", default_value_t = 8000)]
    pub(crate) landing_port: u16,
    /// The partner portal
    #[arg(long, value_name = "PORT", default_value_t = 8002)]
    pub(crate) portal_port: u16,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
