//! Calls out: to the configured address only, no redirects followed, every time and size bounded, and no more of them at once or
//! a second than the connection bears.
//!
//! Private addresses are refused, see [`outbound`].

use std::{num::NonZeroU32, time::Duration};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Client, Method, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::{answer::Answer, clock::Clocks};
use crate::{
    config::Problems,
    outbound::{self, describe},
};

/// The longest answer to a single thing that is read, in bytes.
const LONGEST_ANSWER: usize = 1024 * 1024;
/// The longest list or file.
const LONGEST_LIST: usize = 16 * 1024 * 1024;
/// Calls at once, where the configuration does not say.
const AT_ONCE: u64 = 64;

/// Where one connection's calls go, and how long they may take.
pub(super) struct Network {
    base: Url,
    client: Client,
    slots: Semaphore,
    at_once: usize,
    settle: Duration,
    pace: Option<DefaultDirectRateLimiter>,
}

/// The keys that every kind of connection shares.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkKeys {
    pub(super) base_url: Option<String>,
    #[serde(default)]
    pub(super) allow_insecure: bool,
    #[serde(default)]
    pub(super) allow_private: bool,
    pub(super) connect_timeout_seconds: Option<u64>,
    pub(super) timeout_seconds: Option<u64>,
    /// Calls that may run at once; more wait.
    pub(super) at_once: Option<u64>,
    /// Calls that may begin in a second.
    pub(super) per_second: Option<u64>,
    /// How long after a lost answer the CRM may still be at work on the request.
    pub(super) settle_ms: Option<u64>,
}

/// Why there is no whole answer.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// The request was never written.
    NotSent(String),
    /// It may have been read and acted on.
    Lost { detail: String, status: Option<StatusCode> },
}

/// A request, below the connection's base address. Its body may hold a password, so it does not print.
#[derive(Clone)]
pub(super) struct Call {
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    longest: usize,
    problem: Option<String>,
}

/// What stands in a path as itself (RFC 3986, "unreserved").
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Call {
    /// `path` begins with a slash; `{name}`s in it are filled in, percent-encoded.
    pub(super) fn new(method: Method, path: &str, values: &[(&str, &str)]) -> Call {
        let mut problem = None;
        let mut filled = path.to_owned();
        for (name, value) in values {
            // A dot segment would be resolved, and lead elsewhere.
            if value.is_empty() || matches!(*value, "." | "..") {
                problem = Some(format!("\"{value}\" cannot stand in an address"));
            }
            filled = filled.replace(&format!("{{{name}}}"), &utf8_percent_encode(value, SEGMENT).to_string());
        }
        Call { method, path: filled, query: Vec::new(), headers: HeaderMap::new(), body: None, longest: LONGEST_ANSWER, problem }
    }

    /// A call that is never made; why.
    pub(super) fn unsendable(problem: String) -> Call {
        Call { problem: Some(problem), ..Call::new(Method::GET, "/", &[]) }
    }

    pub(super) fn query(mut self, name: &str, value: impl Into<String>) -> Call {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a parameter that need not be there.
    pub(super) fn maybe(self, name: &str, value: Option<impl Into<String>>) -> Call {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// `prefix` stands before the secret, such as `Bearer `.
    pub(super) fn secret(mut self, name: HeaderName, prefix: &str, secret: &SecretString) -> Call {
        match HeaderValue::from_str(&format!("{prefix}{}", secret.expose_secret())) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            Err(_) => self.problem = Some("the key cannot stand in a header".to_owned()),
        }
        self
    }

    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Call {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers.insert(name, value);
            }
            Err(_) => self.problem = Some(format!("the value of {name} cannot stand in a header")),
        }
        self
    }

    pub(super) fn json<T: Serialize>(mut self, body: &T) -> Call {
        match serde_json::to_vec(body) {
            Ok(body) => self.bytes(body),
            Err(error) => {
                self.problem = Some(error.to_string());
                self
            }
        }
    }

    /// JSON as these very bytes: a signature may be over them.
    pub(super) fn bytes(mut self, body: Vec<u8>) -> Call {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = Some(body);
        self
    }

    /// A list or a file may be longer than the answer to a sign-up.
    pub(super) fn long(mut self) -> Call {
        self.longest = LONGEST_LIST;
        self
    }
}

impl NetworkKeys {
    const NAMES: [&str; 8] =
        ["base_url", "allow_insecure", "allow_private", "connect_timeout_seconds", "timeout_seconds", "at_once", "per_second", "settle_ms"];

    /// Takes them out of a connection's table; the rest is its kind's own.
    pub(super) fn take(at: &str, table: &mut Value, problems: &mut Problems) -> NetworkKeys {
        let mut shared = serde_json::Map::new();
        if let Some(table) = table.as_object_mut() {
            shared.extend(Self::NAMES.into_iter().filter_map(|name| table.remove_entry(name)));
        }
        problems.read(at, shared.into()).unwrap_or_default()
    }
}

impl Network {
    /// Reports what is wrong under `at`, the connection's place in the configuration.
    pub(super) fn new(at: &str, keys: &NetworkKeys, problems: &mut Problems) -> Option<Network> {
        let key = format!("{at}.base_url");
        let text = problems.required(&key, keys.base_url.as_deref());
        let base = problems.parse(&key, text, |text| base_url(text, keys));
        Self::at(at, base?, keys, problems)
    }

    /// The same for a second address of the same CRM, the value of `name`.
    pub(super) fn second(at: &str, name: &str, address: &str, keys: &NetworkKeys, problems: &mut Problems) -> Option<Network> {
        let base = problems.parse(&format!("{at}.{name}"), Some(address), |text| base_url(text, keys));
        Self::at(at, base?, keys, problems)
    }

    fn at(at: &str, base: Url, keys: &NetworkKeys, problems: &mut Problems) -> Option<Network> {
        let key = |name: &str| format!("{at}.{name}");
        let connect_timeout = problems.seconds(&key("connect_timeout_seconds"), keys.connect_timeout_seconds, 5, 1..=60);
        let timeout = problems.seconds(&key("timeout_seconds"), keys.timeout_seconds, 30, 1..=300);
        let per_second = keys.per_second.map(|_| problems.bounded(&key("per_second"), keys.per_second, 1, 1..=1_000));
        // Started and then held back by the pace, a call would look as if it were under way.
        let usual = per_second.map_or(AT_ONCE, |per_second| per_second.min(AT_ONCE));
        let at_once = problems.bounded(&key("at_once"), keys.at_once, usual, 1..=1_000) as usize;
        let settle = Duration::from_millis(problems.bounded(&key("settle_ms"), keys.settle_ms, 60_000, 0..=3_600_000));
        let pace = per_second
            .and_then(|per_second| NonZeroU32::new(per_second as u32))
            .map(|per_second| RateLimiter::direct(Quota::per_second(per_second).allow_burst(NonZeroU32::MIN)));
        let client = outbound::client(connect_timeout, timeout, keys.allow_private);
        match client {
            Ok(client) => Some(Network { base, client, slots: Semaphore::new(at_once), at_once, settle, pace }),
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

    pub(super) fn at_once(&self) -> usize {
        self.at_once
    }

    pub(super) fn settle(&self) -> Duration {
        self.settle
    }

    /// Makes the call when its turn has come; its time-out begins then.
    pub(super) async fn send(&self, call: Call) -> Result<Answer, NoAnswer> {
        if let Some(problem) = call.problem {
            return Err(NoAnswer::NotSent(problem));
        }
        // Never closed, so never an error; if it were, the call would be made all the same.
        let _slot = self.slots.acquire().await;
        if let Some(pace) = &self.pace {
            pace.until_ready().await;
        }
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", self.base.path().trim_end_matches('/'), call.path));
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        let mut request = self.client.request(call.method, url).headers(call.headers);
        if let Some(body) = call.body {
            request = request.body(body);
        }
        let response = request.send().await.map_err(no_answer)?;
        read(response, call.longest).await
    }
}

fn base_url(text: &str, keys: &NetworkKeys) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("\"{text}\" is no address ({error})"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address holds no user name and password: a secret is named, never written".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("an address here has no ? and no #".to_owned());
    }
    outbound::check(&url, "the CRM's key", keys.allow_insecure, keys.allow_private)?;
    Ok(url)
}

async fn read(mut response: reqwest::Response, longest: usize) -> Result<Answer, NoAnswer> {
    let status = response.status();
    let lost = |detail: String| NoAnswer::Lost { detail, status: Some(status) };
    let clocks = Clocks::of(response.headers());
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > longest => {
                return Err(lost(format!("the answer is longer than {longest} bytes")));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(Answer { status, retry_after, clocks, body }),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_must_be_https_and_public_unless_configured() {
        let keys = |allow_insecure, allow_private| NetworkKeys { allow_insecure, allow_private, ..NetworkKeys::default() };
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

    #[test]
    fn a_value_in_a_path_stays_one_segment() {
        let call = |value| Call::new(Method::GET, "/customers/{id}/notes", &[("id", value)]);
        assert_eq!(call("a/b?c#d e").path, "/customers/a%2Fb%3Fc%23d%20e/notes");
        assert!(call("x").problem.is_none());
        for bad in ["", ".", ".."] {
            assert!(call(bad).problem.is_some(), "{bad:?}");
        }
    }
}
