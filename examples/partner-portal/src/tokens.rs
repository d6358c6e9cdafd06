//! Minting an embed token: the one thing that a portal's server has to do for Latchkey.

use std::{str::FromStr, time::Duration};

use reqwest::Client;
use serde_json::{Value, json};

/// The origin of a proxy: `http://host[:port]` or `https://host[:port]`. It ends up in HTML and in a header, so it holds only what can
/// do no harm in either.
#[derive(Clone, Debug)]
pub(crate) struct Proxy(pub(crate) String);

impl FromStr for Proxy {
    type Err = String;

    fn from_str(text: &str) -> Result<Proxy, String> {
        let origin = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
        let fits = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte));
        if fits { Ok(Proxy(origin)) } else { Err(format!("{text:?} is not an origin such as https://join.example")) }
    }
}

pub(crate) struct Tokens {
    pub(crate) proxy: Proxy,
    secret: String,
    client: Client,
}

impl Tokens {
    pub(crate) fn new(proxy: Proxy, secret: String) -> Result<Tokens, String> {
        let client = Client::builder().timeout(Duration::from_secs(10)).build().map_err(|error| format!("no HTTP client: {error}"))?;
        Ok(Tokens { proxy, secret, client })
    }

    /// What the page's `fetchToken` answers: `{"token", "expiresAt"}`. Why there is none is for our log, not for the page.
    pub(crate) async fn mint(&self, affiliate: &str) -> Result<Value, String> {
        let request = self.client.post(format!("{}/api/v1/embed-tokens", self.proxy.0));
        let sent = request.bearer_auth(&self.secret).json(&json!({ "affiliate": affiliate })).send().await;
        let answer = sent.map_err(|error| format!("the proxy does not answer: {error}"))?;
        let status = answer.status();
        let body: Value = answer.json().await.map_err(|error| format!("the proxy's answer is no JSON: {error}"))?;
        if status.as_u16() == 201 { Ok(body) } else { Err(format!("the proxy refuses a token ({status}): {}", body["type"])) }
    }
}
