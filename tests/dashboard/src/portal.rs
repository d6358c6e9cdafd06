//! What a portal's server asks for, and its page.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, StatusCode, http::request::Builder};
use latchkey_load::Connection;
use serde_json::{Value, json};

use crate::Portal;

/// Nothing that is measured takes longer than a token lives.
const TTL_SECONDS: u32 = 24 * 60 * 60;

impl Portal {
    pub(crate) fn connection(&self) -> Connection {
        Connection::new(self.proxy)
    }

    /// An embed token, with all that the affiliate may be shown.
    pub(crate) async fn mint(&self, connection: &mut Connection) -> Result<String> {
        let secret = std::env::var("PORTAL_SECRET").context("PORTAL_SECRET is not set")?;
        let body = json!({ "affiliate": self.affiliate, "ttl": TTL_SECONDS });
        let request = self.request("POST", "/api/v1/embed-tokens", &secret).header("content-type", "application/json");
        let (status, answer) = connection.send(request.body(Full::from(body.to_string()))?).await?;
        let answer = read(status, &answer)?;
        Ok(answer["token"].as_str().context("no token")?.to_owned())
    }

    /// What the element on the page would ask.
    pub(crate) fn get(&self, path: &str, token: &str) -> Result<Request<Full<Bytes>>> {
        Ok(self.request("GET", &format!("/api/v1/partner{path}"), token).body(Full::default())?)
    }

    pub(crate) fn post(&self, path: &str, token: &str, body: &Value) -> Result<Request<Full<Bytes>>> {
        let request = self.request("POST", &format!("/api/v1/partner{path}"), token).header("content-type", "application/json");
        Ok(request.body(Full::from(body.to_string()))?)
    }

    fn request(&self, method: &str, path: &str, bearer: &str) -> Builder {
        let request = Request::builder().method(method).uri(path).header("host", self.proxy.to_string());
        request.header("origin", format!("http://{}", self.page)).header("authorization", format!("Bearer {bearer}"))
    }
}

/// The body of a success.
pub(crate) fn read(status: StatusCode, body: &[u8]) -> Result<Value> {
    ensure!(status.is_success(), "the proxy answers {status}: {}", String::from_utf8_lossy(body));
    serde_json::from_slice(body).context("an answer that is no JSON")
}
