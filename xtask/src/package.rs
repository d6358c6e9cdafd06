//! `package`: the npm package `@latchkey/widgets`, for hosts with a bundler.
//!
//! It holds a few lines of JavaScript and the types. The element's own code comes from the proxy, so that both fit each other.

use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    files, run,
    tools::{
        npm::{self, Npm},
        prerequisites,
    },
    workspace::Workspace,
};

/// Of `widgets/npm`. Its `check` is for us.
const FILES: [&str; 5] = ["README.md", "index.js", "latchkey.d.ts", "react.d.ts", "vue.d.ts"];

pub(crate) fn package(workspace: &Workspace) -> Result<()> {
    prerequisites::check()?;
    let package = make(workspace, &npm::ensure(workspace)?)?;
    println!("{}\n{}", package.folder.display(), package.tarball.display());
    Ok(())
}

pub(crate) struct Package {
    folder: PathBuf,
    tarball: PathBuf,
    /// A folder in which it is installed, with all that `xtask/npm` has installed beside it.
    pub(crate) host: PathBuf,
}

/// Makes the package, installs it into a folder as a host would, and checks it there.
pub(crate) fn make(workspace: &Workspace, npm: &Npm) -> Result<Package> {
    let out = workspace.target.join("npm");
    files::remove_folder(&out)?;
    let folder = out.join("latchkey-widgets");
    files::create_folder(&folder)?;
    let sources = workspace.root.join("widgets/npm");
    for name in FILES {
        files::copy(&sources.join(name), &folder.join(name))?;
    }
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        files::copy(&workspace.root.join(name), &folder.join(name))?;
    }
    let manifest = manifest(&files::read_text(&sources.join("package.json"))?)?;
    files::write_if_changed(&folder.join("package.json"), manifest.as_bytes())?;
    let tarball = pack(&out, &folder)?;
    let host = out.join("host");
    install(&tarball, npm, &host)?;
    check(&sources.join("check"), npm, &host)?;
    Ok(Package { folder, tarball, host })
}

/// With the version of this workspace.
fn manifest(text: &str) -> Result<String> {
    let mut manifest: serde_json::Value = serde_json::from_str(text).context("widgets/npm/package.json is not as expected")?;
    manifest["version"] = env!("CARGO_PKG_VERSION").into();
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

fn pack(out: &Path, folder: &Path) -> Result<PathBuf> {
    let mut command = Command::new("npm");
    command.args(["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination"]).arg(out).arg(folder);
    let name = run::output(&mut command)?;
    Ok(out.join(name.trim()))
}

/// As `npm install` does it, less the network: the tarball unpacked, and the others by links.
fn install(tarball: &Path, npm: &Npm, host: &Path) -> Result<()> {
    let modules = host.join("node_modules");
    let ours = modules.join("@latchkey/widgets");
    files::create_folder(&ours)?;
    run::run(Command::new("tar").arg("-xzf").arg(tarball).args(["--strip-components=1", "-C"]).arg(&ours))?;
    for entry in std::fs::read_dir(&npm.modules).with_context(|| format!("cannot read the folder {}", npm.modules.display()))? {
        let entry = entry?;
        symlink(entry.path(), modules.join(entry.file_name())).context("cannot link what npm has installed")?;
    }
    Ok(())
}

/// Compiles a host that does everything right, and some things wrong that have to be refused, and runs one on a server.
fn check(sources: &Path, npm: &Npm, host: &Path) -> Result<()> {
    let folder = host.join("check");
    files::copy_folder(sources, &folder)?;
    run::run(npm.program("tsc").arg("--project").arg(&folder)).context("the types of the npm package")?;
    run::run(Command::new("node").arg(folder.join("server.mjs"))).context("the npm package on a server")
}

#[cfg(test)]
mod tests {
    use super::manifest;

    const TYPES: &str = include_str!("../../widgets/npm/latchkey.d.ts");
    /// Its table has all events.
    const EVENTS: &str = include_str!("../../widgets/src/signup/events.rs");

    #[test]
    fn every_event_that_is_fired_is_typed() {
        let name = |rest: &'static str| rest.split(|letter: char| !letter.is_ascii_lowercase()).next();
        let fired: Vec<&str> = EVENTS.split("latchkey:").skip(1).filter_map(name).collect();
        assert!(fired.contains(&"ready") && fired.contains(&"registered"), "{fired:?}");
        for event in fired {
            assert!(TYPES.contains(&format!("\n  \"latchkey:{event}\": ")), "latchkey:{event} is not in latchkey.d.ts");
        }
    }

    #[test]
    fn the_package_has_the_version_of_the_workspace_and_no_install_script() {
        let manifest = manifest(include_str!("../../widgets/npm/package.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        assert_eq!(manifest["name"], "@latchkey/widgets");
        assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
        for absent in ["scripts", "dependencies"] {
            assert!(manifest.get(absent).is_none(), "{absent}");
        }
    }
}
