//! Which engine the tests run in: `LATCHKEY_TEST_BROWSER` names it.

use std::{env, fs, path::PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    Webkit,
}

impl Engine {
    /// The one that the whole run is for.
    pub(crate) fn asked() -> Engine {
        match env::var("LATCHKEY_TEST_BROWSER").as_deref() {
            Err(_) | Ok("chromium") => Engine::Chromium,
            Ok("firefox") => Engine::Firefox,
            Ok("webkit") => Engine::Webkit,
            Ok(other) => panic!("LATCHKEY_TEST_BROWSER={other}: chromium, firefox and webkit are known"),
        }
    }

    /// Where its screenshots are kept.
    pub(crate) fn screenshots(self) -> PathBuf {
        let folder = harness::screenshots();
        let folder = match self {
            Engine::Chromium => return folder,
            Engine::Firefox => folder.join("firefox"),
            Engine::Webkit => folder.join("webkit"),
        };
        fs::create_dir_all(&folder).expect("the target folder can be written");
        folder
    }
}

/// Whether the test at hand cannot be run, because these engines cannot be driven to do what it takes, and this is one of them.
pub(crate) fn not_in(engines: &[Engine], reason: &str) -> bool {
    let engine = Engine::asked();
    let cannot = engines.contains(&engine);
    if cannot {
        println!("not in {engine:?}: {reason}");
    }
    cannot
}
