//! Autologin links: credentials, and addresses that we send visitors to. Only configured hosts, only https.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::{Host, Url};

use super::NoLink;
use crate::config::Problems;

/// A link that may be followed. It logs a client in, so it does not print.
#[derive(Clone, Debug)]
pub(crate) struct AutologinLink(SecretString);

impl AutologinLink {
    /// The address for the `Location` header of a ticket's answer, and for sealing; for nothing else.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// A link that was checked before it was stored.
    pub(crate) fn checked_before(link: String) -> AutologinLink {
        AutologinLink(SecretString::from(link))
    }
}

/// The hosts that an autologin link may lead to. Without any, it may lead nowhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct RedirectHosts {
    hosts: Vec<Pattern>,
    /// Whether `http` will do, for a CRM on a test machine.
    allow_insecure: bool,
}

/// `broker.example`, `*.broker.example` (its subdomains, not itself), each with `:port` or with any port.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    subdomains: bool,
    host: String,
    port: Option<u16>,
}

impl RedirectHosts {
    pub(crate) fn new(hosts: &[String], allow_insecure: bool) -> Result<RedirectHosts, String> {
        Ok(RedirectHosts { hosts: hosts.iter().map(|host| Pattern::parse(host)).collect::<Result<_, _>>()?, allow_insecure })
    }

    /// A connection's `redirect_hosts`.
    pub(super) fn read(at: &str, hosts: &[String], allow_insecure: bool, problems: &mut Problems) -> Option<RedirectHosts> {
        match RedirectHosts::new(hosts, allow_insecure) {
            Ok(hosts) => Some(hosts),
            Err(error) => {
                problems.add(format!("{at}.redirect_hosts"), error);
                None
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.hosts.is_empty()
    }

    /// What becomes of the member that a CRM's document has for the link.
    pub(super) fn follow(&self, member: Option<Value>) -> Result<AutologinLink, NoLink> {
        match member {
            None | Some(Value::Null) => Err(NoLink::NotGiven),
            Some(Value::String(url)) => self.check(&url).map_err(NoLink::Forbidden),
            Some(_) => Err(NoLink::Forbidden("the autologin link is not a text".to_owned())),
        }
    }

    /// Checks what a CRM calls an autologin link. The reason never repeats the link, which may still be good for a log-in.
    pub(crate) fn check(&self, link: &str) -> Result<AutologinLink, String> {
        let url = Url::parse(link).map_err(|error| format!("the autologin link is no address ({error})"))?;
        match url.scheme() {
            "https" => {}
            "http" if self.allow_insecure => {}
            scheme => return Err(format!("the autologin link is {scheme}:, not https:")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the autologin link holds a user name".to_owned());
        }
        let host = url.host().ok_or("the autologin link has no host")?;
        if self.hosts.iter().any(|pattern| pattern.matches(&host, url.port_or_known_default())) {
            Ok(AutologinLink(SecretString::from(url.as_str())))
        } else {
            Err(format!("the autologin link leads to {host}, which is not in redirect_hosts"))
        }
    }
}

impl Pattern {
    fn parse(text: &str) -> Result<Pattern, String> {
        let (subdomains, rest) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let refuse = || format!("\"{text}\" is no host: write \"broker.example\", \"*.broker.example\" or \"broker.example:8443\"");
        // The URL parser splits host and port as it will for the link: IPv6, internationalised names and all.
        let url = Url::parse(&format!("https://{rest}/")).map_err(|_| refuse())?;
        let bare =
            url.username().is_empty() && url.password().is_none() && url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let host = url.host_str().filter(|host| bare && !host.contains('*')).ok_or_else(refuse)?;
        let port = match rest.rsplit_once(':') {
            Some((_, port)) if !port.ends_with(']') => Some(port.parse().map_err(|_| refuse())?),
            _ => None,
        };
        Ok(Pattern { subdomains, host: host.to_owned(), port })
    }

    fn matches(&self, host: &Host<&str>, port: Option<u16>) -> bool {
        let host = host.to_string();
        let named = if self.subdomains {
            host.strip_suffix(&self.host).is_some_and(|left| left.len() > 1 && left.ends_with('.'))
        } else {
            host == self.host
        };
        named && self.port.is_none_or(|own| Some(own) == port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hosts: &[&str], link: &str) -> bool {
        let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
        RedirectHosts::new(&hosts, false).expect("hosts").check(link).is_ok()
    }

    #[test]
    fn only_the_configured_hosts() {
        let hosts = ["member.broker.example", "*.trade.example", "other.example:8443"];
        for good in [
            "https://member.broker.example/autologin/1/",
            "https://a.trade.example/x?y=1",
            "https://a.b.trade.example/",
            "https://MEMBER.broker.example/",
            "https://other.example:8443/",
        ] {
            assert!(check(&hosts, good), "{good}");
        }
        for bad in [
            "https://trade.example/",
            "https://eviltrade.example/",
            "https://.trade.example/",
            "https://member.broker.example.evil.example/",
            "https://evil.example/?https://member.broker.example/",
            "https://member.broker.example@evil.example/",
            "https://user@member.broker.example/",
            "https://other.example/",
            "http://member.broker.example/",
            "javascript:alert(1)//member.broker.example",
            "data:text/html,x",
            "//member.broker.example/",
            "/relative",
            "",
        ] {
            assert!(!check(&hosts, bad), "{bad}");
        }
        assert!(!check(&[], "https://member.broker.example/"), "no host: nowhere");
    }

    #[test]
    fn http_only_where_it_is_configured() {
        let hosts = RedirectHosts::new(&["127.0.0.1".to_owned()], true).expect("hosts");
        assert!(hosts.check("http://127.0.0.1:9100/autologin/1/").is_ok());
        assert!(hosts.check("ftp://127.0.0.1/").is_err());
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for bad in ["", "*", "*.", "https://a.example", "a.example/path", "a.*.example", "a.example:port", "user@a.example"] {
            assert!(RedirectHosts::new(&[bad.to_owned()], false).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_link_does_not_print() {
        let hosts = RedirectHosts::new(&["a.example".to_owned()], false).expect("hosts");
        let link = hosts.check("https://a.example/autologin/made-up/").expect("a link");
        assert!(!format!("{link:?}").contains("made-up"));
    }
}
