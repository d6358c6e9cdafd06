//! The answers that the document words itself, sections "Authentication" and "Errors", and the same envelope for the rest.
//!
//! The document shows the envelope for 401 only: `message`, and the status again as `statusCode`. It lists the messages of 400.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde_json::json;

use crate::answer::Answer;
use crate::check::Wrong;

#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: StatusCode,
    message: Cow<'static, str>,
}

impl Refusal {
    pub(super) const INCORRECT: Self = Self::of(StatusCode::UNAUTHORIZED, INCORRECT);
    pub(super) const NO_BUCKET: Self = Self::bad_request("Bucket with corresponding affiliateID doesn't exist");
    pub(super) const NOT_THE_AFFILIATES: Self = Self::bad_request("Provided bucketId does not belong to the provided affiliateID");
    pub(super) const NO_TOKEN: Self = Self::bad_request("Invalid or missing token");
    pub(super) const NO_PERMISSION: Self = Self::bad_request("Missing required permissions");
    pub(super) const NOT_THE_BUCKETS: Self = Self::bad_request("Provided sourceId does not belong to bucket");

    const fn of(status: StatusCode, message: &'static str) -> Self {
        Self { status, message: Cow::Borrowed(message) }
    }

    const fn bad_request(message: &'static str) -> Self {
        Self::of(StatusCode::BAD_REQUEST, message)
    }
}

const INCORRECT: &str = "Access with the provided credentials is incorrect. CODE: X-0005";

/// A body that makes no sense: the document has no words for one.
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

pub(in crate::wi) fn error(status: StatusCode, message: &str) -> Answer {
    Answer::json(status, json!({ "message": message, "statusCode": status.as_u16() }))
}

/// The document's words for this status, or its name.
pub(in crate::wi) fn status_error(status: StatusCode) -> Answer {
    match status {
        StatusCode::BAD_REQUEST => Refusal::NO_BUCKET.into(),
        StatusCode::UNAUTHORIZED => Refusal::INCORRECT.into(),
        _ => error(status, status.canonical_reason().unwrap_or("Error")),
    }
}
