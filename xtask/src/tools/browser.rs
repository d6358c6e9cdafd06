//! The browser that the system tests drive: Chromium with its driver.

use std::{path::Path, process::Command};

use anyhow::{Result, bail, ensure};

use crate::run;

/// Names that Chromium and its kin go by.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

pub(crate) fn ensure() -> Result<()> {
    if is_present() {
        return Ok(());
    }
    let root = rustix::process::geteuid().is_root();
    if !(root && Path::new("/etc/debian_version").exists() && run::is_on_path("apt-get")) {
        bail!("the system tests need Chromium and chromedriver: install both (Debian: `apt-get install chromium chromium-driver`)");
    }
    println!("      installing Chromium and chromedriver (about 30 s)");
    run::run(&mut apt(&["update", "--quiet=2"]))?;
    run::run(&mut apt(&["install", "--yes", "--quiet=2", "--no-install-recommends", "chromium", "chromium-driver"]))?;
    ensure!(is_present(), "Chromium or chromedriver is still missing after apt-get has installed them: install both by hand");
    Ok(())
}

fn is_present() -> bool {
    run::is_on_path("chromedriver") && BROWSERS.into_iter().any(run::is_on_path)
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
