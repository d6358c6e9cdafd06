//! Puts the built widgets into the binary, so that one file is all there is to deploy.
//!
//! `cargo xtask build` builds them and names their folder in `LATCHKEY_WIDGETS_DIR`. Without it the program compiles all the
//! same, for checks and for its commands, and `latchkey serve` says what is missing.

use std::{env, fs, path::Path};

const VARIABLE: &str = "LATCHKEY_WIDGETS_DIR";

fn main() {
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    let out = env::var("OUT_DIR").map(|folder| Path::new(&folder).join("widgets.rs"));
    let written = match (out, env::var(VARIABLE)) {
        (Ok(out), Ok(folder)) => fs::write(out, embedded(Path::new(&folder))),
        (Ok(out), Err(_)) => fs::write(out, "static WIDGETS: Option<Widgets> = None;\n"),
        (Err(error), _) => panic!("cargo sets OUT_DIR: {error}"),
    };
    if let Err(error) = written {
        panic!("cannot write the list of widgets: {error}");
    }
}

fn embedded(folder: &Path) -> String {
    let path = |name: &str| {
        let path = folder.join(name);
        assert!(path.is_file(), "{} is missing: run `cargo xtask build`, which makes it", path.display());
        println!("cargo::rerun-if-changed={}", path.display());
        format!("{:?}", path.display().to_string())
    };
    let file = |name: &str| {
        let (plain, brotli, gzip) = (path(name), path(&format!("{name}.br")), path(&format!("{name}.gz")));
        format!("Precompressed {{ plain: include_bytes!({plain}), brotli: include_bytes!({brotli}), gzip: include_bytes!({gzip}) }}")
    };
    let element = |name: &str| format!("Element {{ glue: {}, wasm: {} }}", file(&format!("{name}.js")), file(&format!("{name}.wasm")));
    let text = |name: &str| format!("include_str!({})", path(name));
    format!(
        "static WIDGETS: Option<Widgets> = Some(Widgets {{\n    signup: {},\n    buckets: {},\n    dashboard: {},\n    loader: {},\n    general: {},\n    frame: {},\n    challenge: {},\n    work: {},\n    css: {},\n    skeleton: {},\n}});\n",
        element("signup"),
        element("buckets"),
        element("dashboard"),
        text("loader.js"),
        text("general.js"),
        text("frame.js"),
        text("challenge.js"),
        text("work.js"),
        text("signup.css"),
        text("skeleton.css"),
    )
}
