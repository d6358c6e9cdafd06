//! What an element's files were made from, so that the same is not made again.

use std::{fs, path::Path};

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::files;

/// The recipe is part of what they are made from.
const RECIPE: [&str; 4] = [include_str!("bindgen.rs"), include_str!("compress.rs"), include_str!("minify.rs"), include_str!("optimise.rs")];

pub(super) struct Stamp(String);

impl Stamp {
    /// `tools` names the versions of the programs that are used.
    pub(super) fn of(module: &[u8], tools: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [module, tools.as_bytes()].into_iter().chain(RECIPE.map(str::as_bytes)) {
            // The length first, so that no two lists of parts read the same.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(super) fn matches(&self, file: &Path) -> bool {
        fs::read_to_string(file).is_ok_and(|kept| kept == self.0)
    }

    pub(super) fn keep(&self, file: &Path) -> Result<()> {
        if let Some(folder) = file.parent() {
            files::create_folder(folder)?;
        }
        files::write_if_changed(file, self.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    #[test]
    fn anything_that_changes_changes_the_stamp() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("xtask").join("stamp");
        let stamp = Stamp::of(b"module", "tools");
        assert!(!stamp.matches(&file));
        stamp.keep(&file).expect("written");
        assert!(stamp.matches(&file));
        assert!(!Stamp::of(b"modulet", "ools").matches(&file));
    }
}
