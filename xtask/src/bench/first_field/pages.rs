//! The pages and what they load, bundled and compressed as a careful owner would.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::Place;
use crate::{files, run, tools::npm::Npm, widgets, workspace::Workspace};

/// Every page, and who made what is on it.
pub(super) const NAMES: [(&str, &str); 5] = [
    ("snippet", "our snippet"),
    ("plain", "a custom element by hand"),
    ("preact", "a custom element by Preact"),
    ("survey", "SurveyJS"),
    ("formio", "Form.io"),
];
/// Scripts that are bundled with what they import.
const BUNDLES: [&str; 4] = ["plain.js", "preact.jsx", "survey.js", "formio-page.js"];
/// Files that their makers have built, and what the pages call them.
const READY_MADE: [(&str, &str); 4] = [
    ("survey-core/survey-core.fontless.min.css", "survey.css"),
    ("@formio/js/dist/formio.form.min.js", "formio.js"),
    ("@formio/js/dist/formio.form.min.css", "formio.css"),
    ("bootstrap/dist/css/bootstrap.min.css", "bootstrap.css"),
];

/// Returns their folder, in which each file is compressed.
pub(super) fn build(
    workspace: &Workspace,
    place: &Place,
    npm: &Npm,
    peers: &Npm,
    proxy: SocketAddr,
    scripts: SocketAddr,
) -> Result<PathBuf> {
    let (sources, out) = (workspace.root.join("xtask/bench-pages"), place.folder.join("pages"));
    files::create_folder(&out)?;
    for (name, _) in NAMES {
        let page = files::read_text(&sources.join(name).with_extension("html"))?;
        let page = page.replace("{{proxy}}", &format!("http://{proxy}")).replace("{{scripts}}", &format!("http://{scripts}"));
        compress(&out, &format!("{name}.html"), page.as_bytes())?;
    }
    for script in BUNDLES {
        let content = bundle(npm, peers, &sources.join(script))?;
        let name = Path::new(script).with_extension("js");
        compress(&out, &name.to_string_lossy(), &content)?;
    }
    for (from, name) in READY_MADE {
        compress(&out, name, &files::read(&peers.modules.join(from))?)?;
    }
    Ok(out)
}

fn compress(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    files::write_if_changed(&folder.join(format!("{name}.br")), &widgets::brotli(content)?)
}

fn bundle(npm: &Npm, peers: &Npm, script: &Path) -> Result<Vec<u8>> {
    let mut esbuild = npm.program("esbuild");
    // Where it looks for what is not beside the script.
    esbuild.arg(script).env("NODE_PATH", &peers.modules);
    esbuild.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none", "--log-level=error"]);
    run::output_bytes(esbuild.args(["--loader:.css=text", "--jsx=automatic", "--jsx-import-source=preact"]))
}
