//! Rust's own parts: the target that the widgets are compiled for.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

use crate::{run, workspace::Workspace};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// rust-toolchain.toml names the target, but a rustup that had the toolchain before does not always install it.
pub(crate) fn ensure_wasm_target(workspace: &Workspace) -> Result<()> {
    if has_wasm_target(workspace) {
        return Ok(());
    }
    if !run::is_on_path("rustup") {
        bail!("this Rust has no target {WASM_TARGET}, and rustup is missing: install Rust with rustup (see rustup.rs)");
    }
    // In the workspace, so that rustup reads which toolchain is pinned there.
    run::run(Command::new("rustup").args(["target", "add", WASM_TARGET]).current_dir(&workspace.root))
}

fn has_wasm_target(workspace: &Workspace) -> bool {
    let mut command = Command::new("rustc");
    command.args(["--print", "target-libdir", "--target", WASM_TARGET]).current_dir(&workspace.root).stderr(Stdio::null());
    command.output().is_ok_and(|output| {
        let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        output.status.success() && folder.is_dir()
    })
}
