//! Rust's own parts: the target that the widgets are compiled for, and the sources of the standard library, which is compiled with
//! them.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

use crate::{run, workspace::Workspace};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// rust-toolchain.toml names both, but a rustup that had the toolchain before does not always install them.
pub(crate) fn ensure_wasm_target(workspace: &Workspace) -> Result<()> {
    ensure(workspace, &["target", "add", WASM_TARGET], &["--print", "target-libdir", "--target", WASM_TARGET], "")?;
    ensure(workspace, &["component", "add", "rust-src"], &["--print", "sysroot"], "lib/rustlib/src/rust/library/std")
}

/// `rustc <asked>` prints a folder; what is missing where `below` is not in it, `rustup <arguments>` adds.
fn ensure(workspace: &Workspace, arguments: &[&str], asked: &[&str], below: &str) -> Result<()> {
    if is_there(workspace, asked, below) {
        return Ok(());
    }
    let wanted = arguments.join(" ");
    if !run::is_on_path("rustup") {
        bail!("this Rust lacks a part (`rustup {wanted}` adds it), and rustup is missing: install Rust with rustup (see rustup.rs)");
    }
    // In the workspace, so that rustup reads which toolchain is pinned there.
    run::run(Command::new("rustup").args(arguments).current_dir(&workspace.root))
}

fn is_there(workspace: &Workspace, asked: &[&str], below: &str) -> bool {
    let mut command = Command::new("rustc");
    command.args(asked).current_dir(&workspace.root).stderr(Stdio::null());
    command.output().is_ok_and(|output| {
        let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        output.status.success() && folder.join(below).is_dir()
    })
}
