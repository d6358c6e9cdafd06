//! The page that Trunk builds and serves, with the tools that Trunk wants to find on its PATH.

use std::{path::Path, process::Command};

use anyhow::{Result, ensure};

use crate::{
    files, run,
    tools::{installed, npm, pinned},
    workspace::Workspace,
};

/// Trunk, installed if need be, and ready to be told what to do.
pub(crate) fn trunk(workspace: &Workspace) -> Result<Command> {
    let npm = npm::ensure(workspace)?;
    let trunk = installed::ensure(workspace, &pinned::trunk(workspace)?)?;
    let bindgen = installed::ensure(workspace, &pinned::wasm_bindgen(workspace)?)?;
    let folders: Vec<_> = bindgen.folder.into_iter().chain([npm.bin]).collect();
    let mut command = Command::new(trunk.program);
    // Trunk takes NO_COLOR=1 for a malformed option.
    command.current_dir(&workspace.root).env("PATH", run::path_with(&folders)?).env_remove("NO_COLOR");
    Ok(command)
}

/// Builds the page into a folder and sees that it is complete.
pub(crate) fn build(workspace: &Workspace, folder: &Path) -> Result<()> {
    let mut trunk = trunk(workspace)?;
    files::remove_folder(folder)?;
    run::run(trunk.args(["build", "--offline", "--dist"]).arg(folder))?;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    for ending in [".html", ".js", ".wasm"] {
        ensure!(names.iter().any(|name| name.ends_with(ending)), "Trunk's page has no {ending} file in {}", folder.display());
    }
    Ok(())
}
