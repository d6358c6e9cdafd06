//! What comes of an operation: something done, or a refusal.

use axum::http::header::ALLOW;
use axum::http::{HeaderValue, StatusCode};
use serde_json::Value;

use super::books::CustomerKey;
use super::documented::error;
use crate::answer::Answer;
use crate::check::Wrong;

#[derive(Debug)]
pub(super) struct Done {
    pub(super) answer: Answer,
    /// The id of whoever was created.
    pub(super) created: Option<String>,
    /// The customer whose id the answer's `id` is, which a fault may turn into a number.
    pub(super) numbered: Option<CustomerKey>,
    /// Whether the answer has links that log in.
    pub(super) has_links: bool,
}

impl Done {
    /// The document shows bodies and no status: 200.
    pub(super) fn json(body: Value) -> Self {
        Self { answer: Answer::json(StatusCode::OK, body), created: None, numbered: None, has_links: false }
    }

    /// Adds links that log in, where there are some.
    pub(super) fn with_links(mut self, links: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Self {
        self.has_links = true;
        self.answer = self.answer.changed(|mut body| {
            for (name, link) in links {
                link.into_iter().for_each(|link| body[name] = link.into());
            }
            body
        });
        self
    }

    pub(super) fn text(content_type: &'static str, text: String) -> Self {
        Self { answer: Answer::text(StatusCode::OK, content_type, text), created: None, numbered: None, has_links: false }
    }
}

#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    error: String,
    allow: Option<HeaderValue>,
}

impl Refusal {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), allow: None }
    }

    /// What was sent is wrong, or against a rule.
    pub(super) fn invalid(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    pub(super) fn unauthorized(error: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error)
    }

    pub(super) fn forbidden(error: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, error)
    }

    /// Not there, or somebody else's, which is not told apart.
    pub(super) fn not_found(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }

    pub(super) fn method(allowed: &[&str]) -> Self {
        let allow = HeaderValue::from_str(&allowed.join(", ")).ok();
        Self { allow, ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed") }
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        Self::invalid(wrong.to_string())
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let answer = error(refusal.status, &refusal.error);
        match refusal.allow {
            Some(allow) => answer.header(ALLOW, allow),
            None => answer,
        }
    }
}

pub(super) type Outcome = Result<Done, Refusal>;
