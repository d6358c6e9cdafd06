//! Answers: "REST API Introduction", sections "Successful Responses" and "Failed Responses".
//!
//! The document promises JSON with every failure, "identified by type"; what else is in it could not be read, so `message` is ours,
//! and so is every type but `invalid_validation_code`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::check::{Problem, Wrong};

/// A request that does not get what it asked for.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl Refusal {
    /// "400 Application errors identified by type".
    pub(super) fn application(kind: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind, message: message.into() }
    }

    /// Something missing, of a wrong type, or unknown. The type is the one that "Submit Client KYC" lists for a request out of place.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::application("invalid_request", message)
    }

    /// The one error of "Send Multi-Step Registration Request for Approval", with its description. It stands for every code that
    /// does not hold: never sent, mistyped, replaced by a newer one, too old.
    pub(super) fn validation_code() -> Self {
        Self::application("invalid_validation_code", "No Email or phone otp is sent")
    }

    /// "403 Access denied".
    pub(super) fn denied() -> Self {
        Self { status: StatusCode::FORBIDDEN, kind: "access_denied", message: "Access denied".to_owned() }
    }

    /// "404 Resource not found".
    pub(super) fn not_found() -> Self {
        Self { status: StatusCode::NOT_FOUND, kind: "not_found", message: "Resource not found".to_owned() }
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        match wrong.problem {
            Problem::Unknown => Self::invalid(format!("\"{}\" is not allowed", wrong.path)),
            problem => Self::invalid(format!("\"{}\" {problem}", wrong.path)),
        }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        failure(refusal.status, refusal.kind, &refusal.message)
    }
}

fn failure(status: StatusCode, kind: &str, message: &str) -> Answer {
    Answer::json(status, json!({ "type": kind, "message": message }))
}

/// What a fault orders: the document's failure where it has that status, and one like it for the rest.
pub(super) fn error(status: StatusCode, message: Option<&str>) -> Answer {
    match (status, message) {
        (StatusCode::BAD_REQUEST, _) => Refusal::invalid(message.unwrap_or("Invalid request")).into(),
        (StatusCode::FORBIDDEN, None) => Refusal::denied().into(),
        (StatusCode::NOT_FOUND, None) => Refusal::not_found().into(),
        _ => {
            let reason = status.canonical_reason().unwrap_or("Error");
            failure(status, &reason.to_lowercase().replace(' ', "_"), message.unwrap_or(reason))
        }
    }
}

/// "200 Successful API request, JSON body".
pub(super) fn ok(body: Value) -> Answer {
    Answer::json(StatusCode::OK, body)
}

/// A list, in the envelope of "Get List of Client", `count` and `records`: the lists simulated here have none that could be read.
pub(super) fn list(records: &[Value]) -> Answer {
    ok(json!({ "count": records.len(), "records": records }))
}

/// "201 Successful object creation, JSON body". No operation says what is in it: the id is ours.
pub(super) fn created(id: impl Into<Value>) -> Answer {
    Answer::json(StatusCode::CREATED, json!({ "id": id.into() }))
}

/// "204 Successful API request, no response".
pub(super) fn no_content() -> Answer {
    Answer::text(StatusCode::NO_CONTENT, "application/json", "")
}
