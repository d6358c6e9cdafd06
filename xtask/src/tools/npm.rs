//! wasm-opt (of binaryen) and esbuild: programs that npm installs, in the versions of `xtask/npm/package-lock.json`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{files, run, workspace::Workspace};

pub(crate) struct Npm {
    /// The folder of the programs.
    pub(crate) bin: PathBuf,
    /// Changes whenever a version does.
    pub(crate) lock: String,
}

impl Npm {
    pub(crate) fn program(&self, name: &str) -> Command {
        Command::new(self.bin.join(name))
    }
}

pub(crate) fn ensure(workspace: &Workspace) -> Result<Npm> {
    let source = workspace.root.join("xtask/npm");
    let package = files::read_text(&source.join("package.json"))?;
    let lock = files::read_text(&source.join("package-lock.json"))?;
    let folder = workspace.npm();
    files::create_folder(&folder)?;
    // Another checkout may be about to install into the same folder.
    let guard = fs::File::create(folder.join("lock")).context("cannot write to the cache folder")?;
    guard.lock().context("cannot lock the cache folder")?;
    let stamp = folder.join("installed");
    let wanted = format!("{package}{lock}");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Npm { bin: bin(&folder), lock });
    }
    files::write_if_changed(&folder.join("package.json"), package.as_bytes())?;
    files::write_if_changed(&folder.join("package-lock.json"), lock.as_bytes())?;
    // Neither package needs its install script: the programs come in packages of their own.
    run::run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&folder))?;
    files::write_if_changed(&stamp, wanted.as_bytes())?;
    Ok(Npm { bin: bin(&folder), lock })
}

fn bin(folder: &Path) -> PathBuf {
    folder.join("node_modules").join(".bin")
}
