//! The binary, over a real socket: what it serves, under which policy, and what it says when it cannot start.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

struct Site {
    process: Child,
    address: String,
}

impl Site {
    fn start() -> Self {
        Self::with(&["--funnel", "eu-demo"])
    }

    fn with(funnels: &[&str]) -> Self {
        let options = ["--listen", "127.0.0.1:0", "--proxy", "http://127.0.0.1:8080"];
        let mut process = command().args(options).args(funnels).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("landing-page listening on http://").expect(&line).to_owned();
        Self { process, address }
    }

    /// The head and the body of what stands there.
    fn get(&self, path: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // A process that has ended already needs no more ending.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_landing-page"))
}

#[test]
fn the_page_embeds_the_form_under_a_strict_policy() {
    let site = Site::start();
    let (head, body) = site.get("/");
    assert!(head.starts_with("HTTP/1.1 200"));
    assert!(head.contains(
        "content-security-policy: default-src 'none'; script-src http://127.0.0.1:8080 'wasm-unsafe-eval'; connect-src http://127.0.0.1:8080; \
         form-action http://127.0.0.1:8080; frame-src http://127.0.0.1:8080; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'\r\n"
    ));
    assert!(body.contains("<script type=\"module\" src=\"http://127.0.0.1:8080/embed/eu-demo.js\"></script>"));
    assert!(body.contains("<latchkey-signup funnel=\"eu-demo\"></latchkey-signup>"));
    // What the policy would refuse, the page must not try.
    assert!(!body.contains("{{") && !body.contains("<style") && !body.contains("style=") && body.matches("<script").count() == 1);
}

#[test]
fn the_rest_of_the_site() {
    let site = Site::start();
    let (head, style) = site.get("/style.css");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-type: text/css"));
    assert!(!style.contains("@import") && !style.contains("url("));
    assert!(site.get("/healthz").0.starts_with("HTTP/1.1 200"));
    assert!(site.get("/favicon.ico").0.starts_with("HTTP/1.1 204"));
    assert!(site.get("/nowhere").0.starts_with("HTTP/1.1 404"));
}

#[test]
fn what_cannot_work_is_said_in_one_line() {
    let site = Site::start();
    let output = command().args(["--listen", &site.address]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.lines().count() == 1 && message.contains(&site.address) && message.contains("--listen"), "{message}");

    for options in [["--proxy", "http://a/\"><script>"], ["--funnel", "a\"b"]] {
        assert_eq!(command().args(options).output().unwrap().status.code(), Some(2), "{options:?}");
    }
}

#[test]
fn each_funnel_has_a_page_of_its_own() {
    let site = Site::with(&["--funnel", "first", "--funnel", "second"]);
    for (path, funnel) in [("/", "first"), ("/first", "first"), ("/second", "second")] {
        let (head, body) = site.get(path);
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
        assert!(body.contains(&format!("funnel=\"{funnel}\"")), "{path}: {body}");
    }
    assert!(site.get("/third").0.starts_with("HTTP/1.1 404"));
}
