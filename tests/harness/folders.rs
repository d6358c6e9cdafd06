//! Where the programs are, and where results go.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A program of this workspace, built beside the test that runs.
pub fn program(name: &str) -> PathBuf {
    let path = profile_dir().join(name);
    assert!(path.is_file(), "the program `{name}` is not built: run `cargo xtask test`");
    path
}

/// Cargo's target folder, as `cargo xtask test` names it in `LATCHKEY_TARGET_DIR`, or the one that this test was built into.
pub fn target_dir() -> PathBuf {
    match env::var_os("LATCHKEY_TARGET_DIR") {
        Some(folder) => folder.into(),
        None => profile_dir().parent().expect("the profile's folder is in the target folder").to_owned(),
    }
}

/// Where screenshots are kept.
pub fn screenshots() -> PathBuf {
    let folder = target_dir().join("screenshots");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

/// `…/target/debug`: a program of the tests is in it, and a test in its `deps`.
fn profile_dir() -> PathBuf {
    let us = env::current_exe().expect("the test knows its own path");
    let folder = us.parent().expect("a program is in a folder");
    let profile = if folder.ends_with("deps") { folder.parent() } else { Some(folder) };
    profile.map(Path::to_owned).expect("a test is in target/<profile>/deps")
}
