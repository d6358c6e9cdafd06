//! Calls out: to the configured address only, no redirects followed, every time and size bounded.
//!
//! Private addresses are refused as written (in [`Network::new`]) and as resolved (in [`PublicOnly`], at the connector, so
//! that a name which changes its mind between check and call gains nothing).

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use ipnet::IpNet;
use reqwest::{
    Client, StatusCode, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::config::Problems;

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// Where one connection's calls go, and how long they may take.
pub(super) struct Network {
    base: Url,
    client: Client,
}

/// The keys that every kind of connection shares.
pub(super) struct NetworkKeys<'a> {
    pub(super) base_url: Option<&'a str>,
    pub(super) allow_insecure: bool,
    pub(super) allow_private: bool,
    pub(super) connect_timeout: Duration,
    pub(super) timeout: Duration,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// As the header stands, for the operator.
    pub(super) retry_after: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Why there is no whole answer.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// The request was never written.
    NotSent(String),
    /// It may have been read and acted on.
    Lost { detail: String, status: Option<StatusCode> },
}

impl Network {
    /// Reports what is wrong under `at`, the connection's place in the configuration.
    pub(super) fn new(at: &str, keys: &NetworkKeys<'_>, problems: &mut Problems) -> Option<Network> {
        let key = format!("{at}.base_url");
        let text = problems.required(&key, keys.base_url);
        let base = problems.parse(&key, text, |text| base_url(text, keys))?;
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(keys.connect_timeout)
            .timeout(keys.timeout)
            .dns_resolver(PublicOnly { allow_private: keys.allow_private })
            .user_agent(concat!("latchkey/", env!("CARGO_PKG_VERSION")))
            .build();
        match client {
            Ok(client) => Some(Network { base, client }),
            Err(error) => {
                problems.add(at, format!("cannot set up outbound calls: {error}"));
                None
            }
        }
    }

    /// The origin of the configured address, for the operator.
    pub(super) fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    /// Posts JSON to `path` below the base address.
    pub(super) async fn post<T: Serialize + Sync>(
        &self,
        path: &str,
        secret: (HeaderName, &SecretString),
        body: &T,
    ) -> Result<Answer, NoAnswer> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        let body = serde_json::to_vec(body).map_err(|error| NoAnswer::NotSent(error.to_string()))?;
        let mut headers = HeaderMap::new();
        let mut value = HeaderValue::from_str(secret.1.expose_secret())
            .map_err(|_| NoAnswer::NotSent("the key cannot stand in a header".to_owned()))?;
        value.set_sensitive(true);
        headers.insert(secret.0, value);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let response = self.client.post(url).headers(headers).body(body).send().await.map_err(no_answer)?;
        read(response).await
    }
}

fn base_url(text: &str, keys: &NetworkKeys<'_>) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("\"{text}\" is no address ({error})"))?;
    match url.scheme() {
        "https" => {}
        "http" if keys.allow_insecure => {}
        "http" => return Err("http sends the CRM's key in the clear: use https (or allow_insecure = true, on a test machine)".to_owned()),
        scheme => return Err(format!("{scheme}: is not https:")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address holds no user name and password: a secret is named, never written".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("an address here has no ? and no #".to_owned());
    }
    let literal = url.host_str().and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
    match literal {
        Some(ip) if !keys.allow_private && is_private(ip) => {
            Err(format!("{ip} is a private or loopback address (allow_private = true lets it, for a CRM in the same network)"))
        }
        _ => Ok(url),
    }
}

async fn read(mut response: reqwest::Response) -> Result<Answer, NoAnswer> {
    let status = response.status();
    let lost = |detail: String| NoAnswer::Lost { detail, status: Some(status) };
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > LONGEST_ANSWER => {
                return Err(lost(format!("the answer is longer than {LONGEST_ANSWER} bytes")));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(Answer { status, retry_after, body }),
            Err(error) => return Err(lost(describe(error))),
        }
    }
}

fn no_answer(error: reqwest::Error) -> NoAnswer {
    if error.is_connect() || error.is_builder() {
        NoAnswer::NotSent(describe(error))
    } else {
        NoAnswer::Lost { detail: describe(error), status: None }
    }
}

/// The error and its causes in one line, without the address it was sent to.
fn describe(error: reqwest::Error) -> String {
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

/// Resolves names, and leaves out the addresses that no CRM on the internet has.
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

    #[test]
    fn an_address_must_be_https_and_public_unless_configured() {
        let keys = |allow_insecure, allow_private| NetworkKeys {
            base_url: None,
            allow_insecure,
            allow_private,
            connect_timeout: Duration::from_secs(1),
            timeout: Duration::from_secs(1),
        };
        assert!(base_url("https://trade.example", &keys(false, false)).is_ok());
        for bad in [
            "http://trade.example",
            "https://127.0.0.1",
            "https://[::1]:8443",
            "https://user:pass@trade.example",
            "ftp://trade.example",
            "trade.example",
            "https://trade.example/?a=b",
            "https://2130706433/",
        ] {
            assert!(base_url(bad, &keys(false, false)).is_err(), "{bad}");
        }
        assert!(base_url("http://127.0.0.1:9100/wi", &keys(true, true)).is_ok());
    }
}
