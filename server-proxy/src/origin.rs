//! Origins: who may embed a funnel. Compared whole, never by prefix.

use std::fmt;

use url::Url;

/// Scheme, host and port of a page (RFC 6454), as browsers write it in the `Origin` header.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin(String);

impl Origin {
    /// Reads a configured origin: `https://landing.example`, without path.
    pub(crate) fn parse(text: &str) -> Result<Origin, String> {
        let refuse = || format!("\"{text}\" is no origin: write scheme and host, as \"https://landing.example\"");
        let url = Url::parse(text).map_err(|_| refuse())?;
        let bare =
            url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        if !bare || text.contains('*') {
            return Err(refuse());
        }
        Origin::of(&url).ok_or_else(refuse)
    }

    /// The origin of an address; `None` for one that has none.
    pub(crate) fn of(url: &Url) -> Option<Origin> {
        (matches!(url.scheme(), "http" | "https") && url.host().is_some()).then(|| Origin(url.origin().ascii_serialization()))
    }

    /// Reads an `Origin` header's value. What is not written as browsers write it (`null` for one) is nobody's.
    pub(crate) fn from_header(value: &str) -> Option<Origin> {
        Origin::parse(value).ok().filter(|origin| origin.0 == value)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_compared_whole() {
        let landing = Origin::parse("https://landing.example").expect("an origin");
        assert_eq!(Origin::from_header("https://landing.example"), Some(landing.clone()));
        assert_eq!(Origin::parse("https://landing.example:443/").expect("the same"), landing);
        for other in [
            "https://landing.example.evil.example",
            "http://landing.example",
            "https://landing.example:8443",
            "null",
            "",
            "https://LANDING.example",
            "https://landing.example/x",
        ] {
            assert_ne!(Origin::from_header(other), Some(landing.clone()), "{other}");
        }
        for bad in [
            "landing.example",
            "https://*.landing.example",
            "https://landing.example/path",
            "ftp://landing.example",
            "https://a@landing.example",
        ] {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
    }
}
