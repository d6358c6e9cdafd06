//! The page, with the proxy's address and the funnel's name filled in, and the policy it is served under.
//!
//! Both values end up in HTML and in a header, so their types admit only what can do no harm in either.

use std::str::FromStr;

const TEMPLATE: &str = include_str!("../index.html");

/// The origin of a proxy: `http://host[:port]` or `https://host[:port]`, in lower case. The host is a name or an IPv4 address,
/// because a content security policy has no notation for IPv6.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Proxy(String);

impl FromStr for Proxy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not an origin such as https://join.example or http://127.0.0.1:8080");
        let origin = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).ok_or_else(wrong)?;
        let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
        let label = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let port_is_good =
            port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0));
        if host.split('.').all(label) && port_is_good { Ok(Self(origin)) } else { Err(wrong()) }
    }
}

/// The name of a funnel: lower-case letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Funnel(String);

impl FromStr for Funnel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !text.is_empty() && text.bytes().all(fit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("{text:?} is not a funnel's name: lower-case letters, digits and hyphens"))
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// The funnel's name.
    pub(crate) name: String,
    pub(crate) html: String,
    pub(crate) policy: String,
}

impl Page {
    pub(crate) fn new(Proxy(proxy): &Proxy, Funnel(funnel): &Funnel) -> Self {
        Self {
            name: funnel.clone(),
            html: TEMPLATE.replace("{{proxy}}", proxy).replace("{{funnel}}", funnel),
            policy: format!(
                "default-src 'none'; script-src {proxy} 'wasm-unsafe-eval'; connect-src {proxy}; form-action {proxy}; frame-src {proxy}; style-src 'self'; \
                 img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_taken_and_nothing_else() {
        for (text, origin) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://Join.Example/", "https://join.example"),
            ("http://localhost:1", "http://localhost:1"),
        ] {
            assert_eq!(text.parse(), Ok(Proxy(origin.to_owned())));
        }
        for text in [
            "",
            "join.example",
            "ftp://join.example",
            "javascript:alert(1)",
            "https://",
            "https://join.example/path",
            "https://join.example?x",
            "https://user@join.example",
            "https://join.example:",
            "https://join.example:0",
            "https://join.example:+80",
            "https://join.example:65536",
            "https://join..example",
            "https://join.example; script-src *",
            "https://join.example\"><script>",
            "https://*.example",
            "https://[::1]:8080",
        ] {
            assert!(text.parse::<Proxy>().is_err(), "{text}");
        }
    }

    #[test]
    fn names_of_funnels_are_taken_and_nothing_else() {
        for text in ["demo", "eu-landing-2"] {
            assert_eq!(text.parse(), Ok(Funnel(text.to_owned())));
        }
        for text in ["", "Demo", "a b", "a/b", "a\"", "{{proxy}}", "é"] {
            assert!(text.parse::<Funnel>().is_err(), "{text}");
        }
    }
}
