//! libfaketime, for the test that sets the proxy's clock.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::apt;

/// Tells the tests where the library is.
pub(crate) const FAKETIME: &str = "LATCHKEY_FAKETIME";

/// Distributions put it there, or into the folder of an architecture there.
const FOLDERS: [&str; 3] = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];
const NAME: &str = "faketime/libfaketime.so.1";

pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(library) = find() {
        return Ok(library);
    }
    if !apt::is_ours() {
        bail!("the system tests need libfaketime: install it (Debian: `apt-get install libfaketime`)");
    }
    println!("      installing libfaketime (about 10 s)");
    apt::install(&["libfaketime"])?;
    find().context("libfaketime is still missing after apt-get has installed it: install it by hand")
}

fn find() -> Option<PathBuf> {
    let named = env::var_os(FAKETIME).map(PathBuf::from);
    let folders = FOLDERS.iter().flat_map(|folder| {
        let inside = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        std::iter::once(PathBuf::from(folder)).chain(inside.filter(|path| is_of_an_architecture(path)))
    });
    named.into_iter().chain(folders.map(|folder| folder.join(NAME))).find(|library| library.is_file())
}

fn is_of_an_architecture(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().ends_with("-linux-gnu"))
}
