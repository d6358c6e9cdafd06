//! The binary, over a real socket: who gets in, who gets a token, and under which policy the page is served.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

struct Site {
    process: Child,
    address: String,
}

impl Site {
    fn start() -> Site {
        // Port 1: nobody listens there.
        let options = ["--listen", "127.0.0.1:0", "--proxy", "http://127.0.0.1:1", "--user", "maria=a-17"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_partner-portal"));
        command.args(options).env("PORTAL_SECRET", "made-up-secret-0001").env("PORTAL_PASSWORD", "made-up");
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("partner-portal listening on http://").expect(&line).to_owned();
        Site { process, address }
    }

    /// The whole answer. `headers` end in line breaks.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let form = format!("content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n", body.len());
        write!(stream, "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{form}{headers}\r\n{body}", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn own(&self) -> String {
        format!("origin: http://{}\r\n", self.address)
    }

    fn log_in(&self, password: &str) -> String {
        self.ask("POST", "/log-in", &self.own(), &format!("name=maria&password={password}"))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // A process that has ended already needs no more ending.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn is(answer: &str, status: u16) -> bool {
    answer.starts_with(&format!("HTTP/1.1 {status}"))
}

#[test]
fn whoever_is_logged_in_sees_the_page_under_a_strict_policy() {
    let site = Site::start();
    assert!(is(&site.ask("GET", "/", "", ""), 303), "to the log-in");
    assert!(is(&site.log_in("wrong"), 401));
    let answer = site.log_in("made-up");
    assert!(is(&answer, 303), "{answer}");
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    let session = format!("cookie: {}\r\n", cookie.split(';').next().unwrap());

    let page = site.ask("GET", "/", &session, "");
    assert!(is(&page, 200) && page.contains("cache-control: no-store") && page.contains("require-trusted-types-for 'script'"));
    assert!(
        page.contains("<latchkey-dashboard></latchkey-dashboard>")
            && page.contains("<latchkey-buckets></latchkey-buckets>")
            && !page.contains("{{")
            && !page.contains("made-up-secret")
    );

    assert!(is(&site.ask("POST", "/latchkey-token", &(site.own() + &session), ""), 502), "asked of a proxy that is not there");
    assert!(is(&site.ask("POST", "/latchkey-token", &site.own(), ""), 401), "without a session");
    assert!(is(&site.ask("POST", "/latchkey-token", &format!("origin: https://evil.example\r\n{session}"), ""), 403));
    assert!(is(&site.ask("POST", "/latchkey-token", &session, ""), 403), "no origin");
    assert!(is(&site.ask("GET", "/latchkey-token", &session, ""), 405));

    assert!(is(&site.ask("POST", "/log-out", &session, ""), 403), "from nowhere");
    assert!(is(&site.ask("POST", "/log-out", &(site.own() + &session), ""), 303));
    assert!(is(&site.ask("GET", "/", &session, ""), 303), "logged out");
}

#[test]
fn without_its_secret_it_does_not_start() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_partner-portal")).env_remove("PORTAL_SECRET").env("PORTAL_PASSWORD", "x").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("PORTAL_SECRET"));
}
