//! Chaos in small: what `cargo xtask chaos` shows of 20,000 signups, of a thousand.

use std::process::{Command, Stdio};

/// Runs the program `chaos`, which ends badly where anybody is lost, or twice in a CRM.
fn chaos(arguments: &[&str]) {
    let common = ["--signups", "1000", "--rate", "50", "--kills", "10", "--seed", "7"];
    let output =
        Command::new(env!("CARGO_BIN_EXE_chaos")).args(common).args(arguments).stdin(Stdio::null()).output().expect("the program starts");
    let (table, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{table}\n{complaints}");
    println!("{table}");
    assert!(table.contains("1000 signups") && table.contains("kill -9: 10;"), "{table}");
}

#[test]
fn one_proxy_on_sqlite_is_killed_ten_times() {
    chaos(&["--store", "sqlite", "--proxies", "1"]);
}

#[test]
fn three_proxies_on_one_postgresql_are_killed_and_the_database_restarted() {
    chaos(&["--store", "postgres", "--proxies", "3"]);
}
