//! Where things are: this workspace, its target folder, and the cache folder that all checkouts share.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::run;

/// Tells server-proxy's build which folder the widgets are in.
pub(crate) const WIDGETS_DIR: &str = "LATCHKEY_WIDGETS_DIR";

pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Cargo's target folder; honours `CARGO_TARGET_DIR`.
    pub(crate) target: PathBuf,
    cache: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self> {
        let text = run::output(Command::new(cargo_path()).args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata: Metadata = serde_json::from_str(&text).context("cannot read what `cargo metadata` says")?;
        Ok(Self { root: metadata.workspace_root, target: metadata.target_directory, cache: user_cache()?.join("latchkey") })
    }

    /// The cargo that runs us, so that all of a build is done by one toolchain.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(cargo_path());
        command.current_dir(&self.root);
        // What the cargo that runs this program has told it. Build scripts look at it, and would be run anew, and all that follows
        // from them, each time that cargo is called by hand and by this program in turn.
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_")) {
                command.env_remove(name);
            }
        }
        command
    }

    /// Cargo, for what contains the proxy and so the widgets.
    pub(crate) fn cargo_with_widgets(&self) -> Command {
        let mut command = self.cargo();
        command.env(WIDGETS_DIR, self.widgets());
        command
    }

    /// The built widgets, as the proxy's build takes them in.
    pub(crate) fn widgets(&self) -> PathBuf {
        self.target.join("widgets")
    }

    /// A program of ours, as the dev profile builds it.
    pub(crate) fn dev_program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// Where cargo installs the tools that we need, beside whatever else is on the machine.
    pub(crate) fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// The target folder of those installations, kept so that the next version compiles faster.
    pub(crate) fn tools_target(&self) -> PathBuf {
        self.cache.join("tools-target")
    }

    /// Where npm installs what the build and the tests need.
    pub(crate) fn npm(&self) -> PathBuf {
        self.cache.join("npm")
    }

    /// Where npm installs what is measured beside the widget.
    pub(crate) fn npm_bench(&self) -> PathBuf {
        self.cache.join("npm-bench")
    }
}

fn cargo_path() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Where cargo keeps the sources of what we depend on.
pub(crate) fn cargo_home() -> Result<PathBuf> {
    absolute("CARGO_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cargo")))
        .context("neither CARGO_HOME nor HOME names cargo's folder")
}

fn user_cache() -> Result<PathBuf> {
    absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .context("neither XDG_CACHE_HOME nor HOME names a folder to keep tools in")
}

fn absolute(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}
