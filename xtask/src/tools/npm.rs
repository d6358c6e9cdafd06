//! What npm installs, in the versions of a lock file of ours: `xtask/npm` for the build and the tests (wasm-opt, esbuild,
//! TypeScript, the frameworks of the example hosts, axe, what pages bring along), `xtask/npm-bench` for what is measured beside the widget.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{files, run, workspace::Workspace};

/// Tells the tests where [`Npm::modules`] are.
pub(crate) const NODE_MODULES: &str = "LATCHKEY_NODE_MODULES";

pub(crate) struct Npm {
    /// `node_modules`.
    pub(crate) modules: PathBuf,
    /// The folder of the programs.
    pub(crate) bin: PathBuf,
    /// Changes whenever a version does.
    pub(crate) lock: String,
}

impl Npm {
    fn new(folder: &Path, lock: String) -> Npm {
        let modules = folder.join("node_modules");
        Npm { bin: modules.join(".bin"), modules, lock }
    }

    pub(crate) fn program(&self, name: &str) -> Command {
        Command::new(self.bin.join(name))
    }
}

pub(crate) fn ensure(workspace: &Workspace) -> Result<Npm> {
    install(&workspace.root.join("xtask/npm"), &workspace.npm())
}

/// What is measured beside the widget. Nothing else needs it.
pub(crate) fn ensure_bench(workspace: &Workspace) -> Result<Npm> {
    install(&workspace.root.join("xtask/npm-bench"), &workspace.npm_bench())
}

fn install(source: &Path, folder: &Path) -> Result<Npm> {
    let package = files::read_text(&source.join("package.json"))?;
    let lock = files::read_text(&source.join("package-lock.json"))?;
    files::create_folder(folder)?;
    // Another checkout may be about to install into the same folder.
    let guard = fs::File::create(folder.join("lock")).context("cannot write to the cache folder")?;
    guard.lock().context("cannot lock the cache folder")?;
    let stamp = folder.join("installed");
    let wanted = format!("{package}{lock}");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Npm::new(folder, lock));
    }
    files::write_if_changed(&folder.join("package.json"), package.as_bytes())?;
    files::write_if_changed(&folder.join("package-lock.json"), lock.as_bytes())?;
    // No package needs its install script: the programs come in packages of their own.
    run::run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))?;
    files::write_if_changed(&stamp, wanted.as_bytes())?;
    Ok(Npm::new(folder, lock))
}
