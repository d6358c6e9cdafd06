//! `hosts`: the example hosts of `examples/hosts`, built as their owners would: with the npm package, by a bundler.

use std::path::Path;

use anyhow::Result;

use crate::{
    files, package, run,
    tools::{
        npm::{self, Npm},
        prerequisites,
    },
    workspace::Workspace,
};

/// A host, its script, and what its bundler is told beside what all are told.
const HOSTS: [(&str, &str, &[&str]); 3] = [("html", "main.js", &[]), ("react", "main.jsx", &["--jsx=automatic"]), ("vue", "main.js", VUE)];
/// Its templates are compiled in the browser.
const VUE: &[&str] = &[
    "--alias:vue=vue/dist/vue.esm-bundler.js",
    "--define:__VUE_OPTIONS_API__=true",
    "--define:__VUE_PROD_DEVTOOLS__=false",
    "--define:__VUE_PROD_HYDRATION_MISMATCH_DETAILS__=false",
];

pub(crate) fn hosts(workspace: &Workspace) -> Result<()> {
    prerequisites::check()?;
    build(workspace, &npm::ensure(workspace)?)?;
    println!("{}", workspace.target.join("hosts").display());
    Ok(())
}

/// Makes the npm package, checks its types, and builds every host with it.
pub(crate) fn build(workspace: &Workspace, npm: &Npm) -> Result<()> {
    let package = package::make(workspace, npm)?;
    let (sources, out) = (package.host.join("hosts"), workspace.target.join("hosts"));
    files::copy_folder(&workspace.root.join("examples/hosts"), &sources)?;
    files::remove_folder(&out)?;
    for (host, script, options) in HOSTS {
        let (from, to) = (sources.join(host), out.join(host));
        bundle(npm, &package.host, &from.join(script), options, &to)?;
        files::copy(&from.join("index.html"), &to.join("index.html"))?;
        files::copy(&sources.join("style.css"), &to.join("style.css"))?;
    }
    Ok(())
}

fn bundle(npm: &Npm, host: &Path, script: &Path, options: &[&str], to: &Path) -> Result<()> {
    let mut esbuild = npm.program("esbuild");
    // It looks for an alias from where it is started.
    esbuild.current_dir(host);
    esbuild.arg(script).args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]).args(options);
    run::run(esbuild.arg(r#"--define:process.env.NODE_ENV="production""#).arg(format!("--outfile={}", to.join("main.js").display())))
}
