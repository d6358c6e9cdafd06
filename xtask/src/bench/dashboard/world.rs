//! A proxy with a portal and an affiliate of the simulated trading CRM, and the program that measures it.

use std::{net::SocketAddr, path::PathBuf, process::Command};

use anyhow::Result;

use super::super::{
    Place,
    proxy::{More, Proxy, SEALING_KEY},
    sandbox::Sandbox,
    server,
};
use crate::run;

const AFFILIATE: &str = "a-1";
const PORTAL_SECRET: (&str, &str) = ("PORTAL_SECRET", "made-up-portal-secret-of-the-bench");
/// What the simulated CRM takes where nothing else is said: its first affiliate's.
const SECRETS: &[(&str, &str)] = &[
    PORTAL_SECRET,
    ("TRADING_KEY", "sandbox-trading-key"),
    ("TRADING_USER", "broker@example.com"),
    ("TRADING_PASSWORD", "sandbox-password"),
];

pub(super) struct World {
    pub(super) proxy: Proxy,
    program: PathBuf,
    /// Where the portal's page is served, while it is.
    page: SocketAddr,
}

impl World {
    /// With an empty store.
    pub(super) fn start(place: &Place, name: &str, sandbox: &Sandbox) -> Result<World> {
        let page = server::free_address()?;
        let more = More { tables: tables(sandbox.address, page), environment: SECRETS };
        let proxy = Proxy::start_for(place, name, "sqlite://latchkey.db", sandbox.address, None, &format!("http://{page}"), &more)?;
        Ok(World { proxy, program: place.programs.join("dashboard-bench"), page })
    }

    /// Runs one of the program's measurements; what it prints.
    pub(super) fn measure(&self, what: &str, options: &[(&str, u64)]) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.arg(what).args(["--proxy", &self.proxy.address.to_string(), "--page", &self.page.to_string()]);
        command.args(["--affiliate", AFFILIATE]).env(PORTAL_SECRET.0, PORTAL_SECRET.1);
        command.args(options.iter().flat_map(|(name, value)| [(*name).to_owned(), value.to_string()]));
        run::output(&mut command)
    }

    /// Has the proxy read the affiliate's records from the CRM, once for all.
    pub(super) fn read_mirror(&self) -> Result<()> {
        self.measure("figures", &[("--rounds", 2)]).map(drop)
    }

    /// Puts so many people into the mirror, in the place of the CRM's.
    pub(super) fn fill(&mut self, people: u64, days: u64) -> Result<()> {
        self.read_mirror()?;
        self.proxy.stop();
        let mut command = Command::new(&self.program);
        command.arg("fill").arg("--database").arg(self.proxy.database()).env("LATCHKEY_KEY", SEALING_KEY);
        command.args(["--affiliate", AFFILIATE, "--people", &people.to_string(), "--days", &days.to_string()]);
        run::run(&mut command)?;
        self.proxy.restart().map(drop)
    }
}

/// What is read once is fresh as long as anything is measured, and nobody asks too often.
fn tables(crm: SocketAddr, page: SocketAddr) -> String {
    format!(
        r#"
[connections.trading]
kind = "trading"
base_url = "http://{crm}/trading"
api_key = "env:TRADING_KEY"
redirect_hosts = ["127.0.0.1"]
allow_insecure = true
allow_private = true
duplicate_when = ["already exists"]
[portals.bench]
secrets = ["env:PORTAL_SECRET"]
origins = ["http://{page}"]
[[affiliates]]
id = "{AFFILIATE}"
connection = "trading"
crm_id = "broker"
portals = ["bench"]
scopes = ["figures", "leads", "money", "commissions", "payouts", "links", "personal"]
credential = {{ api_key = "env:TRADING_KEY", login = {{ username = "env:TRADING_USER", password = "env:TRADING_PASSWORD" }} }}
[partner]
fresh_seconds = 86400
token_per_minute = 1000000
affiliate_per_minute = 1000000
"#
    )
}
