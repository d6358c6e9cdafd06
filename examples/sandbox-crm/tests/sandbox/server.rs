//! Starts the binary on a free port, and stops it again.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::client::{Answer, send};

pub(crate) const KEY: &str = "sandbox-key";
pub(crate) const SIGN_UP: &str = "/wi/tradersroom/api/auth/signup";

pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(options: &[&str]) -> Self {
        let mut process =
            command().args(["--listen", "127.0.0.1:0", "--wi-key", KEY]).args(options).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("sandbox-crm listening on http://").expect(&line).parse().unwrap();
        Self { process, address }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        send(self.address, "GET", path, &[], b"").unwrap()
    }

    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Answer {
        send(self.address, method, &format!("/_control{path}"), &[], body.to_string().as_bytes()).unwrap()
    }

    pub(crate) fn fault(&self, fault: Value) {
        let answer = self.control("POST", "/wi/faults", &json!({ "fault": fault, "times": 1 }));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub(crate) fn requests(&self) -> Vec<Value> {
        self.get("/_control/wi/requests").json().as_array().unwrap().clone()
    }

    pub(crate) fn users(&self) -> Vec<Value> {
        self.get("/_control/wi/users").json().as_array().unwrap().clone()
    }

    pub(crate) fn sign_up(&self, body: &Value) -> Answer {
        self.try_sign_up(body).unwrap()
    }

    pub(crate) fn try_sign_up(&self, body: &Value) -> io::Result<Answer> {
        let headers = [("Content-Type", "application/json"), ("X-Api-Key", KEY)];
        send(self.address, "POST", SIGN_UP, &headers, body.to_string().as_bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that has stopped it already has nothing left to stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sandbox-crm"));
    command.env_remove("SANDBOX_WI_KEY");
    command
}

/// The least the document allows.
pub(crate) fn jane() -> Value {
    json!({ "email": "user@example.com", "phone": "+1234567890", "firstName": "Jane" })
}

/// The same with one member more, or another value in one.
pub(crate) fn jane_with(name: &str, value: Value) -> Value {
    let mut body = jane();
    body[name] = value;
    body
}
