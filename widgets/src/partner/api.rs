//! Asking the proxy for what an affiliate may see.

use js_sys::Function;
use leptos::prelude::window;

use super::token::Tokens;
use crate::browser::{
    http::{self, NoAnswer, Reply},
    json::Json,
};

/// How long is waited where a refusal does not say, in seconds.
const WAIT_SECONDS: u32 = 10;

pub(crate) struct Client {
    /// The proxy's address, ending in "/".
    base: String,
    tokens: Tokens,
}

/// Why there is no answer to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The browser has no network.
    Offline,
    /// The page has no token to give, or none that is taken.
    Expired,
    /// Not for this affiliate, or not on this page.
    Refused,
    /// 404: what is asked for is not the affiliate's.
    Unknown,
    /// What was asked is wrong: the field and the code of each error.
    Invalid(Vec<(String, String)>),
    /// Asked too often: again after so many seconds.
    Busy(u32),
    /// The CRM does not answer (503).
    Crm,
    /// No answer, or none that can be read: the status, 0 where there is none.
    Failed(u16),
}

impl Failure {
    /// As `latchkey:error` tells it: the kind, and the HTTP status, 0 where there was no answer.
    pub(crate) fn told(&self) -> (&'static str, u16) {
        match self {
            Failure::Offline => ("network", 0),
            Failure::Failed(0) => ("network", 0),
            Failure::Expired => ("token", 401),
            Failure::Refused => ("not-allowed", 403),
            Failure::Unknown => ("not-allowed", 404),
            Failure::Invalid(_) => ("invalid", 422),
            Failure::Busy(_) => ("busy", 429),
            Failure::Crm => ("busy", 503),
            Failure::Failed(status) => ("busy", *status),
        }
    }
}

impl Client {
    /// `ask` answers a promise of a token.
    pub(crate) fn new(base: String, ask: Function) -> Client {
        Client { base, tokens: Tokens::new(ask) }
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Json, Failure> {
        self.send(path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Result<Json, Failure> {
        self.send(path, Some(body)).await
    }

    /// With a token; with another, once, where that one is refused.
    async fn send(&self, path: &str, body: Option<&str>) -> Result<Json, Failure> {
        let url = [&self.base, "api/v1/partner", path].concat();
        let mut refused: Option<String> = None;
        loop {
            let token = self.tokens.other_than(refused.as_deref()).await.ok_or_else(|| offline_or(Failure::Expired))?;
            let bearer = ["Bearer ", &token].concat();
            let header = Some(("authorization", bearer.as_str()));
            let reply = match body {
                Some(body) => http::post(&url, body, header).await,
                None => http::get(&url, header).await,
            };
            match reply {
                Ok(reply) if reply.status == 401 && refused.is_none() => refused = Some(token),
                Ok(reply) => return read(reply),
                Err(NoAnswer) => return Err(offline_or(Failure::Failed(0))),
            }
        }
    }
}

fn read(reply: Reply) -> Result<Json, Failure> {
    Err(match reply.status {
        200..300 => return Ok(reply.body),
        401 => Failure::Expired,
        403 => Failure::Refused,
        404 | 501 => Failure::Unknown,
        422 => {
            let error = |error: &Json| (error.text("field").unwrap_or_default(), error.text("code").unwrap_or_default());
            Failure::Invalid(reply.body.list("errors", error))
        }
        429 => Failure::Busy(reply.retry_after.unwrap_or(WAIT_SECONDS)),
        503 => Failure::Crm,
        status => Failure::Failed(status),
    })
}

fn offline_or(failure: Failure) -> Failure {
    if window().navigator().on_line() { failure } else { Failure::Offline }
}
