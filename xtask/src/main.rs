//! `cargo xtask …`: sets the machine up, builds, shows and tests Latchkey.

mod bench;
mod budget;
mod chaos;
mod cli;
mod demo;
mod deploy;
mod dev;
mod files;
mod hosts;
mod package;
mod page;
mod run;
mod steps;
mod test;
mod tools;
mod widgets;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    cli::{Bench, Command},
    workspace::Workspace,
};

fn main() -> ExitCode {
    let command = cli::Cli::parse().command;
    match Workspace::find().and_then(|workspace| perform(&workspace, &command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(workspace: &Workspace, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Build => deploy::build(workspace),
        Command::Package => package::package(workspace),
        Command::Hosts => hosts::hosts(workspace),
        Command::Sizes => budget::sizes(workspace),
        Command::Demo(ports) => demo::demo(workspace, ports),
        Command::Dev(ports) => dev::dev(workspace, ports),
        Command::Chaos(chaos) => chaos::run(workspace, chaos),
        Command::Bench(Bench::Intake(effort)) => bench::intake(workspace, effort),
        Command::Bench(Bench::FirstField(effort)) => bench::first_field(workspace, effort),
        Command::Bench(Bench::Dashboard(effort)) => bench::dashboard(workspace, effort),
        Command::Test { only } => test::test(workspace, only),
    }
}
