//! wasm-bindgen, linked as a library: no tool to install, and never of another version than the widgets'.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::files;

pub(super) struct Bound {
    pub(super) module: PathBuf,
    pub(super) script: PathBuf,
}

/// What we call the module that the WebAssembly imports from.
const IMPORTS: &str = "s";

/// Streams between a browser and Leptos' server functions, which we do not have. Exports are never dropped by an optimiser.
const UNUSED_EXPORTS: &str = "intounderlying";

/// Writes an ES module and the WebAssembly that it loads, of the element of that name, into `folder`.
pub(super) fn generate(name: &str, module: &Path, folder: &Path) -> Result<Bound> {
    let imports = format!("./{name}_bg.js");
    let mut output = Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)?
        // The loader tells where the WebAssembly is: its address holds a hash.
        .omit_default_module_path(true)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen failed")?;

    let wasm = output.wasm_mut();
    let unused: Vec<_> = wasm.exports.iter().filter(|export| export.name.contains(UNUSED_EXPORTS)).map(|export| export.id()).collect();
    unused.into_iter().for_each(|id| wasm.exports.delete(id));
    let mut short_names = Vec::new();
    for (index, import) in wasm.imports.iter_mut().filter(|import| import.module == imports).enumerate() {
        let short = short_name(index);
        short_names.push((std::mem::replace(&mut import.name, short.clone()), short));
        import.module = IMPORTS.to_owned();
    }

    output.emit(folder).context("cannot write what wasm-bindgen made")?;
    let script = folder.join(format!("{name}.js"));
    let text = String::from_utf8(files::read(&script)?).context("wasm-bindgen's script is not UTF-8")?;
    files::write_if_changed(&script, shortened(text, &imports, short_names)?.as_bytes())?;
    Ok(Bound { module: folder.join(format!("{name}_bg.wasm")), script })
}

/// The script with the same names as the WebAssembly. wasm-bindgen's end in hashes, which do not compress: 3 KB of them.
fn shortened(mut script: String, imports: &str, mut names: Vec<(String, String)>) -> Result<String> {
    // The longest first, so that none is replaced inside another.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.push((format!("\"{imports}\""), format!("\"{IMPORTS}\"")));
    for (name, short) in names {
        ensure!(script.contains(&name), "wasm-bindgen's script does not give {name}, which its WebAssembly imports");
        script = script.replace(&name, &short);
    }
    Ok(script)
}

/// `_a`, `_b` … `_z`, `_ba` …: no word of JavaScript's.
fn short_name(index: usize) -> String {
    let digit = |number: usize| char::from(b'a' + (number % 26) as u8);
    match index / 26 {
        0 => format!("_{}", digit(index)),
        more => format!("_{}{}", digit(more), digit(index)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn short_names_differ() {
        let names: BTreeSet<String> = (0..500).map(short_name).collect();
        assert_eq!(names.len(), 500);
    }

    #[test]
    fn a_script_keeps_in_step() {
        let names = vec![("__wbg_a_1".to_owned(), "_a".to_owned()), ("__wbg_a_12".to_owned(), "_b".to_owned())];
        let script = "return { __wbg_a_1() {}, __wbg_a_12: f, \"./signup_bg.js\": x }".to_owned();
        assert_eq!(shortened(script, "./signup_bg.js", names.clone()).expect("all there"), "return { _a() {}, _b: f, \"s\": x }");
        assert!(shortened("return {}".to_owned(), "./signup_bg.js", names).is_err(), "a name that is not there");
    }
}
