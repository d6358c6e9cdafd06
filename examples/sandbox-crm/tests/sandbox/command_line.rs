//! The command line: what it says when it cannot start, and that it stops when told to.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::client::send;
use crate::server::{KEY, Server, command};

#[test]
fn a_taken_port_is_one_clear_line() {
    let server = Server::start();
    let output = command().args(["--listen", &server.address.to_string(), "--wi-key", KEY]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.contains(&server.address.to_string()) && message.contains("--listen"), "{message}");
    assert!(output.stdout.is_empty());
}

#[test]
fn options_are_checked() {
    for options in [
        &[][..],
        &["--wi-key", ""],
        &["--wi-key", KEY, "--public-url", "broker"],
        &["--wi-key", KEY, "--public-url", "http://a/b"],
        &["--wi-key", KEY, "--broctagon-api-key", ""],
        &["--wi-key", KEY, "--broctagon-signature", "v3"],
    ] {
        let output = command().args(["--listen", "127.0.0.1:0"]).args(options).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{options:?}");
    }
}

#[test]
fn the_help_has_the_flags_of_each_crm_together() {
    let help = command().arg("--help").output().unwrap();
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    let headings: Vec<_> = help.lines().filter(|line| line.ends_with(':') && !line.starts_with(' ')).collect();
    let crms = ["Wi, under /wi:", "The trading CRM, under /trading:", "Impact, under /impact:", "Broctagon, under /broctagon:"];
    assert_eq!(headings, [&["Options:", "Autologin links of every CRM that has some:"][..], &crms, &["Example:"]].concat());
    for (prefix, heading) in ["--wi-", "--trading-", "--impact-", "--broctagon-"].into_iter().zip(crms) {
        let mut under = "";
        for line in help.split("Example:").next().unwrap().lines() {
            under = if headings.contains(&line) { line } else { under };
            assert!(!line.trim_start().starts_with(prefix) || under == heading, "{line}");
        }
    }
}

#[cfg(unix)]
#[test]
fn it_stops_when_told_to_also_while_a_request_waits() {
    for signal in ["-TERM", "-INT"] {
        let mut server = Server::start();
        server.fault(serde_json::json!({ "kind": "delay", "ms": 60_000 }));
        let address = server.address;
        let waiting = std::thread::spawn(move || crate::client::send(address, "POST", crate::server::SIGN_UP, &[], b""));
        std::thread::sleep(Duration::from_millis(200));
        let start = Instant::now();
        assert!(Command::new("kill").args([signal, &server.process.id().to_string()]).status().unwrap().success());
        assert_eq!(server.process.wait().unwrap().code(), Some(0));
        assert!(start.elapsed() < Duration::from_secs(5));
        assert!(waiting.join().unwrap().is_err());
    }
}

#[test]
fn an_affiliate_has_a_history_and_the_same_one_at_each_start() {
    let told = || {
        let server = Server::start_with(&["--history", "--wi-identification-token", "made-up-token"]);
        let path = "/wi/api/public/buckets/69ce524d741e8f2238329fff/AFF-17/leads";
        let headers = [("Content-Type", "application/json"), ("Authorization", "made-up-token")];
        let body = br#"{"keyBy": "id", "limit": 2000}"#;
        let leads = send(server.address, "POST", path, &headers, body).unwrap().json();
        let statuses: Vec<_> = leads.as_object().unwrap().iter().map(|(id, lead)| format!("{id} {}", lead["status"])).collect();
        statuses
    };
    let day = || jiff::Timestamp::now().as_second() / 86_400;
    let today = day();
    let leads = told();
    assert!(leads.len() > 500, "{}", leads.len());
    // Whoever came today has come, or not yet.
    let again = told();
    let same = leads.iter().filter(|lead| again.contains(lead)).count();
    // They are told by their day, and midnight may have been in between.
    assert!(today != day() || same + 5 >= leads.len(), "{same} of {}", leads.len());
}
