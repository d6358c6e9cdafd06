//! PostgreSQL's programs, for the tests that keep signups in it. Each test starts a server of its own with them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::apt;
use crate::run;

/// Tells the tests which folder the programs are in.
pub(crate) const POSTGRES_BIN: &str = "LATCHKEY_POSTGRES_BIN";

/// Debian keeps the programs of each version in a folder of their own, and not on the PATH.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The oldest version that the proxy takes.
const LEAST_VERSION: u32 = 14;

/// The folder that the programs are in.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(folder) = find() {
        return Ok(folder);
    }
    if !apt::is_ours() {
        bail!("the system tests need PostgreSQL {LEAST_VERSION} or newer: install its server (Debian: `apt-get install postgresql`)");
    }
    println!("      installing PostgreSQL (about 30 s)");
    apt::install(&["postgresql"])?;
    find().context("PostgreSQL is still missing after apt-get has installed it: install its server by hand")
}

fn find() -> Option<PathBuf> {
    let named = env::var_os(POSTGRES_BIN).map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    named.into_iter().chain(versions(Path::new(VERSIONS))).chain(env::split_paths(&path)).find(|folder| is_good(folder))
}

/// The folders of all versions, the newest first.
fn versions(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let number = |entry: fs::DirEntry| entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
    let mut numbers: Vec<_> = entries.flatten().filter_map(number).collect();
    numbers.sort_unstable_by(|one, other| other.cmp(one));
    numbers.into_iter().map(|number| folder.join(number.to_string()).join("bin")).collect()
}

fn is_good(folder: &Path) -> bool {
    let version = run::version_line(folder.join("postgres")).and_then(|line| major(&line));
    version.is_some_and(|version| version >= LEAST_VERSION) && folder.join("initdb").is_file()
}

/// Of "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)".
fn major(line: &str) -> Option<u32> {
    line.split_whitespace().find_map(|word| word.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{major, versions};

    #[test]
    fn the_version_is_read() {
        assert_eq!(major("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("postgres"), None);
    }

    #[test]
    fn the_newest_version_comes_first() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for version in ["9", "15", "17", "common"] {
            fs::create_dir(folder.path().join(version)).expect("a folder");
        }
        let found = versions(folder.path());
        assert_eq!(found, ["17", "15", "9"].map(|version| folder.path().join(version).join("bin")));
        assert!(versions(&folder.path().join("none")).is_empty());
    }
}
