//! The proxy, as an operator would run it, on a store of its own.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};

use super::{
    Place,
    sandbox::CRM_KEY,
    server::{self, Server},
};
use crate::files;

/// The funnel that the load program sends to.
const FUNNEL: &str = include_str!("funnel.toml");
/// Whose pages that funnel is for.
const ORIGIN: &str = "https://landing.example";
/// What it seals its records with, made up.
pub(super) const SEALING_KEY: &str = "made-up-store-key-of-the-bench-0123456789";

pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    program: PathBuf,
    folder: PathBuf,
    environment: &'static [(&'static str, &'static str)],
    running: Option<Server>,
}

/// What a proxy has beside the connection `wi` and the funnel.
#[derive(Default)]
pub(super) struct More {
    /// For its configuration.
    pub(super) tables: String,
    /// The secrets that those name.
    pub(super) environment: &'static [(&'static str, &'static str)],
}

impl Proxy {
    /// Starts it in a folder of its own. `store` is the store's address; `pace` how many calls a second its CRM bears.
    pub(super) fn start(place: &Place, name: &str, store: &str, crm: SocketAddr, pace: Option<u32>) -> Result<Proxy> {
        Proxy::start_for(place, name, store, crm, pace, ORIGIN, &More::default())
    }

    /// The same, with the funnel for pages of another origin, and with more.
    pub(super) fn start_for(
        place: &Place,
        name: &str,
        store: &str,
        crm: SocketAddr,
        pace: Option<u32>,
        origin: &str,
        more: &More,
    ) -> Result<Proxy> {
        let folder = place.folder.join(name);
        files::create_folder(&folder.join("funnels"))?;
        let address = server::free_address()?;
        write(&folder.join("latchkey.toml"), &(configuration(address, store, crm, pace) + &more.tables))?;
        write(&folder.join("funnels/bench.toml"), &FUNNEL.replace(ORIGIN, origin))?;
        let (program, environment) = (place.programs.join("latchkey"), more.environment);
        let mut proxy = Proxy { address, program, folder, environment, running: None };
        proxy.restart()?;
        Ok(proxy)
    }

    /// From now on nobody uses its store.
    pub(super) fn stop(&mut self) {
        self.running = None;
    }

    /// The file of a store that is SQLite's.
    pub(super) fn database(&self) -> PathBuf {
        self.folder.join("latchkey.db")
    }

    /// Stops it and starts it again on the same store; how long it took until it was ready.
    pub(super) fn restart(&mut self) -> Result<Duration> {
        self.stop();
        let mut command = Command::new(&self.program);
        command
            .args(["serve", "--config", "latchkey.toml"])
            .current_dir(&self.folder)
            .env("LATCHKEY_KEY", SEALING_KEY)
            .env("WI_SIGNUP_KEY", CRM_KEY)
            .envs(self.environment.iter().copied());
        let (server, took) =
            Server::start("latchkey", &mut command, &self.folder.join("latchkey.log"), server::answers(self.address, "/readyz"))?;
        self.running = Some(server);
        Ok(took)
    }

    pub(super) fn memory(&self) -> Result<u64> {
        self.server()?.memory()
    }

    /// What `act` comes to, and the most memory that the proxy held meanwhile.
    pub(super) fn peak_memory<T>(&self, act: impl FnOnce() -> Result<T>) -> Result<(T, u64)> {
        self.server()?.forget_peak_memory()?;
        let done = act()?;
        Ok((done, self.server()?.peak_memory()?))
    }

    fn server(&self) -> Result<&Server> {
        self.running.as_ref().context("the proxy does not run")
    }
}

/// One address sends everything, and the CRM bears as many calls at once as there are connections: neither is what is measured.
fn configuration(address: SocketAddr, store: &str, crm: SocketAddr, pace: Option<u32>) -> String {
    let pace = pace.map_or_else(|| String::from("at_once = 1000"), |pace| format!("per_second = {pace}"));
    format!(
        r#"[server]
listen = "{address}"
public_url = "http://{address}"
[server.limits]
signups_per_minute = 1000000
visits_per_minute = 1000000
[work]
attack_per_minute = 1000000
[store]
url = "{store}"
keys = ["env:LATCHKEY_KEY"]
[connections.wi]
kind = "wi"
base_url = "http://{crm}/wi"
signup_key = "env:WI_SIGNUP_KEY"
redirect_hosts = ["127.0.0.1"]
allow_insecure = true
allow_private = true
duplicate_when = ["already exists"]
{pace}
"#
    )
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
