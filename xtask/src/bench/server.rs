//! A server that is measured: its process is known, and how long it takes to be ready.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::ask;
use crate::run;

const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(60);
/// Start-up is measured with it.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Stopped when it is dropped.
pub(super) struct Server {
    name: &'static str,
    child: Child,
}

impl Server {
    /// Starts it and waits until `ready` says that it is; also tells how long that took.
    pub(super) fn start(
        name: &'static str,
        command: &mut Command,
        log: &Path,
        ready: impl Fn() -> Result<()>,
    ) -> Result<(Server, Duration)> {
        let file = File::options().create(true).append(true).open(log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let start = Instant::now();
        let mut server = Server { name, child: command.spawn().with_context(|| format!("cannot start {name}"))? };
        while let Err(error) = ready() {
            if let Some(status) = server.child.try_wait()? {
                bail!("{name} has ended ({status}); its log is {}", log.display());
            }
            if start.elapsed() > START {
                return Err(error.context(format!("{name} is not ready after {} s; its log is {}", START.as_secs(), log.display())));
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok((server, start.elapsed()))
    }

    /// How much of the machine's memory it holds, in bytes.
    pub(super) fn memory(&self) -> Result<u64> {
        let text = run::output(Command::new("ps").args(["-o", "rss=", "-p", &self.child.id().to_string()]))?;
        let kibibytes: u64 = text.trim().parse().with_context(|| format!("ps says {text:?}"))?;
        Ok(kibibytes * 1024)
    }

    /// The most that it has held since [`Server::forget_peak_memory`], in bytes.
    pub(super) fn peak_memory(&self) -> Result<u64> {
        let path = self.proc("status");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("a process without VmHWM")?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().with_context(|| format!("VmHWM is {line:?}"))?;
        Ok(kibibytes * 1024)
    }

    pub(super) fn forget_peak_memory(&self) -> Result<()> {
        let path = self.proc("clear_refs");
        // "5 resets the peak resident set size", says proc(5).
        fs::write(&path, "5").with_context(|| format!("cannot write {}", path.display()))
    }

    fn proc(&self, file: &str) -> PathBuf {
        Path::new("/proc").join(self.child.id().to_string()).join(file)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has just ended by itself needs no signal.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > STOP {
                eprintln!("{} does not end: killing it", self.name);
                let _ = self.child.kill();
            }
            thread::sleep(LOOK_EVERY);
        }
    }
}

/// Ready when `GET path` is answered with a success.
pub(super) fn answers(address: SocketAddr, path: &'static str) -> impl Fn() -> Result<()> {
    move || ask::get(address, path).map(drop)
}

/// Where the next server may listen. Below the ports that systems give to outgoing connections: one that is down for a while
/// finds its port free when it comes back.
pub(super) fn free_address() -> Result<SocketAddr> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    (0..1000)
        .map(|_| SocketAddr::from((Ipv4Addr::LOCALHOST, 20_000 + NEXT.fetch_add(1, Ordering::Relaxed))))
        .find(|address| TcpListener::bind(address).is_ok())
        .context("none of a thousand ports is free")
}
