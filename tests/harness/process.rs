//! A program that runs beside the test: what it writes is kept, and it ends with the test at the latest.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{program, until};

/// How much of what a program wrote is shown when a test fails.
const LINES_SHOWN: usize = 12;

/// A running program.
pub struct Program {
    name: &'static str,
    child: Child,
    stdout: Output,
    stderr: Output,
}

/// How a program ended and what it wrote.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// What a stream has carried so far.
struct Output {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Program {
    /// Starts a program of this workspace. Of the test's own environment it sees nothing.
    pub fn start(name: &'static str, folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Program {
        let mut child = Command::new(program(name))
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = Output::read(child.stdout.take().expect("standard output is a pipe"));
        let stderr = Output::read(child.stderr.take().expect("standard error is a pipe"));
        Program { name, child, stdout, stderr }
    }

    /// Runs a program to its end.
    pub async fn run(name: &'static str, folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
        let mut program = Program::start(name, folder, arguments, environment);
        let status = program.exit().await;
        Ended { code: status.code(), stdout: program.stdout.text(), stderr: program.stderr.text() }
    }

    /// The first line of standard output that begins so, without the beginning.
    pub async fn line(&mut self, start: &str) -> String {
        let name = self.name;
        until(&format!("{name} prints \"{start}\""), async || {
            let ended = self.child.try_wait().expect("the program can be asked");
            let line = self.stdout.text().lines().find_map(|line| line.strip_prefix(start).map(str::to_owned));
            assert!(line.is_some() || ended.is_none(), "{name} ended ({ended:?}): {}", self.stderr.text());
            line
        })
        .await
    }

    /// What stands on standard error so far.
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("the program can be asked").is_some()
    }

    /// `kill -9`. It is gone when this returns.
    pub fn kill(&mut self) {
        // An error says that it has ended by itself.
        let _ = self.child.kill();
        self.child.wait().expect("the program can be waited for");
        self.join();
    }

    /// SIGTERM, as a service manager sends it.
    pub fn terminate(&self) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).expect("the program takes signals");
    }

    /// Waits for its end.
    pub async fn exit(&mut self) -> ExitStatus {
        let status = until("the program ends", async || self.child.try_wait().expect("the program can be asked")).await;
        self.join();
        status
    }

    /// All that was written is read before somebody looks.
    fn join(&mut self) {
        for reader in [self.stdout.reader.take(), self.stderr.reader.take()].into_iter().flatten() {
            reader.join().expect("reading does not panic");
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let text = self.stderr.text();
            let last: Vec<_> = text.lines().rev().take(LINES_SHOWN).collect();
            eprintln!("--- the end of {}'s standard error:", self.name);
            last.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

impl Output {
    fn read(stream: impl Read + Send + 'static) -> Output {
        let text = Arc::new(Mutex::new(String::new()));
        let kept = text.clone();
        let reader = std::thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            // By lines, so that nobody sees half of one. The end, and a pipe that breaks when the program is killed, are the same.
            while stream.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                kept.lock().expect("nobody panics with it").push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        });
        Output { text, reader: Some(reader) }
    }

    fn text(&self) -> String {
        self.text.lock().expect("nobody panics with it").clone()
    }
}
