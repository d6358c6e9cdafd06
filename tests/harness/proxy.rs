//! A proxy: `latchkey serve` on the files of a world.

use std::{
    path::{Path, PathBuf},
    process::ExitStatus,
};

use reqwest::Client;

use crate::{Program, until};

pub struct Proxy {
    /// `http://127.0.0.1:…`
    pub address: String,
    client: Client,
    folder: PathBuf,
    environment: Vec<(String, String)>,
    program: Program,
}

impl Proxy {
    /// Starts it, and waits until it is ready.
    pub(crate) async fn start(client: Client, address: String, folder: &Path, environment: &[(&str, &str)]) -> Proxy {
        let environment: Vec<_> = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let program = serve(folder, &environment);
        let mut proxy = Proxy { address, client, folder: folder.to_owned(), environment, program };
        proxy.ready().await;
        proxy
    }

    /// Waits until it is ready.
    pub async fn ready(&mut self) {
        let (client, url) = (&self.client, format!("{}/readyz", self.address));
        let program = &mut self.program;
        until("the proxy is ready", async || {
            assert!(!program.has_ended(), "the proxy ended: {}", program.stderr());
            client.get(&url).send().await.ok().filter(|response| response.status() == 200).map(drop)
        })
        .await;
    }

    /// What it has logged since its last start.
    pub fn logs(&self) -> String {
        self.program.stderr()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.program.kill();
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        self.program.terminate();
    }

    /// Waits for its end.
    pub async fn exit(&mut self) -> ExitStatus {
        self.program.exit().await
    }

    pub fn has_ended(&mut self) -> bool {
        self.program.has_ended()
    }

    /// Sets a variable of its environment, from its next start on; `None` takes it away.
    pub fn tell(&mut self, name: &str, value: Option<&str>) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }

    /// Starts it again on the same files, after it has ended.
    pub fn start_again(&mut self) {
        self.program = serve(&self.folder, &self.environment);
    }

    /// Starts it again, and waits until it is ready.
    pub async fn restart(&mut self) {
        self.start_again();
        self.ready().await;
    }
}

fn serve(folder: &Path, environment: &[(String, String)]) -> Program {
    let environment: Vec<_> = environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Program::start("latchkey", folder, &["serve", "--config", "latchkey.toml"], &environment)
}
