//! `bench`: how much the proxy bears, beside nginx that merely forwards to the same simulated CRM with a header added.
//!
//! Everything runs on this machine, one after the other and several times over, and the middle figure counts: what else the
//! machine does disturbs all of them alike. It reports; it fails only where something does not work.

mod ask;
mod dashboard;
mod disk;
mod first_field;
mod load;
mod nginx;
mod postgres;
mod proxy;
mod report;
mod rounds;
mod sandbox;
mod server;
mod waiting;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

pub(crate) use dashboard::{DashboardEffort, dashboard};
pub(crate) use first_field::{FirstFieldEffort, first_field};

use crate::{
    files, run,
    steps::Steps,
    tools::{self, npm, prerequisites, rust},
    widgets,
    workspace::Workspace,
};

/// How much of it.
#[derive(Args)]
pub(crate) struct Effort {
    /// How often everything is measured; the middle figure counts
    #[arg(long, value_name = "COUNT", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How long each measurement takes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// How many signups wait while the CRM is down; 0 leaves this part out
    #[arg(long, value_name = "COUNT", default_value_t = 100_000)]
    waiting: u64,
    /// Measure the proxy on this store only (may be repeated)
    #[arg(long, value_name = "STORE")]
    store: Vec<Store>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

impl Effort {
    fn measures(&self, store: Store) -> bool {
        self.store.is_empty() || self.store.contains(&store)
    }
}

const PROGRAMS: [&str; 3] = ["latchkey", "sandbox-crm", "latchkey-load"];

/// Where everything is.
pub(crate) struct Place {
    /// Of the release profile.
    programs: PathBuf,
    /// Databases and logs of this run, and the figures.
    folder: PathBuf,
}

pub(crate) fn intake(workspace: &Workspace, effort: &Effort) -> Result<()> {
    prerequisites::check()?;
    let mut steps = Steps::new(5);
    steps.run("nginx (a few seconds if it is missing)", tools::nginx::ensure)?;
    steps.run("The widgets, which the proxy does not serve without (about 2 min the first time)", || {
        rust::ensure_wasm_target(workspace)?;
        widgets::build(workspace, &npm::ensure(workspace)?)
    })?;
    steps.run("Building the programs, optimised (about 8 min the first time)", || {
        let packages = PROGRAMS.iter().flat_map(|name| ["-p", name]);
        run::run(workspace.cargo_with_widgets().args(["build", "--release", "--bins"]).args(packages))
    })?;
    let place = Place { programs: workspace.target.join("release"), folder: workspace.target.join("bench") };
    files::remove_folder(&place.folder)?;
    files::create_folder(&place.folder)?;
    let disk = disk::measure(&place)?;
    let rounds = steps.run("Measuring beside nginx", || rounds::measure(&place, effort))?;
    let waiting =
        steps.run("Measuring while signups wait", || (effort.waiting > 0).then(|| waiting::measure(&place, effort)).transpose())?;
    let report = report::Report { disk, rounds, waiting };
    println!("\n{}", report.table());
    let path = place.folder.join("intake.json");
    files::write_if_changed(&path, serde_json::to_string_pretty(&report)?.as_bytes())?;
    println!("All figures: {}", path.display());
    Ok(())
}
