//! A file system of a few megabytes, which a test may fill.

use std::{env, fs, io::Write, path::PathBuf, process::Command};

use rustix::process::geteuid;
use tempfile::TempDir;

/// Says to a test that it may mount what it likes.
const INSIDE: &str = "LATCHKEY_TEST_INSIDE";
const SIZE: &str = "size=4m";

pub(crate) struct SmallDisk(TempDir);

impl SmallDisk {
    /// Runs the test of that name once more where it may mount a file system that nobody else sees, and gives it one there. To the
    /// test outside it gives nothing: all is done.
    pub(crate) fn inside(test: &str) -> Option<SmallDisk> {
        if env::var_os(INSIDE).is_some() {
            let disk = SmallDisk(TempDir::new().expect("a temporary folder"));
            let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(disk.0.path()).status();
            assert!(mounted.expect("mount is there").success(), "a small file system is mounted");
            return Some(disk);
        }
        let mut command = Command::new("unshare");
        command.arg("--mount");
        if !geteuid().is_root() {
            command.arg("--map-root-user");
        }
        command.arg(env::current_exe().expect("the test knows its own path")).args(["--exact", test, "--nocapture"]).env(INSIDE, "1");
        let output = command.output().expect("unshare is there");
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && told.contains("1 passed"), "needs root or user namespaces: {told}");
        None
    }

    /// The URL of a database on it, as TOML writes it.
    pub(crate) fn url(&self) -> String {
        format!("\"sqlite://{}\"", self.0.path().join("latchkey.db").display())
    }

    /// While nobody has a file of it open.
    pub(crate) fn read_only(&self, yes: bool) {
        let how = if yes { "remount,ro" } else { "remount,rw" };
        let mounted = Command::new("mount").args(["-o", how]).arg(self.0.path()).status();
        assert!(mounted.expect("mount is there").success(), "{how}");
    }

    /// Leaves no byte.
    pub(crate) fn fill(&self) {
        let mut ballast = fs::File::create(self.ballast()).expect("a file can be made");
        for size in [4096, 1] {
            let piece = vec![0; size];
            while ballast.write_all(&piece).is_ok() {}
        }
    }

    pub(crate) fn free(&self) {
        fs::remove_file(self.ballast()).expect("the ballast is there");
    }

    fn ballast(&self) -> PathBuf {
        self.0.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the proxy may still be using it. What is left goes with the namespace.
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}
