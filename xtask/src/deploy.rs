//! `build`: the one file to deploy.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    budget, run,
    steps::Steps,
    tools::{npm, prerequisites, rust},
    widgets,
    workspace::Workspace,
};

pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    prerequisites::check()?;
    let mut steps = Steps::new(5);
    steps.run("Rust's WebAssembly target (a few seconds if it is missing)", || rust::ensure_wasm_target(workspace))?;
    let npm = steps.run("wasm-opt and esbuild, from npm (a few seconds if they are missing)", || npm::ensure(workspace))?;
    steps.run("Building the widgets (about 2 min the first time)", || widgets::build(workspace, &npm))?;
    steps.run("Weighing them against budget.toml", || budget::check(workspace))?;
    steps.run("Building the proxy (about 6 min the first time)", || {
        run::run(workspace.cargo_with_widgets().args(["build", "--release", "-p", "latchkey"]))
    })?;
    let file = workspace.target.join("release").join("latchkey");
    let size = fs::metadata(&file).with_context(|| format!("the build left no {}", file.display()))?.len();
    println!("{}  {:.1} MB", file.display(), size as f64 / 1e6);
    Ok(())
}
