//! `bench first-field`: how long a visitor waits until they can type, beside forms that are made in other ways.
//!
//! Each form is on a page of the same content, its scripts on another origin, and all of it compressed. The proxy is a debug
//! build: what it sends was written before the first visitor came.

mod pages;
mod report;

use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use super::{
    Place,
    proxy::{More, Proxy},
    server,
};
use crate::{
    demo, files, run,
    steps::Steps,
    tools::{self, npm, prerequisites, rust},
    widgets,
    workspace::Workspace,
};

/// How much of it.
#[derive(Args)]
pub(crate) struct FirstFieldEffort {
    /// How often each page is opened, slowly and as fast as it gets; the middle figure counts
    #[arg(long, value_name = "COUNT", default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

pub(crate) fn first_field(workspace: &Workspace, effort: &FirstFieldEffort) -> Result<()> {
    prerequisites::check()?;
    let mut steps = Steps::new(5);
    steps.run("Chromium (about 30 s if it is missing)", tools::browser::ensure_chromium)?;
    let (npm, peers) = steps.run("What is measured beside the widget, from npm (about 20 s the first time)", || {
        Ok((npm::ensure(workspace)?, npm::ensure_bench(workspace)?))
    })?;
    steps.run("The widgets (about 2 min the first time)", || {
        rust::ensure_wasm_target(workspace)?;
        widgets::build(workspace, &npm)
    })?;
    steps.run("Building the programs (about 4 min the first time)", || {
        // As the demo and the tests build it: with other programs beside, cargo would compile it anew.
        demo::build_programs(workspace)?;
        run::run(workspace.cargo().args(["build", "-p", "latchkey-first-field"]))
    })?;
    let place = Place { programs: workspace.target.join("debug"), folder: workspace.target.join("bench").join("first-field") };
    files::remove_folder(&place.folder)?;
    files::create_folder(&place.folder)?;
    let (landing, scripts) = (server::free_address()?, server::free_address()?);
    // Nobody sends anything: that no CRM is there does not show.
    let nobody = server::free_address()?;
    let origin = format!("http://{landing}");
    let proxy = Proxy::start_for(&place, "proxy", "sqlite://latchkey.db", nobody, None, &origin, &More::default())?;
    let folder = pages::build(workspace, &place, &npm, &peers, proxy.address, scripts)?;

    let mut command = Command::new(place.programs.join("first-field"));
    command.arg("--files").arg(folder).args(["--landing", &landing.to_string(), "--scripts", &scripts.to_string()]);
    command.args(pages::NAMES.iter().flat_map(|(name, _)| ["--page", name]));
    command.args(["--takes-over", "snippet", "--rounds", &effort.rounds.to_string()]);
    let text = steps.run("Measuring (about 10 min with 9 rounds)", || run::output(&mut command))?;
    let report = report::Report::read(&text).with_context(|| format!("the program first-field prints {text:?}"))?;
    println!("\n{}", report.table());
    let path = place.folder.join("figures.json");
    files::write_if_changed(&path, text.as_bytes())?;
    println!("All figures: {}", path.display());
    Ok(())
}
