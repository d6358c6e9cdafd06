//! A driver, whatever it needs and whatever it starts: one group of processes that ends with the test, and the folder they write to.

use std::{
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use harness::until;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};
use tokio::net::TcpStream;

pub(crate) struct Programs {
    children: Vec<Child>,
    folder: TempDir,
    /// The time zone that they are in, where it is not the machine's.
    zone: Option<&'static str>,
}

impl Programs {
    pub(crate) fn new(zone: Option<&'static str>) -> Programs {
        Programs { children: Vec::new(), folder: TempDir::new().unwrap(), zone }
    }

    /// Gone with the test.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts one of them, which sees that folder as its home: what it keeps is kept there.
    pub(crate) fn start(&mut self, command: &mut Command) -> &mut Child {
        let group = self.children.first().map_or(0, |first| i32::try_from(first.id()).unwrap());
        let name = command.get_program().to_string_lossy().into_owned();
        command.env("HOME", self.folder()).process_group(group).stdin(Stdio::null()).stderr(Stdio::null());
        command.envs(self.zone.map(|zone| ("TZ", zone)));
        let child = command.spawn().unwrap_or_else(|error| panic!("{name}: {error}: `cargo xtask test` installs it, or says how"));
        self.children.push(child);
        self.children.last_mut().unwrap()
    }

    /// A session with the driver, as soon as it listens.
    pub(crate) async fn session(&self, port: u16, capabilities: Value) -> WebDriver {
        until("the driver listens", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
        let Value::Object(capabilities) = capabilities else { panic!("capabilities are an object") };
        let address = format!("http://127.0.0.1:{port}");
        WebDriver::new(address, Capabilities::from(capabilities)).await.unwrap_or_else(|error| panic!("no browser: {error}"))
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        let group = self.children.first().and_then(|first| i32::try_from(first.id()).ok()).and_then(Pid::from_raw);
        if let Some(group) = group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        for child in &mut self.children {
            let _ = child.wait();
        }
    }
}
