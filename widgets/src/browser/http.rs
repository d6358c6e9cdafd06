//! One request to the proxy.
//!
//! By `fetch` itself: `gloo-net` builds on it, parses every address twice more, and costs a visitor 3 KB.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

use super::json::{self, Json};

const TIMEOUT_MS: u32 = 30_000;

/// An answer, whatever its status.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Json,
    /// In seconds; `None` also where CORS keeps it from the page.
    pub(crate) retry_after: Option<u32>,
}

/// No answer: no network, a refusal by CORS, or too late. The browser does not tell a page which.
pub(crate) struct NoAnswer;

impl From<JsValue> for NoAnswer {
    fn from(_: JsValue) -> NoAnswer {
        NoAnswer
    }
}

/// Asks, with a header where there is one to send.
pub(crate) async fn get(url: &str, header: Option<(&str, &str)>) -> Result<Reply, NoAnswer> {
    send(url, header, None).await
}

/// Sends JSON, with one header more where there is one to send.
pub(crate) async fn post(url: &str, body: &str, header: Option<(&str, &str)>) -> Result<Reply, NoAnswer> {
    send(url, header, Some(body)).await
}

async fn send(url: &str, header: Option<(&str, &str)>, body: Option<&str>) -> Result<Reply, NoAnswer> {
    let headers = [body.map(|_| ("content-type", "application/json")), header];
    let request = json::object([
        ("method", if body.is_some() { "POST" } else { "GET" }.into()),
        ("headers", json::object(headers.into_iter().flatten().map(|(name, value)| (name, value.into())))),
        ("body", body.into()),
        ("credentials", "omit".into()),
        // Bounds the whole exchange, the answer's body included.
        ("signal", AbortSignal::timeout_with_u32(TIMEOUT_MS).into()),
    ]);
    let answer = JsFuture::from(window().fetch_with_str_and_init(url, request.unchecked_ref())).await?;
    let response: Response = answer.unchecked_into();
    let text = JsFuture::from(response.text()?).await?;
    let retry_after = response.headers().get("retry-after")?.and_then(|seconds| seconds.parse().ok());
    Ok(Reply { status: response.status(), body: Json::parse(&text.as_string().unwrap_or_default()), retry_after })
}
