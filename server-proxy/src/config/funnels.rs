//! The folder of funnels: every `*.toml` and `*.json` in it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use figment::{
    Figment,
    providers::{Format, Json, Toml},
};
use serde_json::Value;

use super::Problems;
use crate::funnel::{self, Funnel, Read, Surroundings, Wanting};

/// Reads all funnels; the mistakes of each are reported under its file's name.
pub(super) fn read(folder: &Path, surroundings: &Surroundings<'_>, problems: &mut Problems) -> (Vec<Arc<Funnel>>, Vec<Wanting>) {
    let (mut whole, mut wanting) = (Vec::new(), Vec::new());
    let mut ids = BTreeSet::new();
    let files = match files(folder) {
        Ok(files) => files,
        Err(error) => {
            problems.add("funnels.dir", format!("cannot read the folder {}: {error}", folder.display()));
            return (whole, wanting);
        }
    };
    if files.is_empty() {
        problems.add("funnels.dir", format!("there is no funnel (*.toml or *.json) in {}", folder.display()));
    }
    for path in files {
        let mut own = Problems::of(path.display().to_string());
        let source = path.display().to_string();
        if let Some(content) = content(&path, &mut own)
            && let Some(read) = funnel::read(&content, None, surroundings, &mut own)
        {
            let id = match &read {
                Read::Whole(funnel) => &funnel.id,
                Read::Wanting { id, .. } => id,
            };
            if !ids.insert(id.clone()) {
                own.add("id", format!("there is another funnel \"{id}\""));
            }
            match read {
                Read::Whole(funnel) => whole.push(Arc::from(funnel)),
                Read::Wanting { id, connection, origins, wants } => {
                    wanting.push(Wanting { id, connection, origins, wants, content, source });
                }
            }
        }
        problems.absorb(own);
    }
    (whole, wanting)
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

fn content(path: &Path, problems: &mut Problems) -> Option<Value> {
    let figment = if path.extension().is_some_and(|extension| extension == "json") {
        Figment::from(Json::file_exact(path))
    } else {
        Figment::from(Toml::file_exact(path))
    };
    match figment.extract::<Value>() {
        Ok(value) => Some(value),
        Err(errors) => {
            for error in errors {
                problems.add(error.path.join("."), error.kind);
            }
            None
        }
    }
}
