//! The widgets, from Rust, JavaScript and CSS to the files that the proxy carries inside:
//! `signup.wasm` and `signup.js` (each also compressed), `loader.js`, `frame.js`, `challenge.js`, `work.js`, `signup.css`.

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

/// How the widgets are chosen on a cargo command line; the browser's features, not the server's.
pub(crate) const PACKAGE: [&str; 7] = ["-p", "latchkey-widgets", "--target", WASM_TARGET, "--no-default-features", "--features", "browser"];

/// The profile for what a visitor downloads; Cargo.toml says what it is.
const PROFILE: &str = "wasm";

/// The scripts that are no part of another.
const SCRIPTS: [&str; 4] = ["loader.js", "frame.js", "challenge.js", "work.js"];

pub(crate) fn build(workspace: &Workspace, npm: &Npm) -> Result<()> {
    files::create_folder(&workspace.widgets())?;
    let module = compile(workspace)?;
    contents::check(&files::read(&module)?)?;
    signup(workspace, npm, &module)?;
    // These take a tenth of a second: not worth a stamp.
    let out = workspace.widgets();
    for name in SCRIPTS {
        let script = minify::script(npm, &workspace.root.join("widgets/loader").join(name))?;
        files::write_if_changed(&out.join(name), &script)?;
    }
    let style = minify::style(npm, &workspace.root.join("widgets/src/signup/signup.css"))?;
    files::write_if_changed(&out.join("signup.css"), &style)
}

/// Whether all that the proxy's build wants has been built before, by this or an earlier run.
pub(crate) fn are_built(workspace: &Workspace) -> bool {
    let out = workspace.widgets();
    signup_files().iter().map(String::as_str).chain(SCRIPTS).chain(["signup.css"]).all(|name| out.join(name).is_file())
}

fn compile(workspace: &Workspace) -> Result<PathBuf> {
    // One crate type, not both of Cargo.toml's: cargo optimises across crates only where no `rlib` is made beside. It saves a sixth.
    let mut build = workspace.cargo();
    build.args(["rustc", "--lib", "--crate-type", "cdylib", "--profile", PROFILE]).args(PACKAGE);
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
    Ok(workspace.target.join(WASM_TARGET).join(PROFILE).join("latchkey_widgets.wasm"))
}

/// The slow part, left out where nothing that it depends on has changed.
fn signup(workspace: &Workspace, npm: &Npm, module: &Path) -> Result<()> {
    let out = workspace.widgets();
    let stamp = stamp::Stamp::of(&files::read(module)?, &npm.lock);
    let kept = workspace.target.join("xtask").join("signup.stamp");
    if stamp.matches(&kept) && signup_files().iter().all(|name| out.join(name).is_file()) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let bound = bindgen::generate(module, folder.path())?;
    let script = minify::script(npm, &bound.script)?;
    let module = optimise::optimise(npm, &bound.module)?;
    for (name, content) in [("signup.js", script), ("signup.wasm", module)] {
        files::write_if_changed(&out.join(name), &content)?;
        files::write_if_changed(&out.join(format!("{name}.br")), &compress::brotli(&content)?)?;
        files::write_if_changed(&out.join(format!("{name}.gz")), &compress::gzip(&content)?)?;
    }
    stamp.keep(&kept)
}

fn signup_files() -> [String; 6] {
    ["signup.js", "signup.js.br", "signup.js.gz", "signup.wasm", "signup.wasm.br", "signup.wasm.gz"].map(String::from)
}
