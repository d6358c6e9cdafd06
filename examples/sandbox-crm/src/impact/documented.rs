//! Answers: the one body that the documents show, and refusals, for which they have no words at all.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::answer::Answer;
use crate::check::Wrong;

#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: Cow<'static, str>,
}

impl Refusal {
    /// The API key, the log-in or the token is not good.
    pub(super) fn unauthorized(message: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, message: message.into() }
    }

    /// They are, but not for this.
    pub(super) fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::FORBIDDEN, message: message.into() }
    }
}

/// What was sent is wrong.
impl<M: Into<Cow<'static, str>>> From<M> for Refusal {
    fn from(message: M) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        wrong.to_string().into()
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        error(refusal.status, &refusal.message)
    }
}

pub(super) fn error(status: StatusCode, message: &str) -> Answer {
    Answer::json(status, json!({ "message": message }))
}

/// "Authenticating", "Successful response". The document shows the body and no status: 200.
pub(super) fn logged_in(token: Uuid) -> Answer {
    Answer::json(StatusCode::OK, json!({ "token": token }))
}
