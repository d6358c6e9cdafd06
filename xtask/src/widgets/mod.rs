//! The widgets, from Rust, JavaScript and CSS to the files that the proxy carries inside:
//! each element's `.wasm` and `.js` (also compressed), `loader.js`, `general.js`, `frame.js`, `challenge.js`, `work.js`, `signup.css`,
//! `skeleton.css`.

mod bindgen;
mod compress;
mod contents;
mod minify;
mod optimise;
mod stamp;

use std::path::{Path, PathBuf};

use anyhow::Result;

pub(crate) use self::compress::brotli;
use crate::{
    files, run,
    tools::{npm::Npm, rust::WASM_TARGET},
    workspace::{Workspace, cargo_home},
};

/// The elements that are WebAssembly of their own: features and programs of the widgets' crate.
pub(crate) const ELEMENTS: [&str; 3] = ["signup", "buckets", "dashboard"];

/// How an element is chosen on a cargo command line; the browser's features, not the server's.
pub(crate) fn package(element: &'static str) -> [&'static str; 7] {
    ["-p", "latchkey-widgets", "--target", WASM_TARGET, "--no-default-features", "--features", element]
}

/// The profile for what a visitor downloads; Cargo.toml says what it is.
const PROFILE: &str = "wasm";

/// The scripts that are no part of another.
const SCRIPTS: [&str; 5] = ["loader.js", "general.js", "frame.js", "challenge.js", "work.js"];

/// Styles that come with a loader.
const STYLES: [(&str, &str); 2] = [("signup.css", "signup/signup.css"), ("skeleton.css", "partner/skeleton.css")];

pub(crate) fn build(workspace: &Workspace, npm: &Npm) -> Result<()> {
    files::create_folder(&workspace.widgets())?;
    for name in ELEMENTS {
        let module = compile(workspace, name)?;
        contents::check(&files::read(&module)?)?;
        element(workspace, npm, name, &module)?;
    }
    // These take a tenth of a second: not worth a stamp.
    let out = workspace.widgets();
    for name in SCRIPTS {
        let script = minify::script(npm, &workspace.root.join("widgets/loader").join(name))?;
        files::write_if_changed(&out.join(name), &script)?;
    }
    for (name, source) in STYLES {
        let style = minify::style(npm, &workspace.root.join("widgets/src").join(source))?;
        files::write_if_changed(&out.join(name), &style)?;
    }
    Ok(())
}

/// Whether all that the proxy's build wants has been built before, by this or an earlier run.
pub(crate) fn are_built(workspace: &Workspace) -> bool {
    let out = workspace.widgets();
    let elements = ELEMENTS.into_iter().flat_map(element_files);
    elements.chain(SCRIPTS.into_iter().chain(STYLES.map(|(name, _)| name)).map(String::from)).all(|name| out.join(name).is_file())
}

fn compile(workspace: &Workspace, element: &'static str) -> Result<PathBuf> {
    let mut build = workspace.cargo();
    build.args(["build", "--bin", element, "--profile", PROFILE]).args(package(element));
    // The standard library is compiled too, for size and without what a panic would say: it saves a visitor a fifth. Cargo does so
    // on the stable toolchain only when told that it is not; what is named here is all that is used of that.
    build.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]).env("RUSTC_BOOTSTRAP", "1");
    // Where a panic is, without where this machine keeps its sources: the same code makes the same file everywhere.
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let flags = [
        remap(&cargo_home()?, "cargo"),
        remap(&workspace.root, "."),
        String::from("-Zunstable-options"),
        String::from("-Cpanic=immediate-abort"),
        String::from("-Zlocation-detail=none"),
    ];
    build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    run::run(&mut build)?;
    Ok(workspace.target.join(WASM_TARGET).join(PROFILE).join(format!("{element}.wasm")))
}

/// The slow part, left out where nothing that it depends on has changed.
fn element(workspace: &Workspace, npm: &Npm, element: &str, module: &Path) -> Result<()> {
    let out = workspace.widgets();
    let stamp = stamp::Stamp::of(&files::read(module)?, &npm.lock);
    let kept = workspace.target.join("xtask").join(format!("{element}.stamp"));
    if stamp.matches(&kept) && element_files(element).iter().all(|name| out.join(name).is_file()) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let bound = bindgen::generate(element, module, folder.path())?;
    let script = minify::script(npm, &bound.script)?;
    let module = optimise::optimise(npm, &bound.module)?;
    for (ending, content) in [("js", script), ("wasm", module)] {
        let name = format!("{element}.{ending}");
        files::write_if_changed(&out.join(&name), &content)?;
        files::write_if_changed(&out.join(format!("{name}.br")), &compress::brotli(&content)?)?;
        files::write_if_changed(&out.join(format!("{name}.gz")), &compress::gzip(&content)?)?;
    }
    stamp.keep(&kept)
}

fn element_files(element: &str) -> [String; 6] {
    ["js", "js.br", "js.gz", "wasm", "wasm.br", "wasm.gz"].map(|ending| format!("{element}.{ending}"))
}
