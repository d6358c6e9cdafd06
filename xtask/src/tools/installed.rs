//! Tools that cargo installs: taken from our cache folder or the PATH where the version is right, else installed.

use std::path::PathBuf;

use anyhow::Result;

use crate::{run, workspace::Workspace};

pub(crate) struct Tool {
    pub(crate) package: &'static str,
    pub(crate) program: &'static str,
    pub(crate) version: String,
    /// Whether another patch release will do as well.
    pub(crate) any_patch: bool,
    /// Whether it is compiled with the lock file that it comes with.
    pub(crate) locked: bool,
    /// About how long it takes to compile.
    pub(crate) minutes: u32,
}

/// Where a tool was found.
pub(crate) struct Located {
    pub(crate) program: PathBuf,
    /// Its folder, where that is not on the PATH anyway.
    pub(crate) folder: Option<PathBuf>,
}

pub(crate) fn ensure(workspace: &Workspace, tool: &Tool) -> Result<Located> {
    let folder = workspace.tools().join("bin");
    let ours = Located { program: folder.join(tool.program), folder: Some(folder) };
    if tool.is(&ours.program) {
        return Ok(ours);
    }
    let theirs = PathBuf::from(tool.program);
    if tool.is(&theirs) {
        return Ok(Located { program: theirs, folder: None });
    }
    install(workspace, tool)?;
    Ok(ours)
}

fn install(workspace: &Workspace, tool: &Tool) -> Result<()> {
    let Tool { package, version, minutes, .. } = tool;
    if run::is_on_path("cargo-binstall") {
        println!("      installing {package} {version}, ready-made by cargo-binstall (under a minute)");
        let mut command = workspace.cargo();
        command.args(["binstall", "--no-confirm", package, "--version", version, "--root"]).arg(workspace.tools());
        match run::run(&mut command) {
            Ok(()) => return Ok(()),
            Err(error) => println!("      {error}; compiling it instead"),
        }
    }
    println!("      installing {package} {version} (about {minutes} min)");
    let mut command = workspace.cargo();
    command.args(["install", "--quiet", package, "--version", version, "--root"]).arg(workspace.tools());
    if tool.locked {
        command.arg("--locked");
    }
    run::run(command.env("CARGO_TARGET_DIR", workspace.tools_target()))
}

impl Tool {
    fn is(&self, program: &PathBuf) -> bool {
        run::version_line(program).is_some_and(|line| self.accepts(&line))
    }

    /// `line` is what `--version` prints: the name, the version, and for some a commit.
    fn accepts(&self, line: &str) -> bool {
        let Some(version) = line.split_whitespace().nth(1) else { return false };
        match self.version.rsplit_once('.') {
            Some((series, _)) if self.any_patch => version.rsplit_once('.').is_some_and(|(it, _)| it == series),
            _ => version == self.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tool;

    #[test]
    fn only_the_wanted_version_is_taken() {
        let mut tool =
            Tool { package: "trunk", program: "trunk", version: String::from("0.21.14"), any_patch: false, locked: true, minutes: 8 };
        assert!(tool.accepts("trunk 0.21.14"));
        assert!(tool.accepts("trunk 0.21.14 (abcdef)"));
        assert!(!tool.accepts("trunk 0.21.1"));
        assert!(!tool.accepts("trunk"));
        tool.any_patch = true;
        assert!(tool.accepts("trunk 0.21.15"));
        assert!(!tool.accepts("trunk 0.22.14"));
    }
}
