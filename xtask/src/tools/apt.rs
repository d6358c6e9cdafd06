//! Debian's packages, for what a machine of Debian's kin can be given without asking anybody.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::run;

/// Whether we may install packages here.
pub(crate) fn is_ours() -> bool {
    rustix::process::geteuid().is_root() && Path::new("/etc/debian_version").exists() && run::is_on_path("apt-get")
}

pub(crate) fn install(packages: &[&str]) -> Result<()> {
    run::run(&mut apt(&["update", "--quiet=2"]))?;
    run::run(apt(&["install", "--yes", "--quiet=2", "--no-install-recommends"]).args(packages))
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
