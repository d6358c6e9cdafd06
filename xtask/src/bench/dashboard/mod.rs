//! `bench dashboard`: an affiliate's dashboard, in Chromium and as far as HTTP goes: how soon its figures are there, how its table of
//! 100,000 leads scrolls, what an export of a million costs the proxy, and what many who open it at once cost the CRM.
//!
//! The figures of the first and of the last are a month of the simulated CRM's; what is more than that is filled into the mirror.

mod report;
mod world;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use serde::de::DeserializeOwned;

use self::{report::Report, world::World};
use super::{Place, sandbox::Sandbox};
use crate::{
    files, run,
    steps::Steps,
    tools::{self, npm, prerequisites, rust},
    widgets,
    workspace::Workspace,
};

/// How much of it.
#[derive(Args)]
pub(crate) struct DashboardEffort {
    /// Measure this part only (may be repeated)
    #[arg(long, value_name = "PART")]
    only: Vec<Part>,
    /// How often the dashboard is opened, slowly and as fast as it gets, and each figure asked for; the middle figure counts
    #[arg(long, value_name = "COUNT", default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How many people are exported
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    people: u64,
    /// How many leads are scrolled through
    #[arg(long, value_name = "COUNT", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1000..))]
    leads: u64,
    /// How many dashboards are opened at once
    #[arg(long, value_name = "COUNT", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    dashboards: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Many dashboards at once
    Crowd,
    /// A million rows, and figures of them
    Export,
    /// The first figures in Chromium
    Open,
    /// The table in Chromium
    Scroll,
}

impl DashboardEffort {
    fn measures(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// Runs a part's step, if it is wanted.
    fn step<T>(&self, part: Part, steps: &mut Steps, what: &str, measure: impl FnOnce() -> Result<T>) -> Result<Option<T>> {
        self.measures(part).then(|| steps.run(what, measure)).transpose()
    }
}

const PARTS: [Part; 4] = [Part::Crowd, Part::Export, Part::Open, Part::Scroll];
const PROGRAMS: [&str; 3] = ["latchkey", "sandbox-crm", "latchkey-dashboard-bench"];
/// People came evenly over so many days: all of a year's figures are theirs, and a month's are a twelfth.
const A_YEAR: u64 = 365;
/// The table shows thirty days where nothing else is chosen: all of these leads.
const A_MONTH: u64 = 29;

pub(crate) fn dashboard(workspace: &Workspace, effort: &DashboardEffort) -> Result<()> {
    prerequisites::check()?;
    let mut steps = Steps::new(3 + PARTS.into_iter().filter(|part| effort.measures(*part)).count());
    steps.run("Chromium (about 30 s if it is missing)", tools::browser::ensure_chromium)?;
    steps.run("The widgets (about 2 min the first time)", || {
        rust::ensure_wasm_target(workspace)?;
        widgets::build(workspace, &npm::ensure(workspace)?)
    })?;
    steps.run("Building the programs, optimised (about 8 min the first time)", || {
        let packages = PROGRAMS.iter().flat_map(|name| ["-p", name]);
        run::run(workspace.cargo_with_widgets().args(["build", "--release", "--bins"]).args(packages))
    })?;
    let place = Place { programs: workspace.target.join("release"), folder: workspace.target.join("bench").join("dashboard") };
    files::remove_folder(&place.folder)?;
    files::create_folder(&place.folder)?;
    let mut sandbox = Sandbox::with_history(&place)?;
    let what = format!("{} dashboards at once", effort.dashboards);
    let crowd = effort.step(Part::Crowd, &mut steps, &what, || crowd(&place, &mut sandbox, effort.dashboards))?;
    let what = format!("An export of {} rows, and figures of them (about 6 min with a million)", effort.people);
    let export = effort.step(Part::Export, &mut steps, &what, || export(&place, &sandbox, effort))?;
    let opened = effort.step(Part::Open, &mut steps, "Opening the dashboard (about 3 min with 9 rounds)", || {
        let world = World::start(&place, "open", &sandbox)?;
        world.read_mirror()?;
        read(&world.measure("open", &[("--rounds", effort.rounds.into())])?)
    })?;
    let what = format!("Scrolling through {} leads (about 4 min)", effort.leads);
    let scrolled = effort.step(Part::Scroll, &mut steps, &what, || {
        let mut world = World::start(&place, "scroll", &sandbox)?;
        world.fill(effort.leads, A_MONTH)?;
        read(&world.measure("scroll", &[])?)
    })?;
    let report = Report { crowd, export, opened, scrolled };
    println!("\n{}", report.table());
    let path = place.folder.join("figures.json");
    files::write_if_changed(&path, serde_json::to_string_pretty(&report)?.as_bytes())?;
    println!("All figures: {}", path.display());
    Ok(())
}

/// With nothing in any cache, and the mirror never read.
fn crowd(place: &Place, sandbox: &mut Sandbox, dashboards: u32) -> Result<report::Crowd> {
    sandbox.restart()?;
    let world = World::start(place, "crowd", sandbox)?;
    let before = sandbox.trading_calls()?;
    let told = read(&world.measure("crowd", &[("--dashboards", dashboards.into())])?)?;
    Ok(report::Crowd { asked: dashboards, crm_calls: sandbox.trading_calls()? - before, told })
}

fn export(place: &Place, sandbox: &Sandbox, effort: &DashboardEffort) -> Result<report::Export> {
    let mut world = World::start(place, "export", sandbox)?;
    world.fill(effort.people, A_YEAR)?;
    let memory_before = world.proxy.memory()?;
    let (told, memory) = world.proxy.peak_memory(|| world.measure("export", &[]))?;
    let (figures, memory_of_figures) = world.proxy.peak_memory(|| world.measure("figures", &[("--rounds", effort.rounds.into())]))?;
    Ok(report::Export { memory_before, memory, told: read(&told)?, memory_of_figures, figures: read(&figures)? })
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).with_context(|| format!("the program dashboard-bench prints {text:?}"))
}
