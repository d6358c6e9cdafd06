//! cargo-deny: licences, sources, banned crates, and advisories where these can be fetched.

use std::{
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::{
    run,
    tools::{installed, pinned},
    workspace::Workspace,
};

/// How long the advisory database may take to arrive.
const FETCH: Duration = Duration::from_secs(60);

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let deny = installed::ensure(workspace, &pinned::cargo_deny())?;
    let command = || {
        let mut command = Command::new(&deny.program);
        command.current_dir(&workspace.root);
        command
    };
    run::run(command().args(["check", "bans", "licenses", "sources"]))?;
    match fetch(&mut command())? {
        Ok(()) => run::run(command().args(["--offline", "check", "advisories"])),
        Err(why) => {
            println!("      advisories were NOT checked: their database could not be fetched ({why})");
            Ok(())
        }
    }
}

/// Fetches the advisory database; where that fails, the inner error says why.
fn fetch(deny: &mut Command) -> Result<std::result::Result<(), String>> {
    let log = tempfile::NamedTempFile::new()?;
    let mut child = deny.args(["fetch", "db"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log.reopen()?).spawn()?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            let reason = || last_line(&std::fs::read_to_string(log.path()).unwrap_or_default());
            return Ok(if status.success() { Ok(()) } else { Err(reason()) });
        }
        if start.elapsed() > FETCH {
            child.kill()?;
            child.wait()?;
            return Ok(Err(format!("no answer in {} s", FETCH.as_secs())));
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn last_line(text: &str) -> String {
    text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("no reason given").to_owned()
}

#[cfg(test)]
mod tests {
    use super::last_line;

    #[test]
    fn the_reason_is_the_last_thing_said() {
        assert_eq!(last_line("error: fetch failed\n  Caused by: no route\n\n"), "Caused by: no route");
        assert_eq!(last_line(""), "no reason given");
    }
}
