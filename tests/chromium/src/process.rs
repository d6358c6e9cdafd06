//! Chromium, told what to do by its own protocol over a pipe.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// Names that Chromium and its kin go by.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Without these a fresh profile asks hosts on the internet for this and that, and root may not start it at all.
const ARGUMENTS: [&str; 10] = [
    "--remote-debugging-pipe",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "about:blank",
];

/// It reads commands from file 3 and writes answers to file 4, which a shell makes of the ordinary two.
const PIPED: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"#;

pub struct Chromium {
    child: Child,
    commands: ChildStdin,
    messages: BufReader<ChildStdout>,
    sent: u64,
    _profile: tempfile::TempDir,
}

/// A tab of its own, in a context of its own: nothing of the tabs before it is in any cache.
pub struct Tab<'a> {
    chromium: &'a mut Chromium,
    context: String,
    session: String,
    pub(crate) happened: Vec<Event>,
}

/// Something that happened in a tab.
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) parameters: Value,
}

impl Chromium {
    pub fn start() -> Result<Chromium> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let present = |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
        let browser = BROWSERS.into_iter().find(present).context("there is no Chromium: install it")?;
        let profile = tempfile::tempdir()?;
        let mut child = Command::new("sh")
            .args(["-c", PIPED, browser])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(ARGUMENTS)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start Chromium")?;
        let commands = child.stdin.take().context("no pipe to Chromium")?;
        let messages = BufReader::new(child.stdout.take().context("no pipe from Chromium")?);
        Ok(Chromium { child, commands, messages, sent: 0, _profile: profile })
    }

    pub fn tab(&mut self) -> Result<Tab<'_>> {
        let context = text(&self.browser("Target.createBrowserContext", json!({}))?, "browserContextId")?;
        let target = json!({"url": "about:blank", "browserContextId": context});
        let target = text(&self.browser("Target.createTarget", target)?, "targetId")?;
        let session = text(&self.browser("Target.attachToTarget", json!({"targetId": target, "flatten": true}))?, "sessionId")?;
        Ok(Tab { chromium: self, context, session, happened: Vec::new() })
    }

    fn browser(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.command(None, method, parameters, &mut Vec::new()).with_context(|| method.to_owned())
    }

    fn command(&mut self, session: Option<&str>, method: &str, parameters: Value, events: &mut Vec<Event>) -> Result<Value> {
        self.sent += 1;
        let mut command = json!({"id": self.sent, "method": method, "params": parameters});
        if let Some(session) = session {
            command["sessionId"] = session.into();
        }
        self.commands.write_all(format!("{command}\0").as_bytes())?;
        self.commands.flush()?;
        loop {
            let mut message = self.next()?;
            if message["id"] == self.sent {
                match message.get("error") {
                    Some(error) => bail!("{error}"),
                    None => return Ok(message["result"].take()),
                }
            }
            if let Some(name) = message["method"].as_str().map(str::to_owned) {
                events.push(Event { name, parameters: message["params"].take() });
            }
        }
    }

    fn next(&mut self) -> Result<Value> {
        let mut message = Vec::new();
        self.messages.read_until(0, &mut message)?;
        message.pop().context("Chromium has ended")?;
        Ok(serde_json::from_slice(&message)?)
    }
}

impl Tab<'_> {
    /// What happens in it until the answer is kept.
    pub fn tell(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.chromium.command(Some(&self.session), method, parameters, &mut self.happened).with_context(|| method.to_owned())
    }

    pub fn close(self) -> Result<()> {
        self.chromium.browser("Target.disposeBrowserContext", json!({"browserContextId": self.context})).map(drop)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It ends by itself when the pipe breaks; whether it is asked politely makes no difference to anybody.
        let _ = self.command(None, "Browser.close", json!({}), &mut Vec::new());
        let _ = self.child.wait();
    }
}

fn text(answer: &Value, key: &str) -> Result<String> {
    answer[key].as_str().map(str::to_owned).with_context(|| format!("no {key} in {answer}"))
}
