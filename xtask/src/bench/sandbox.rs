//! The simulated CRM, which takes its time over every answer.

use std::{net::SocketAddr, path::PathBuf, process::Command};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{
    Place, ask,
    server::{self, Server},
};

/// What it takes for the CRM's key.
pub(super) const CRM_KEY: &str = "made-up-crm-key-of-the-bench";
/// How long it takes over an answer.
const DELAY_MS: u32 = 20;

/// Where it is, running or not.
pub(super) struct Sandbox {
    pub(super) address: SocketAddr,
    program: PathBuf,
    log: PathBuf,
    /// Options beside the usual ones.
    options: &'static [&'static str],
    running: Option<Server>,
}

impl Sandbox {
    pub(super) fn start(place: &Place) -> Result<Sandbox> {
        Sandbox::start_with(place, &[])
    }

    /// With ninety days of an affiliate's records.
    pub(super) fn with_history(place: &Place) -> Result<Sandbox> {
        Sandbox::start_with(place, &["--history"])
    }

    fn start_with(place: &Place, options: &'static [&'static str]) -> Result<Sandbox> {
        let (program, log) = (place.programs.join("sandbox-crm"), place.folder.join("sandbox-crm.log"));
        let mut sandbox = Sandbox { address: server::free_address()?, program, log, options, running: None };
        sandbox.restart()?;
        Ok(sandbox)
    }

    /// From now on nobody listens there.
    pub(super) fn stop(&mut self) {
        self.running = None;
    }

    /// Starts it anew, with nobody in it: what it remembers of one measurement would slow it down in the next.
    pub(super) fn restart(&mut self) -> Result<()> {
        self.stop();
        let mut command = Command::new(&self.program);
        command.args(["--listen", &self.address.to_string(), "--wi-key", CRM_KEY]).args(self.options);
        let (server, _) = Server::start("sandbox-crm", &mut command, &self.log, server::answers(self.address, "/_control/health"))?;
        self.running = Some(server);
        let delay = format!(r#"{{"fault":{{"kind":"delay","ms":{DELAY_MS}}}}}"#);
        for crm in ["wi", "trading"] {
            ask::post(self.address, &format!("/_control/{crm}/faults"), &delay)?;
        }
        // What it received is of no interest, only how many it created.
        ask::post(self.address, "/_control/wi/log", r#"{"keep":0}"#).map(drop)
    }

    /// How many people it has created.
    pub(super) fn people(&self) -> Result<u64> {
        Ok(self.counts("wi")?.users)
    }

    /// How many calls the trading CRM in it has received.
    pub(super) fn trading_calls(&self) -> Result<u64> {
        Ok(self.counts("trading")?.requests)
    }

    fn counts(&self, crm: &str) -> Result<Counts> {
        let text = ask::get(self.address, &format!("/_control/{crm}/counts"))?;
        serde_json::from_str(&text).with_context(|| format!("the simulated CRM counts {text:?}"))
    }
}

#[derive(Deserialize)]
struct Counts {
    users: u64,
    requests: u64,
}
