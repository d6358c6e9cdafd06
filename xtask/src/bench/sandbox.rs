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
    running: Option<Server>,
}

impl Sandbox {
    pub(super) fn start(place: &Place) -> Result<Sandbox> {
        let (program, log) = (place.programs.join("sandbox-crm"), place.folder.join("sandbox-crm.log"));
        let mut sandbox = Sandbox { address: server::free_address()?, program, log, running: None };
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
        command.args(["--listen", &self.address.to_string(), "--wi-key", CRM_KEY]);
        let (server, _) = Server::start("sandbox-crm", &mut command, &self.log, server::answers(self.address, "/_control/health"))?;
        self.running = Some(server);
        let delay = format!(r#"{{"fault":{{"kind":"delay","ms":{DELAY_MS}}}}}"#);
        ask::post(self.address, "/_control/wi/faults", &delay)?;
        // What it received is of no interest, only how many it created.
        ask::post(self.address, "/_control/wi/log", r#"{"keep":0}"#).map(drop)
    }

    /// How many people it has created.
    pub(super) fn people(&self) -> Result<u64> {
        #[derive(Deserialize)]
        struct Counts {
            users: u64,
        }
        let text = ask::get(self.address, "/_control/wi/counts")?;
        let counts: Counts = serde_json::from_str(&text).with_context(|| format!("the simulated CRM counts {text:?}"))?;
        Ok(counts.users)
    }
}
