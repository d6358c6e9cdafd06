//! wasm-bindgen, linked as a library: no tool to install, and never of another version than the widgets'.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

pub(super) struct Bound {
    pub(super) module: PathBuf,
    pub(super) script: PathBuf,
}

/// Writes an ES module and the WebAssembly that it loads into `folder`.
pub(super) fn generate(module: &Path, folder: &Path) -> Result<Bound> {
    Bindgen::new()
        .input_path(module)
        .out_name("signup")
        .web(true)?
        // The loader tells where the WebAssembly is: its address holds a hash.
        .omit_default_module_path(true)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .context("wasm-bindgen failed")?;
    Ok(Bound { module: folder.join("signup_bg.wasm"), script: folder.join("signup.js") })
}
