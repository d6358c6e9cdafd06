//! The proxy's answers, as far as the form has to tell them apart.

use latchkey_contract::{FunnelView, IDEMPOTENCY_KEY, Problem, SignupAnswer, Visit};

use super::{page::Page, wire};
use crate::browser::{
    http::{self, NoAnswer, Reply},
    json::Json,
};

/// Why there is no answer to show to the visitor.
#[derive(Clone, Copy)]
pub(super) enum Failure {
    Network,
    /// The proxy does not serve this page's origin.
    NotAllowed,
    /// The proxy cannot take it now; its status.
    Busy(u16),
}

impl Failure {
    fn of(status: u16) -> Failure {
        if status == 403 { Failure::NotAllowed } else { Failure::Busy(status) }
    }

    /// The HTTP status; 0 where there was no answer.
    pub(super) fn status(self) -> u16 {
        match self {
            Failure::Network => 0,
            Failure::NotAllowed => 403,
            Failure::Busy(status) => status,
        }
    }

    /// The text that the visitor reads.
    pub(super) fn text_key(self) -> &'static str {
        match self {
            Failure::Network => "error.network",
            Failure::NotAllowed => "error.not_allowed",
            Failure::Busy(_) => "error.busy",
        }
    }
}

impl From<NoAnswer> for Failure {
    fn from(_: NoAnswer) -> Failure {
        Failure::Network
    }
}

/// What became of a signup that reached the proxy.
pub(super) enum Answer {
    Taken(SignupAnswer),
    Refused(Problem),
}

pub(super) async fn view(page: &Page) -> Result<FunnelView, Failure> {
    let mut url = page.url("");
    if let Some(locale) = page.locale() {
        url.push_str("?locale=");
        url.push_str(&String::from(js_sys::encode_uri_component(&locale)));
    }
    read(http::get(&url).await?, wire::view)
}

pub(super) async fn visit(page: &Page) -> Result<Visit, Failure> {
    read(http::post(&page.url("/visits"), "{}", None).await?, wire::visit)
}

pub(super) async fn signup(page: &Page, body: &str, key: &str) -> Result<Answer, Failure> {
    let reply = http::post(&page.url("/signups"), body, Some((IDEMPOTENCY_KEY, key))).await?;
    match reply.status {
        409 | 422 => Ok(Answer::Refused(wire::problem(&reply.body))),
        _ => read(reply, wire::answer).map(Answer::Taken),
    }
}

fn read<T>(reply: Reply, content: fn(&Json) -> Option<T>) -> Result<T, Failure> {
    let good = (200..300).contains(&reply.status);
    good.then_some(reply.body).as_ref().and_then(content).ok_or(Failure::of(reply.status))
}
