//! The folder of funnels: every `*.toml` and `*.json` in it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use figment::{
    Figment,
    providers::{Format, Json, Toml},
};
use serde_json::Value;

use super::Problems;
use crate::funnel::{self, Funnel, Surroundings};

/// Reads all funnels; the mistakes of each are reported under its file's name.
pub(super) fn read(folder: &Path, surroundings: &Surroundings<'_>, problems: &mut Problems) -> BTreeMap<String, Arc<Funnel>> {
    let mut funnels: BTreeMap<String, Arc<Funnel>> = BTreeMap::new();
    let files = match files(folder) {
        Ok(files) => files,
        Err(error) => {
            problems.add("funnels.dir", format!("cannot read the folder {}: {error}", folder.display()));
            return funnels;
        }
    };
    if files.is_empty() {
        problems.add("funnels.dir", format!("there is no funnel (*.toml or *.json) in {}", folder.display()));
    }
    for path in files {
        let mut own = Problems::of(path.display().to_string());
        if let Some(funnel) = read_file(&path, surroundings, &mut own) {
            if funnels.contains_key(&funnel.id) {
                own.add("id", format!("there is another funnel \"{}\"", funnel.id));
            } else {
                funnels.insert(funnel.id.clone(), Arc::new(funnel));
            }
        }
        problems.absorb(own);
    }
    funnels
}

fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml" || extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read_file(path: &Path, surroundings: &Surroundings<'_>, problems: &mut Problems) -> Option<Funnel> {
    let figment = if path.extension().is_some_and(|extension| extension == "json") {
        Figment::from(Json::file_exact(path))
    } else {
        Figment::from(Toml::file_exact(path))
    };
    match figment.extract::<Value>() {
        Ok(value) => funnel::read(value, surroundings, problems),
        Err(errors) => {
            for error in errors {
                problems.add(error.path.join("."), error.kind);
            }
            None
        }
    }
}
