//! What we cannot install ourselves: Node with npm, and a C compiler.

use anyhow::{Result, bail};

use crate::run;

/// esbuild asks for it.
const LEAST_NODE: u32 = 18;

/// Fails with one line for each thing that is missing, saying what to do.
pub(crate) fn check() -> Result<()> {
    let compiler = std::env::var("CC").unwrap_or_else(|_| String::from("cc"));
    let missing: Vec<String> =
        [node(run::version_line("node").as_deref()), npm(run::is_on_path("npm")), compiler_problem(run::is_on_path(&compiler))]
            .into_iter()
            .flatten()
            .collect();
    if !missing.is_empty() {
        bail!("{}", missing.join("\n       "));
    }
    Ok(())
}

fn node(version: Option<&str>) -> Option<String> {
    let Some(version) = version else {
        return Some(format!("Node.js is missing: install version {LEAST_NODE} or newer (Debian: `apt-get install nodejs npm`)"));
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    let too_old = major.is_some_and(|major| major < LEAST_NODE);
    too_old.then(|| format!("Node.js {version} is too old: install version {LEAST_NODE} or newer"))
}

fn npm(present: bool) -> Option<String> {
    (!present).then(|| String::from("npm is missing: it comes with Node.js (Debian: `apt-get install npm`)"))
}

fn compiler_problem(present: bool) -> Option<String> {
    (!present).then(|| {
        String::from("a C compiler is missing: install one (Debian: `apt-get install gcc libc6-dev`; macOS: `xcode-select --install`)")
    })
}

#[cfg(test)]
mod tests {
    use super::{node, npm};

    #[test]
    fn each_problem_says_what_to_do() {
        assert_eq!(node(Some("v20.20.2")), None);
        assert_eq!(node(Some("v16.1.0")).as_deref(), Some("Node.js v16.1.0 is too old: install version 18 or newer"));
        assert!(node(None).is_some_and(|line| line.contains("install version 18 or newer")));
        assert_eq!(npm(true), None);
        assert!(npm(false).is_some());
    }
}
