//! What must not be in the WebAssembly: crates with large tables, of which one careless line makes the widget five
//! times as large.
//!
//! The dependency tree cannot tell: Leptos itself depends on all of them, for servers, and the linker drops what no
//! browser calls. So this looks at the functions that the linker has kept, by their names, which are there until
//! wasm-bindgen takes them out.

use anyhow::{Result, ensure};

/// Crates as they are spelt in the names of functions.
const UNWANTED: [&str; 5] = ["idna", "regex", "regex_automata", "regex_syntax", "url"];

/// One that is in every module of ours. Where it is not found there are no names, and the check would pass whatever
/// the module holds.
const ALWAYS_THERE: &str = "wasm_bindgen";

/// `module` is what the compiler has made, before wasm-bindgen.
pub(super) fn check(module: &[u8]) -> Result<()> {
    ensure!(contains(module, ALWAYS_THERE), "the widgets' WebAssembly has no names of functions: what it holds cannot be checked");
    let found: Vec<&str> = UNWANTED.into_iter().filter(|name| contains(module, name)).collect();
    ensure!(found.is_empty(), "the widgets' WebAssembly holds functions of {}: check such things in the proxy alone", found.join(", "));
    Ok(())
}

/// Whether a function of that crate is there, in either of the ways in which Rust writes their names:
/// `_ZN5regex…`, and `…Cs1a2B3c_5regex…`.
fn contains(module: &[u8], name: &str) -> bool {
    let root = format!("_{}{name}", name.len());
    let older = format!("_ZN{}{name}", name.len());
    find(module, older.as_bytes()).any(|at| ends(module, at + older.len()))
        || find(module, root.as_bytes()).any(|at| ends(module, at + root.len()) && follows_a_crates_hash(&module[..at]))
}

/// Whether a name of the length that was told ends here: what follows is the length of the next part, or its kind.
fn ends(module: &[u8], at: usize) -> bool {
    module.get(at).is_none_or(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// Whether these bytes end in `Cs` and letters and digits, as they do before a crate's name.
fn follows_a_crates_hash(before: &[u8]) -> bool {
    let hash = before.iter().rev().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    find(&before[before.len() - hash..], b"Cs").next().is_some()
}

fn find<'a>(text: &'a [u8], what: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    text.windows(what.len()).enumerate().filter_map(move |(at, window)| (window == what).then_some(at))
}

#[cfg(test)]
mod tests {
    use super::{check, contains};

    const NAMES: &[u8] = b"\x00name\x10_ZN12wasm_bindgen7closure17h81dc011eE\x12_ZN6js_sys3url3new17h81dc011eE";

    #[test]
    fn a_module_of_ours_is_fine() {
        check(NAMES).expect("a module called `url` in another crate is none of our business");
    }

    #[test]
    fn both_ways_of_writing_a_name_are_seen() {
        for name in ["_ZN5regex5regex3new17h0123E", "_RNvMNtCs5cOc02OMXlo_5regex5regexNtB2_5Regex3new"] {
            let module = [NAMES, name.as_bytes()].concat();
            let error = check(&module).expect_err("a regular expression is in it").to_string();
            assert!(error.contains("functions of regex:"), "{error}");
            assert!(!contains(&module, "regex_automata"));
        }
    }

    #[test]
    fn a_module_without_names_is_refused() {
        assert!(check(b"\x00asm").is_err());
    }
}
