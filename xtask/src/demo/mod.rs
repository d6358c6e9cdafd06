//! `demo`: the whole of it on one machine, from nothing to pages to open.

mod plan;
mod ports;
mod ready;
mod servers;

use std::process::Command;

use anyhow::Result;

pub(crate) use self::{
    plan::{Plan, origin},
    ports::Port,
    servers::Servers,
};
use crate::{
    cli::{BesidePorts, DemoPorts},
    files, run,
    steps::Steps,
    tools::{npm, prerequisites, rust},
    widgets,
    workspace::Workspace,
};

/// The programs that the demo starts.
pub(crate) const PROGRAMS: [&str; 4] = ["latchkey", "sandbox-crm", "landing-page", "partner-portal"];

pub(crate) fn demo(workspace: &Workspace, ports: &DemoPorts) -> Result<()> {
    let proxy = Port { what: "proxy", option: Some("--port"), number: ports.port };
    check_ports("demo", &[proxy], &ports.beside)?;
    prerequisites::check()?;

    let mut steps = Steps::new(5);
    prepare(workspace, &mut steps)?;
    let plan = Plan::new(workspace, ports.port, ports.port, &ports.beside);
    let mut servers = Servers::new()?;
    steps.run("Starting the simulated CRM, the proxy, the landing page and the partner portal", || plan.start(workspace, &mut servers))?;
    println!("\nReady. Open:\n{}", plan.pages());
    println!("The logs are {}. Ctrl-C stops everything.", plan.folder.join("*.log").display());
    servers.wait()
}

/// Fails where a port cannot be had: those named, and those that every demo has beside them.
pub(crate) fn check_ports(command: &str, ports: &[Port], beside: &BesidePorts) -> Result<()> {
    ports::check(command, &[ports, &ports::beside(beside)].concat())
}

/// The first four steps: all that has to be built before anything can be started.
pub(crate) fn prepare(workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.run("Rust's WebAssembly target (a few seconds if it is missing)", || rust::ensure_wasm_target(workspace))?;
    let npm = steps.run("wasm-opt and esbuild, from npm (a few seconds if they are missing)", || npm::ensure(workspace))?;
    steps.run("Building the widgets (about 2 min the first time)", || widgets::build(workspace, &npm))?;
    steps.run("Building the proxy and the examples (about 4 min the first time)", || build_programs(workspace))
}

pub(crate) fn build_programs(workspace: &Workspace) -> Result<()> {
    let packages = PROGRAMS.iter().flat_map(|name| ["-p", name]);
    run::run(workspace.cargo_with_widgets().args(["build", "--bins"]).args(packages))
}

/// A program of ours as a command.
fn program(workspace: &Workspace, name: &str) -> Command {
    let mut command = Command::new(workspace.dev_program(name));
    command.current_dir(&workspace.root);
    command
}

/// An empty folder: what the sandbox held is gone with it, so the proxy begins anew as well.
fn empty_folder(path: &std::path::Path) -> Result<()> {
    files::remove_folder(path)?;
    files::create_folder(path)
}
