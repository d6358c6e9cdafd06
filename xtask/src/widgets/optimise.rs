//! wasm-opt: makes the WebAssembly smaller.

use std::path::Path;

use anyhow::Result;

use crate::{files, run, tools::npm::Npm};

/// What the WebAssembly may use. Never `--all-features`: binaryen then emits imports that browsers refuse.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-call-indirect-overlong",
];

pub(super) fn optimise(npm: &Npm, module: &Path) -> Result<Vec<u8>> {
    let result = module.with_extension("opt.wasm");
    let mut command = npm.program("wasm-opt");
    // The second round finds half a kilobyte more, after brotli.
    command.args(["-Oz", "-Oz"]).args(FEATURES).arg(module).arg("-o").arg(&result);
    run::run(&mut command)?;
    files::read(&result)
}
