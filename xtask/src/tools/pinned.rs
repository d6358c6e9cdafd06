//! The versions of the tools that cargo installs. Each stands where the tool itself, or cargo, reads it; here alone are
//! cargo-deny's and geckodriver's, which nothing else names.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::installed::Tool;
use crate::{files, workspace::Workspace};

/// Any patch release of this series will do.
pub(crate) fn cargo_deny() -> Tool {
    Tool { package: "cargo-deny", program: "cargo-deny", version: String::from("0.20.2"), any_patch: true, locked: true, minutes: 3 }
}

/// Drives Firefox. Any patch release of this series will do.
pub(crate) fn geckodriver() -> Tool {
    Tool { package: "geckodriver", program: "geckodriver", version: String::from("0.37.1"), any_patch: true, locked: true, minutes: 2 }
}

pub(crate) fn trunk(workspace: &Workspace) -> Result<Tool> {
    let version = trunk_version(&files::read_text(&workspace.root.join("Trunk.toml"))?)?;
    // Without its lock file it does not compile: two versions of one of its dependencies meet.
    Ok(Tool { package: "trunk", program: "trunk", version, any_patch: false, locked: true, minutes: 8 })
}

/// The command line of wasm-bindgen, which Trunk runs; it has to be of the version that the widgets link.
pub(crate) fn wasm_bindgen(workspace: &Workspace) -> Result<Tool> {
    let version = locked_version(&files::read_text(&workspace.root.join("Cargo.lock"))?, "wasm-bindgen")?;
    // Its lock file names a version of a crate that no longer exists.
    Ok(Tool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version, any_patch: false, locked: false, minutes: 3 })
}

#[derive(Deserialize)]
struct TrunkFile {
    #[serde(rename = "trunk-version")]
    version: String,
}

fn trunk_version(text: &str) -> Result<String> {
    let file: TrunkFile = toml::from_str(text).context("Trunk.toml is not as expected")?;
    let version = file.version.strip_prefix('=').context("Trunk.toml: `trunk-version` has to name one version, `=x.y.z`")?;
    Ok(version.to_owned())
}

#[derive(Deserialize)]
struct LockFile {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    version: String,
}

fn locked_version(text: &str, name: &str) -> Result<String> {
    let file: LockFile = toml::from_str(text).context("Cargo.lock is not as expected")?;
    let mut found = file.package.into_iter().filter(|package| package.name == name);
    let package = found.next().with_context(|| format!("Cargo.lock has no `{name}`"))?;
    ensure!(found.next().is_none(), "Cargo.lock has more than one `{name}`");
    Ok(package.version)
}

#[cfg(test)]
mod tests {
    use super::{locked_version, trunk_version};

    const LOCK: &str = r#"
version = 4
[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "a registry"
[[package]]
name = "twice"
version = "1.0.0"
[[package]]
name = "twice"
version = "2.0.0"
"#;

    #[test]
    fn versions_are_read_from_cargo_lock() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen").expect("it is there"), "0.2.130");
        assert_eq!(locked_version(LOCK, "leptos").expect_err("absent").to_string(), "Cargo.lock has no `leptos`");
        assert!(locked_version(LOCK, "twice").is_err());
    }

    #[test]
    fn trunks_version_is_exact() {
        assert_eq!(trunk_version("trunk-version = \"=0.21.14\"\n[build]\n").expect("exact"), "0.21.14");
        assert!(trunk_version("trunk-version = \"0.21\"").is_err());
    }
}
