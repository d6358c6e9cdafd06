//! What Wi answers when a fault strikes. Nothing of this is in the document, except the bodies of the statuses it names.

use std::time::Duration;

use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};

use super::documented::{self, REQUIRED, error, invalid, server_error, unauthorized};
use crate::answer::Answer;
use crate::faults::Fault;

const PAGE: &str = "<!doctype html>\n<html lang=\"en\"><title>Maintenance</title><h1>We will be back soon</h1></html>\n";

/// In place of whatever the answer would have been. The faults that come later ([`success`]) cannot be meant here; a server error
/// says so to whoever mixes them up.
pub(super) fn instead(fault: &Fault) -> Answer {
    match fault {
        Fault::Status { status } => match *status {
            400 => invalid(REQUIRED),
            401 => unauthorized(),
            500 => server_error(),
            other => {
                let status = StatusCode::from_u16(other).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                error(status, status.canonical_reason().unwrap_or("Error"))
            }
        },
        Fault::RateLimited { retry_after_seconds } => {
            error(StatusCode::TOO_MANY_REQUESTS, "Too many requests").header(RETRY_AFTER, HeaderValue::from(*retry_after_seconds))
        }
        Fault::ResetBefore {} => Answer::lost(),
        Fault::Html {} => Answer::text(StatusCode::OK, "text/html; charset=utf-8", PAGE),
        Fault::Redirect { to } => match HeaderValue::from_str(to) {
            Ok(to) => Answer::text(StatusCode::FOUND, "text/plain", "").header(LOCATION, to),
            Err(_) => server_error(),
        },
        Fault::Refuse { message } => invalid(message),
        _ => server_error(),
    }
}

/// In place of the success that the user with this id, who does exist, should have been told of.
pub(super) fn success(fault: &Fault, id: String, url: Option<String>) -> Answer {
    match fault {
        Fault::ResetAfter {} => Answer::lost(),
        Fault::BrokenJson {} => Answer::text(StatusCode::OK, "application/json", format!("{{\"id\":\"{id}\",\"url\":\"htt")),
        Fault::SlowBody { ms } => documented::success(id, url).dripped(Duration::from_millis((*ms).into())),
        Fault::HugeBody { bytes } => documented::success(id, url).padded(*bytes),
        Fault::Empty {} => Answer::text(StatusCode::OK, "application/json", ""),
        Fault::ForeignLink {} => {
            let url = format!("https://evil.example/autologin/{id}/");
            documented::success(id, Some(url))
        }
        Fault::ScriptLink {} => documented::success(id, Some("javascript:alert(1)".to_owned())),
        Fault::NumericId {} => match id.parse::<u64>() {
            Ok(number) => documented::success(number, url),
            Err(_) => server_error(),
        },
        // `NoLink` has already had its effect: there is no url.
        _ => documented::success(id, url),
    }
}
