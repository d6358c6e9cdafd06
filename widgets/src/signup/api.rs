//! The proxy's answers, as far as the form has to tell them apart.

use std::rc::Rc;

use latchkey_contract::{CodeRequest, IDEMPOTENCY_KEY, OptionsAnswer, Problem, SIGNUP_KEY, SignupAnswer, SignupRequest, Visit};

use super::{challenge, page::Page, session::Session, visit, wire};
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
    /// The proxy cannot take it now; its status, and in how many seconds it wants to be asked again.
    Busy(u16, Option<u32>),
}

impl Failure {
    fn of(status: u16, retry_after: Option<u32>) -> Failure {
        if status == 403 { Failure::NotAllowed } else { Failure::Busy(status, retry_after) }
    }

    /// The HTTP status; 0 where there was no answer.
    pub(super) fn status(self) -> u16 {
        match self {
            Failure::Network => 0,
            Failure::NotAllowed => 403,
            Failure::Busy(status, _) => status,
        }
    }

    /// The text that the visitor reads.
    pub(super) fn text_key(self) -> &'static str {
        match self {
            Failure::Network => "error.network",
            Failure::NotAllowed => "error.not_allowed",
            Failure::Busy(..) => "error.busy",
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

/// What became of a request for a code.
pub(super) enum Code {
    /// It was sent, or it was not, since another was sent not long ago. It can be asked for in so many seconds.
    Wait {
        sent: bool,
        seconds: u32,
    },
    Refused(Problem),
}

/// How long to wait where the proxy's word is lost.
const WAIT_SECONDS: u32 = 30;

pub(super) async fn visit(page: &Page) -> Result<Visit, Failure> {
    read(http::post(&page.url("/visits"), "{}", None).await?, wire::visit)
}

/// What a field may hold, where another holds `within`; empty where it depends on none.
pub(super) async fn options(page: &Page, field: &str, within: &str, locale: &str) -> Result<OptionsAnswer, Failure> {
    let mut url = page.url("");
    parameter(&mut url, "/options/", field);
    parameter(&mut url, "?locale=", locale);
    if !within.is_empty() {
        parameter(&mut url, "&within=", within);
    }
    read(http::get(&url, None).await?, wire::options)
}

/// The proxy's word on a phone number.
#[derive(Clone)]
pub(super) struct Phone {
    pub(super) valid: bool,
    pub(super) e164: Option<String>,
    /// As its country writes it; empty where that is not known.
    pub(super) national: String,
    pub(super) country: Option<String>,
    /// What is wrong with it.
    pub(super) message: Option<String>,
}

/// Codes of countries, and what their phone numbers begin with from abroad.
pub(super) async fn dials(page: &Page) -> Result<Vec<(String, String)>, Failure> {
    let dial = |json: &Json| (json.text("code").unwrap_or_default(), json.text("dial").unwrap_or_default());
    let reply = http::get(&page.url("/phones"), None).await?;
    if reply.status == 200 { Ok(reply.body.list("countries", dial)) } else { Err(Failure::of(reply.status, reply.retry_after)) }
}

pub(super) async fn phone(page: &Page, number: &str, country: &str, locale: &str) -> Result<Phone, Failure> {
    let mut url = page.url("/phones");
    parameter(&mut url, "?number=", number);
    parameter(&mut url, "&country=", country);
    parameter(&mut url, "&locale=", locale);
    read(http::get(&url, None).await?, wire::phone)
}

pub(super) async fn code(session: &Rc<Session>, request: &CodeRequest) -> Result<Code, Failure> {
    let body = &|token: &str| wire::code_request(request, token);
    let reply = visit::post(session, "/codes", None, body).await?;
    match reply.status {
        409 | 422 => Ok(Code::Refused(wire::problem(&reply.body))),
        429 => Ok(Code::Wait { sent: false, seconds: reply.retry_after.unwrap_or(WAIT_SECONDS) }),
        _ => read(reply, wire::code).map(|answer| Code::Wait { sent: true, seconds: answer.resend_after_seconds }),
    }
}

pub(super) async fn signup(session: &Rc<Session>, request: &SignupRequest, key: &str) -> Result<Answer, Failure> {
    // Of the visit that the token is of: both are renewed together.
    let body = &|token: &str| wire::request(request, Some(token), challenge::proof(session).as_deref());
    let reply = visit::post(session, "/signups", Some((IDEMPOTENCY_KEY, key)), body).await?;
    match reply.status {
        409 | 422 => Ok(Answer::Refused(wire::problem(&reply.body))),
        _ => read(reply, wire::answer).map(Answer::Taken),
    }
}

/// What became of a signup that was accepted.
pub(super) async fn status(page: &Page, id: &str, key: &str) -> Result<SignupAnswer, Failure> {
    let url = [page.base.as_str(), "api/v1/signups/", id].concat();
    read(http::get(&url, Some((SIGNUP_KEY, key))).await?, wire::answer)
}

fn parameter(url: &mut String, name: &str, value: &str) {
    url.push_str(name);
    url.push_str(&String::from(js_sys::encode_uri_component(value)));
}

fn read<T>(reply: Reply, content: fn(&Json) -> Option<T>) -> Result<T, Failure> {
    let good = (200..300).contains(&reply.status);
    good.then_some(reply.body).as_ref().and_then(content).ok_or(Failure::of(reply.status, reply.retry_after))
}
