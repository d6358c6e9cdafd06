//! Running other programs, with one clear line when they fail.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// Runs it with our output as its output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run `{}`", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status}): what is wrong stands above; mend it and run this again", shown(command));
    }
    Ok(())
}

/// Runs it and returns what it prints; what it complains of goes to our standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    String::from_utf8(output_bytes(command)?).with_context(|| format!("`{}` printed something that is not text", shown(command)))
}

/// [`output`], for what need not be text.
pub(crate) fn output_bytes(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run `{}`", shown(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", shown(command), output.status);
    }
    Ok(output.stdout)
}

/// The first line that `<program> --version` prints; nothing where there is no such program.
pub(crate) fn version_line(program: impl Into<PathBuf>) -> Option<String> {
    let output = Command::new(program.into()).arg("--version").stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.lines().next().unwrap_or_default().to_owned())
}

/// Whether a program of that name is on the PATH.
pub(crate) fn is_on_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// The PATH with these folders in front of it.
pub(crate) fn path_with(folders: &[PathBuf]) -> Result<std::ffi::OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&old))).context("cannot extend the PATH")
}

/// A command as one would type it, without the folder of the program.
fn shown(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    command.get_args().fold(program, |line, argument| line + " " + &argument.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{is_on_path, run, shown, version_line};

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("/bin/sh").args(["-c", "exit 3"])).expect_err("exit 3 is a failure").to_string();
        assert_eq!(error, "`sh -c exit 3` failed (exit status: 3): what is wrong stands above; mend it and run this again");
        assert_eq!(shown(Command::new("cargo").args(["build", "-p", "latchkey"])), "cargo build -p latchkey");
    }

    #[test]
    fn a_missing_program_is_told_apart() {
        assert!(is_on_path("sh"));
        assert!(!is_on_path("no-such-program-of-ours"));
        assert_eq!(version_line("no-such-program-of-ours"), None);
    }
}
