//! What holds for every call out: to a configured address only, over https, no redirects followed, every time bounded, and no private
//! address unless configured.
//!
//! Private addresses are refused as written (in [`check`]) and as resolved (in [`PublicOnly`], at the connector, so that a name which
//! changes its mind between check and call gains nothing).

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use ipnet::IpNet;
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
};
use url::Url;

/// Whether calls may go there. `what` would be sent in the clear over http.
pub(crate) fn check(url: &Url, what: &str, allow_insecure: bool, allow_private: bool) -> Result<(), String> {
    match url.scheme() {
        "https" => {}
        "http" if allow_insecure => {}
        "http" => return Err(format!("http sends {what} in the clear: use https (or allow_insecure = true, on a test machine)")),
        scheme => return Err(format!("{scheme}: is not https:")),
    }
    let literal = url.host_str().and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
    match literal {
        Some(ip) if !allow_private && is_private(ip) => {
            Err(format!("{ip} is a private or loopback address (allow_private = true lets it, for a server in the same network)"))
        }
        _ => Ok(()),
    }
}

/// What makes the calls.
pub(crate) fn client(connect_timeout: Duration, timeout: Duration, allow_private: bool) -> Result<Client, reqwest::Error> {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        // Below the whole's, so that who cannot be reached is told from who does not answer: the first surely got nothing.
        .connect_timeout(connect_timeout.min(timeout * 9 / 10))
        .timeout(timeout)
        .dns_resolver(PublicOnly { allow_private })
        .user_agent(concat!("latchkey/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// The error and its causes in one line, without the address it was sent to.
pub(crate) fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut line = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}

/// Resolves names, and leaves out the addresses that nobody on the internet has.
struct PublicOnly {
    allow_private: bool,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<_> = found.iter().copied().filter(|address| allow_private || !is_private(address.ip())).collect();
            if public.is_empty() && !found.is_empty() {
                return Err("the name resolves to private addresses only (allow_private = true lets it)".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// IANA's special-purpose blocks, those that are not globally reachable.
const SPECIAL: [&str; 24] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "::1/128",
    "64:ff9b:1::/48",
    "100::/64",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

fn is_private(ip: IpAddr) -> bool {
    // An IPv4 address inside an IPv6 one reaches the same machine: mapped, or through a translator's well-known prefix.
    let ip = match ip {
        IpAddr::V6(v6) => match (v6.to_ipv4_mapped(), v6.segments()) {
            (Some(v4), _) => IpAddr::V4(v4),
            (None, [0x64, 0xff9b, 0, 0, 0, 0, high, low]) => IpAddr::V4((u32::from(high) << 16 | u32::from(low)).into()),
            _ => ip,
        },
        IpAddr::V4(_) => ip,
    };
    SPECIAL.iter().filter_map(|block| block.parse::<IpNet>().ok()).any(|block| block.contains(&ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known() {
        for block in SPECIAL {
            assert!(block.parse::<IpNet>().is_ok(), "{block}");
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "0.0.0.0",
        ] {
            assert!(is_private(private.parse().expect("an address")), "{private}");
        }
        for public in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "172.32.0.1"] {
            assert!(!is_private(public.parse().expect("an address")), "{public}");
        }
    }
}
