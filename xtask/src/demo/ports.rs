//! Whether the ports are free, asked before anything is installed or built.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use anyhow::{Result, bail};

use crate::cli::BesidePorts;

/// A port that one of our servers is to listen on.
#[derive(Clone, Copy)]
pub(crate) struct Port {
    pub(crate) what: &'static str,
    /// The option that moves it; the proxy's cannot be moved where Trunk.toml names it.
    pub(crate) option: Option<&'static str>,
    pub(crate) number: u16,
}

impl Port {
    pub(crate) fn address(number: u16) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, number))
    }
}

pub(crate) fn beside(ports: &BesidePorts) -> [Port; 4] {
    [
        Port { what: "metrics", option: Some("--metrics-port"), number: ports.metrics_port },
        Port { what: "simulated CRM", option: Some("--sandbox-port"), number: ports.sandbox_port },
        Port { what: "landing page", option: Some("--landing-port"), number: ports.landing_port },
        Port { what: "partner portal", option: Some("--portal-port"), number: ports.portal_port },
    ]
}

/// Fails with one line for each port that cannot be had.
pub(crate) fn check(command: &str, ports: &[Port]) -> Result<()> {
    let mut problems = Vec::new();
    for (index, port) in ports.iter().enumerate() {
        if let Some(other) = ports[..index].iter().find(|other| other.number == port.number) {
            problems.push(format!("{} and {} cannot both have port {}", other.what, port.what, port.number));
            continue;
        }
        match probe(port.number) {
            Ok(true) => {}
            Ok(false) => problems.push(in_use(command, *port, free_port(port.number, ports))),
            Err(error) => problems.push(format!("port {} cannot be listened on: {error}", port.number)),
        }
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n       "));
    }
    Ok(())
}

fn in_use(command: &str, port: Port, other: Option<u16>) -> String {
    let instead = match (port.option, other) {
        (Some(option), Some(other)) => format!(", or run `cargo xtask {command} {option} {other}`"),
        _ => String::new(),
    };
    format!("port {} is in use: stop the program that uses it{instead}", port.number)
}

/// Whether it is free. Some systems let us listen beside a program that listens on all addresses, so ask twice.
fn probe(number: u16) -> io::Result<bool> {
    let address = Port::address(number);
    if TcpStream::connect_timeout(&address, Duration::from_millis(300)).is_ok() {
        return Ok(false);
    }
    match TcpListener::bind(address) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok(false),
        Err(error) => Err(error),
    }
}

/// A port to propose instead: free, and none of the others.
fn free_port(taken: u16, ports: &[Port]) -> Option<u16> {
    (1..=20)
        .filter_map(|step| taken.checked_add(step * 10))
        .find(|number| ports.iter().all(|port| port.number != *number) && probe(*number).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::{Port, check, in_use};

    const PROXY: Port = Port { what: "proxy", option: Some("--port"), number: 8080 };

    #[test]
    fn the_line_says_what_to_do() {
        assert_eq!(
            in_use("demo", PROXY, Some(8090)),
            "port 8080 is in use: stop the program that uses it, or run `cargo xtask demo --port 8090`"
        );
        assert_eq!(in_use("dev", Port { option: None, ..PROXY }, Some(8090)), "port 8080 is in use: stop the program that uses it");
    }

    #[test]
    fn a_port_in_use_is_seen() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let number = listener.local_addr().expect("an address").port();
        let error = check("demo", &[Port { number, ..PROXY }]).expect_err("it is in use").to_string();
        assert!(error.starts_with(&format!("port {number} is in use: ")), "{error}");
    }

    #[test]
    fn no_port_is_given_twice() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let number = listener.local_addr().expect("an address").port();
        drop(listener);
        let ports = [Port { number, ..PROXY }, Port { what: "landing page", number, ..PROXY }];
        let error = check("demo", &ports).expect_err("the same port").to_string();
        assert_eq!(error, format!("proxy and landing page cannot both have port {number}"));
    }
}
