//! `test`: every check there is, in parts that can also be asked for one by one.

mod deny;

use std::{process::Command, time::Instant};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::{
    budget, demo, hosts, page, run,
    steps::spoken,
    tools::{browser, faketime, npm, postgres, prerequisites, rust},
    widgets,
    workspace::{WIDGETS_DIR, Workspace},
};

/// The suites that mean the same on either store. The others name theirs, or have to do with none.
const ON_BOTH_STORES: [&str; 4] = ["http", "partner", "durability", "cli"];
/// Chooses the store of those.
const TEST_STORE: &str = "LATCHKEY_TEST_STORE";
/// The suite that runs once in each browser.
const IN_EVERY_BROWSER: &str = "browser";

/// In this order: what fails fast comes first, and what builds comes before what uses it.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Formatting
    Fmt,
    /// Lints, for the host and for the browser
    Clippy,
    /// Licences, sources and advisories of what we depend on
    Deny,
    /// The widgets as they are sent, and their budget
    Widgets,
    /// The npm package with its types, and the example hosts that use it
    Hosts,
    /// The programs that the system tests start
    Bins,
    /// PostgreSQL's programs are there
    Postgres,
    /// Unit tests
    Unit,
    /// The page that Trunk builds
    Trunk,
    /// The browsers and their drivers are there
    Browser,
    /// Whole-system tests
    System,
}

impl Part {
    fn about(self) -> &'static str {
        match self {
            Self::Fmt => "formatting",
            Self::Clippy => "lints (about 4 min the first time)",
            Self::Deny => "licences, sources and advisories",
            Self::Widgets => "the widgets and their budget (about 2 min the first time)",
            Self::Hosts => "the npm package with its types, and the example hosts that use it",
            Self::Bins => "the programs (about 4 min the first time)",
            Self::Postgres => "PostgreSQL's programs",
            Self::Unit => "unit tests, those of the store on SQLite and on PostgreSQL",
            Self::Trunk => "the page, built by Trunk (about 13 min the first time)",
            Self::Browser => "Chromium, Firefox and WebKit with their drivers (about 3 min the first time)",
            Self::System => "whole-system tests, those of the store on SQLite and on PostgreSQL, those of the widgets in three browsers",
        }
    }

    fn run(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Fmt => run::run(workspace.cargo().args(["fmt", "--all", "--check"])),
            Self::Clippy => clippy(workspace),
            Self::Deny => deny::check(workspace),
            Self::Widgets => build_widgets(workspace),
            Self::Hosts => hosts::build(workspace, &npm::ensure(workspace)?),
            Self::Bins => demo::build_programs(workspace),
            Self::Postgres => postgres::ensure().map(drop),
            Self::Unit => unit(workspace),
            Self::Trunk => trunk(workspace),
            Self::Browser => browser::ensure(workspace).map(drop),
            Self::System => system(workspace),
        }
    }
}

pub(crate) fn test(workspace: &Workspace, only: &[Part]) -> Result<()> {
    prerequisites::check()?;
    let parts: Vec<Part> = Part::value_variants().iter().copied().filter(|part| only.is_empty() || only.contains(part)).collect();
    let start = Instant::now();
    for part in &parts {
        let name = name(*part);
        println!("== {name}: {}", part.about());
        let start = Instant::now();
        part.run(workspace).with_context(|| format!("the part `{name}` failed"))?;
        println!("== {name}: passed in {}", spoken(start.elapsed()));
    }
    let count = parts.len();
    println!("== {count} of {} parts ran, and passed, in {}", Part::value_variants().len(), spoken(start.elapsed()));
    Ok(())
}

fn name(part: Part) -> String {
    part.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn clippy(workspace: &Workspace) -> Result<()> {
    let mut host = workspace.cargo();
    host.args(["clippy", "--workspace", "--exclude", "latchkey-widgets", "--all-targets", "--", "-D", "warnings"]);
    // Where the widgets are there already, lint the proxy as it will be built: to leave them out and put them back
    // would compile it twice.
    if widgets::are_built(workspace) {
        host.env(WIDGETS_DIR, workspace.widgets());
    }
    run::run(&mut host)?;
    rust::ensure_wasm_target(workspace)?;
    for element in widgets::ELEMENTS {
        run::run(workspace.cargo().arg("clippy").args(widgets::package(element)).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn build_widgets(workspace: &Workspace) -> Result<()> {
    rust::ensure_wasm_target(workspace)?;
    widgets::build(workspace, &npm::ensure(workspace)?)?;
    budget::check(workspace)
}

fn unit(workspace: &Workspace) -> Result<()> {
    let arguments = ["test", "--workspace", "--exclude", "latchkey-widgets", "--exclude", "latchkey-tests"];
    run::run(workspace.cargo_with_widgets().args(arguments).env(postgres::POSTGRES_BIN, postgres::ensure()?))?;
    // By themselves: what the widgets and the proxy want of Leptos differs. What needs a browser is tested in one.
    run::run(workspace.cargo().args(["test", "-p", "latchkey-widgets", "--lib", "--no-default-features"]))
}

fn trunk(workspace: &Workspace) -> Result<()> {
    rust::ensure_wasm_target(workspace)?;
    page::build(workspace, &trunk_dist(workspace))
}

fn system(workspace: &Workspace) -> Result<()> {
    let faketime = faketime::ensure()?;
    let path = run::path_with(&browser::ensure(workspace)?)?;
    let npm = npm::ensure(workspace)?;
    let tests = || -> Result<Command> {
        let mut command = workspace.cargo_with_widgets();
        command.args(["test", "-p", "latchkey-tests"]).env(postgres::POSTGRES_BIN, postgres::ensure()?);
        command.env("LATCHKEY_TARGET_DIR", &workspace.target).env("LATCHKEY_TRUNK_DIST", trunk_dist(workspace));
        command.env(faketime::FAKETIME, &faketime).env("PATH", &path).env(npm::NODE_MODULES, &npm.modules);
        Ok(command)
    };
    run::run(&mut tests()?)?;
    println!("      once more on PostgreSQL: {}", ON_BOTH_STORES.join(", "));
    run::run(tests()?.args(ON_BOTH_STORES.iter().flat_map(|suite| ["--test", suite])).env(TEST_STORE, "postgres"))?;
    // The first of them is what the suites have just run in.
    for engine in &browser::ENGINES[1..] {
        println!("      once more in {engine}: {IN_EVERY_BROWSER}");
        run::run(tests()?.args(["--test", IN_EVERY_BROWSER]).env(browser::TEST_BROWSER, engine))?;
    }
    Ok(())
}

/// Not `dist`: a `trunk serve` may be using that.
fn trunk_dist(workspace: &Workspace) -> std::path::PathBuf {
    workspace.target.join("trunk-dist")
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::{Part, name};

    #[test]
    fn the_page_is_there_before_a_browser_opens_it() {
        let order: Vec<String> = Part::value_variants().iter().map(|part| name(*part)).collect();
        assert_eq!(order, ["fmt", "clippy", "deny", "widgets", "hosts", "bins", "postgres", "unit", "trunk", "browser", "system"]);
    }
}
