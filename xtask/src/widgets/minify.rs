//! esbuild: makes scripts and styles smaller. Identifiers that a script does not define, such as the loader's
//! `LATCHKEY`, keep their names.

use std::path::Path;

use anyhow::Result;

use crate::{run, tools::npm::Npm};

/// An ES module, with what it imports inside it.
pub(super) fn script(npm: &Npm, file: &Path) -> Result<Vec<u8>> {
    let options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--charset=utf8"];
    minify(npm, file, &options)
}

pub(super) fn style(npm: &Npm, file: &Path) -> Result<Vec<u8>> {
    minify(npm, file, &["--minify", "--charset=utf8"])
}

fn minify(npm: &Npm, file: &Path, options: &[&str]) -> Result<Vec<u8>> {
    run::output_bytes(npm.program("esbuild").arg(file).args(options).args(["--legal-comments=none", "--log-level=warning"]))
}
