//! nginx, which `bench` measures the proxy beside.

use anyhow::{Result, bail, ensure};

use super::apt;
use crate::run;

pub(crate) fn ensure() -> Result<()> {
    if run::is_on_path("nginx") {
        return Ok(());
    }
    if !apt::is_ours() {
        bail!("the benchmark needs nginx on the PATH: install it (Debian: `apt-get install nginx-light`)");
    }
    println!("      installing nginx (about 10 s)");
    apt::install(&["nginx-light"])?;
    ensure!(run::is_on_path("nginx"), "nginx is still not on the PATH after apt-get has installed it: install it by hand");
    Ok(())
}
