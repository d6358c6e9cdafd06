//! Whether a server answers: one small HTTP request, so that no client library is needed for it.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Whether `GET path` is answered with 200.
pub(super) fn answers(address: SocketAddr, path: &str) -> bool {
    status(address, path).is_ok_and(|line| is_ok(&line))
}

fn status(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let limit = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    // The status line is all that matters; a server may send it in pieces.
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn is_ok(line: &str) -> bool {
    line.starts_with("HTTP/1.") && line.ends_with(" 200")
}

#[cfg(test)]
mod tests {
    use super::is_ok;

    #[test]
    fn only_200_is_ready() {
        assert!(is_ok("HTTP/1.1 200"));
        assert!(!is_ok("HTTP/1.1 503"));
        assert!(!is_ok("SSH-2.0-Open"));
    }
}
