//! The servers of a demo: started, watched, and stopped together.

use std::{
    fs::File,
    net::SocketAddr,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::ready;

/// How long a server may take to answer after its start.
const START: Duration = Duration::from_secs(30);
/// How long a server may take to end after it was asked to.
const STOP: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How much of a log is shown when its server fails.
const LAST_LINES: usize = 15;

pub(crate) struct Servers {
    running: Vec<Server>,
    asked_to_stop: Arc<AtomicBool>,
}

struct Server {
    name: &'static str,
    child: Child,
    /// Where it has one, rather than our terminal.
    log: Option<PathBuf>,
}

impl Servers {
    /// From here on Ctrl-C and SIGTERM stop the servers, and then us.
    pub(crate) fn new() -> Result<Self> {
        let asked_to_stop = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&asked_to_stop)).context("cannot catch signals")?;
        }
        Ok(Self { running: Vec::new(), asked_to_stop })
    }

    /// Starts a server that writes to a log, and waits until it answers at `address` and `path`.
    pub(crate) fn start(&mut self, name: &'static str, command: &mut Command, log: &Path, address: SocketAddr, path: &str) -> Result<()> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdout(file.try_clone()?).stderr(file);
        self.spawn(name, command, Some(log.to_owned()))?;
        let start = Instant::now();
        while !ready::answers(address, path) {
            self.look()?;
            if start.elapsed() > START {
                let log = log.display();
                bail!("{name} does not answer at http://{address}{path} after {} s; its log is {log}", START.as_secs());
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Starts a server that writes to our terminal.
    pub(crate) fn start_in_view(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        self.spawn(name, command, None)
    }

    fn spawn(&mut self, name: &'static str, command: &mut Command, log: Option<PathBuf>) -> Result<()> {
        // In a group of its own: Ctrl-C reaches us alone, and we stop the servers in good order.
        let child = command.stdin(Stdio::null()).process_group(0).spawn().with_context(|| format!("cannot start {name}"))?;
        self.running.push(Server { name, child, log });
        Ok(())
    }

    /// Returns when asked to stop, which is no failure, or when a server has ended by itself, which is one. Either way
    /// the others are stopped by the time that `self` is dropped.
    pub(crate) fn wait(&mut self) -> Result<()> {
        while !self.asked_to_stop.load(Ordering::Relaxed) {
            self.look_at_servers()?;
            thread::sleep(LOOK_EVERY);
        }
        println!("\nStopping…");
        Ok(())
    }

    fn look(&mut self) -> Result<()> {
        if self.asked_to_stop.load(Ordering::Relaxed) {
            bail!("stopped before everything had started");
        }
        self.look_at_servers()
    }

    fn look_at_servers(&mut self) -> Result<()> {
        for server in &mut self.running {
            if let Some(status) = server.child.try_wait()? {
                bail!("{}", server.obituary(status));
            }
        }
        Ok(())
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for server in &self.running {
            server.signal(Signal::TERM);
        }
        let start = Instant::now();
        while self.running.iter_mut().any(Server::is_running) && start.elapsed() < STOP {
            thread::sleep(LOOK_EVERY);
        }
        for server in &mut self.running {
            if server.is_running() {
                eprintln!("{} does not end: killing it", server.name);
                server.signal(Signal::KILL);
            }
            // It has ended or is about to; that it cannot be waited for changes nothing.
            let _ = server.child.wait();
        }
    }
}

impl Server {
    fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// To its whole group: Trunk has a compiler running.
    fn signal(&self, signal: Signal) {
        // One that has just ended by itself needs no signal.
        let _ = kill_process_group(Pid::from_child(&self.child), signal);
    }

    fn obituary(&self, status: ExitStatus) -> String {
        let name = self.name;
        let Some(log) = &self.log else { return format!("{name} has ended ({status})") };
        let text = std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        format!("{name} has ended ({status}); the end of {}:\n{}", log.display(), last_lines(&text))
    }
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(LAST_LINES);
    lines[from..].iter().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use std::{
        process::Command,
        time::{Duration, Instant},
    };

    use super::{Servers, last_lines};
    use crate::demo::ports::Port;

    #[test]
    fn only_the_end_of_a_log_is_shown() {
        let log: String = (1..=40).map(|number| format!("line {number}\n")).collect();
        let shown = last_lines(&log);
        assert!(shown.starts_with("  line 26\n") && shown.ends_with("  line 40\n"), "{shown}");
    }

    #[test]
    fn a_server_that_ends_at_once_is_reported_with_its_last_words() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut servers = Servers::new().expect("signals");
        let mut command = Command::new("sh");
        command.args(["-c", "echo no such key >&2; exit 2"]);
        // Port 1: nobody listens there.
        let error = servers.start("latchkey", &mut command, &folder.path().join("latchkey.log"), Port::address(1), "/readyz");
        let error = error.expect_err("it has ended").to_string();
        assert!(error.contains("latchkey has ended (exit status: 2)") && error.contains("  no such key\n"), "{error}");
    }

    #[test]
    fn servers_are_stopped_when_dropped() {
        let mut servers = Servers::new().expect("signals");
        servers.start_in_view("sleeper", Command::new("sleep").arg("60")).expect("started");
        let start = Instant::now();
        drop(servers);
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}
