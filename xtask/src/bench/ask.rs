//! Small HTTP requests to servers of ours, so that no client library is needed for them.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, ensure};

pub(super) fn get(address: SocketAddr, path: &str) -> Result<String> {
    ask(address, "GET", path, "")
}

pub(super) fn post(address: SocketAddr, path: &str, body: &str) -> Result<String> {
    ask(address, "POST", path, body)
}

/// The answer's body; an answer that is no success is an error.
fn ask(address: SocketAddr, method: &str, path: &str, body: &str) -> Result<String> {
    let what = || format!("{method} http://{address}{path}");
    let answer = exchange(address, method, path, body).with_context(what)?;
    let (head, body) = answer.split_once("\r\n\r\n").with_context(what).context("an answer without an end to its head")?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    ensure!(status.starts_with('2'), "{} is answered with {status}: {body}", what());
    Ok(body.to_owned())
}

/// In HTTP/1.0, where an answer ends with its connection and comes in one piece.
fn exchange(address: SocketAddr, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let length = body.len();
    write!(stream, "{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n{body}")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
