//! The browsers that the system tests drive: Chromium, Firefox and WebKit, each with its driver.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use super::{apt, installed, pinned};
use crate::{run, workspace::Workspace};

/// Chooses the one that the tests of the browser part run in.
pub(crate) const TEST_BROWSER: &str = "LATCHKEY_TEST_BROWSER";
/// What it takes.
pub(crate) const ENGINES: [&str; 3] = ["chromium", "firefox", "webkit"];

/// A group of programs, of each of which one has to be there, under any of its names.
struct Wanted {
    what: &'static str,
    programs: &'static [&'static [&'static str]],
    packages: &'static [&'static str],
}

const CHROMIUM: Wanted = Wanted {
    what: "Chromium and chromedriver",
    programs: &[&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"], &["chromedriver"]],
    packages: &["chromium", "chromium-driver"],
};

const OTHERS: [Wanted; 2] = [
    Wanted { what: "Firefox", programs: &[&["firefox", "firefox-esr"]], packages: &["firefox-esr"] },
    Wanted { what: "WebKitGTK's driver and Xvfb", programs: &[&["WebKitWebDriver"], &["Xvfb"]], packages: &["webkit2gtk-driver", "xvfb"] },
];

/// All of them. Gives the folders that have to be on the PATH besides.
pub(crate) fn ensure(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    ensure_chromium()?;
    for wanted in &OTHERS {
        wanted.ensure()?;
    }
    // Debian has no package of it.
    let geckodriver = installed::ensure(workspace, &pinned::geckodriver())?;
    Ok(geckodriver.folder.into_iter().collect())
}

/// Chromium alone, for what is measured in it.
pub(crate) fn ensure_chromium() -> Result<()> {
    CHROMIUM.ensure()
}

impl Wanted {
    fn ensure(&self) -> Result<()> {
        if self.is_present() {
            return Ok(());
        }
        let Wanted { what, packages, .. } = self;
        if !apt::is_ours() {
            bail!("the system tests need {what}: install it (Debian: `apt-get install {}`)", packages.join(" "));
        }
        println!("      installing {what} (about 30 s)");
        apt::install(packages)?;
        ensure!(self.is_present(), "{what}: still missing after apt-get has installed {}: install by hand", packages.join(" "));
        Ok(())
    }

    fn is_present(&self) -> bool {
        self.programs.iter().all(|names| names.iter().any(|name| run::is_on_path(name)))
    }
}
