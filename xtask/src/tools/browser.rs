//! The browser that the system tests drive: Chromium with its driver.

use anyhow::{Result, bail, ensure};

use super::apt;
use crate::run;

/// Names that Chromium and its kin go by.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

pub(crate) fn ensure() -> Result<()> {
    if is_present() {
        return Ok(());
    }
    if !apt::is_ours() {
        bail!("the system tests need Chromium and chromedriver: install both (Debian: `apt-get install chromium chromium-driver`)");
    }
    println!("      installing Chromium and chromedriver (about 30 s)");
    apt::install(&["chromium", "chromium-driver"])?;
    ensure!(is_present(), "Chromium or chromedriver is still missing after apt-get has installed them: install both by hand");
    Ok(())
}

fn is_present() -> bool {
    run::is_on_path("chromedriver") && BROWSERS.into_iter().any(run::is_on_path)
}
