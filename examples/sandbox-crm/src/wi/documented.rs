//! The answers that the document words itself, sections "Responses" and "Error Responses", and the same envelope for the rest.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;

/// The envelope of every error: `message`, and the status again as `providerStatus`.
pub(super) fn error(status: StatusCode, message: &str) -> Answer {
    Answer::json(status, json!({ "message": message, "providerStatus": status.as_u16() }))
}

/// "400 — Invalid Request", with words that the document does not give.
pub(super) fn invalid(message: &str) -> Answer {
    error(StatusCode::BAD_REQUEST, message)
}

/// The words of "400 — Invalid Request".
pub(super) const REQUIRED: &str = "Email, phone and first name are required";

/// "401 — Unauthorized".
pub(super) fn unauthorized() -> Answer {
    error(StatusCode::UNAUTHORIZED, "Invalid secret key")
}

/// "500 — Server Error".
pub(super) fn server_error() -> Answer {
    error(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
}

/// "Success — With Autologin" and "Success — Without Autologin". The document shows the bodies and no status: 200.
pub(super) fn success(id: impl Into<Value>, url: Option<String>) -> Answer {
    let mut body = json!({ "id": id.into() });
    if let Some(url) = url {
        body["url"] = url.into();
    }
    Answer::json(StatusCode::OK, body)
}
