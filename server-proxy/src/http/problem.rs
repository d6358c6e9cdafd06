//! Refusals as `application/problem+json` (RFC 9457).

use std::{any::Any, time::Duration};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use latchkey_contract::{FieldError, Next, Problem};

use crate::{intake, partner, store::StoreError};

/// An error that is answered. Its `code` ends the problem's type, `urn:latchkey:problem:<code>`.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<String>,
    errors: Vec<FieldError>,
    next: Option<Next>,
    retry_after: Option<Duration>,
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, title: &'static str) -> Refused {
        Refused { status, code, title, detail: None, errors: Vec::new(), next: None, retry_after: None }
    }

    fn detail(self, detail: impl Into<String>) -> Refused {
        Refused { detail: Some(detail.into()), ..self }
    }

    fn errors(self, errors: Vec<FieldError>) -> Refused {
        Refused { errors, ..self }
    }

    pub(crate) fn not_found() -> Refused {
        Refused::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here.")
    }

    pub(crate) fn broken_query() -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, "broken-query", "The address's query cannot be read.")
    }

    pub(crate) fn unknown_funnel() -> Refused {
        Refused::new(StatusCode::NOT_FOUND, "unknown-funnel", "There is no such funnel.")
    }

    /// A funnel whose CRM has not said its part yet.
    pub(crate) fn awaited_funnel() -> Refused {
        Refused { retry_after: Some(Duration::from_secs(15)), ..Self::crm_is_down() }
    }

    /// What cannot be done without the CRM.
    pub(crate) fn crm_is_down() -> Refused {
        Refused {
            retry_after: Some(Duration::from_secs(5)),
            ..Refused::new(StatusCode::SERVICE_UNAVAILABLE, "crm-unavailable", "This cannot be done right now. Please try again.")
        }
    }

    /// A code that was sent a moment ago.
    pub(crate) fn too_soon(wait: Duration) -> Refused {
        Refused {
            retry_after: Some(wait),
            ..Refused::new(StatusCode::TOO_MANY_REQUESTS, "too-soon", "The code is under way: please wait before asking again.")
        }
    }

    /// Also for a wrong key: whoever does not have it learns nothing.
    pub(crate) fn unknown_signup() -> Refused {
        Refused::new(StatusCode::NOT_FOUND, "unknown-signup", "There is no such signup, or the key is not its key.")
    }

    pub(crate) fn media_type(wanted: &str) -> Refused {
        Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "The body is of another type than is read here.")
            .detail(format!("It has to be {wanted}."))
    }

    pub(crate) fn too_large(limit: usize) -> Refused {
        Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large.")
            .detail(format!("At most {limit} bytes are read."))
    }

    pub(crate) fn too_slow() -> Refused {
        Refused::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "The body did not arrive in time.")
    }

    pub(crate) fn broken_body() -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, "broken-body", "The body did not arrive whole.")
    }

    pub(crate) fn not_json(detail: String) -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, "not-json", "The body is not JSON.").detail(detail)
    }

    pub(crate) fn invalid(errors: Vec<FieldError>) -> Refused {
        Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Something in the signup is not right.").errors(errors)
    }

    pub(crate) fn known_email(error: FieldError, next: Option<Next>) -> Refused {
        Refused {
            next,
            ..Refused::new(StatusCode::CONFLICT, "known-email", "There is already an account with this e-mail address.").errors(vec![error])
        }
    }

    /// The store cannot take a signup now. What is wrong with it is for the log.
    pub(crate) fn not_kept(error: &StoreError) -> Refused {
        tracing::error!(%error, "the store does not answer as it should");
        Refused {
            retry_after: Some(Duration::from_secs(5)),
            ..Refused::new(StatusCode::SERVICE_UNAVAILABLE, "not-kept", "This cannot be done right now. Please try again.")
        }
    }

    pub(crate) fn internal() -> Refused {
        Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong here.")
    }

    /// For a page of ours, which says it in its own words.
    pub(super) fn into_parts(self) -> (StatusCode, Vec<FieldError>, Option<Next>) {
        (self.status, self.errors, self.next)
    }
}

impl From<intake::Refusal> for Refused {
    fn from(refusal: intake::Refusal) -> Refused {
        use intake::Refusal;
        match refusal {
            Refusal::Origin => Refused::new(StatusCode::FORBIDDEN, "origin-not-allowed", "The funnel is not for this page.")
                .detail("The page's origin has to stand in the funnel's `origins`."),
            Refusal::TooMany(wait) => Refused {
                retry_after: Some(wait),
                ..Refused::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests from this address.")
            },
            Refusal::TooSoon(wait) => Refused::too_soon(wait),
            Refusal::NotJson(detail) => Refused::not_json(detail),
            Refusal::Invalid(errors) => Refused::invalid(errors),
            Refusal::IdempotencyKey => {
                Refused::new(StatusCode::BAD_REQUEST, "idempotency-key", "The Idempotency-Key has to be 1 to 255 visible ASCII characters.")
            }
            Refusal::KeyReused => {
                Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused", "This Idempotency-Key came with another signup.")
            }
            Refusal::NotKept(error) => Refused::not_kept(&error),
        }
    }
}

impl From<partner::Refusal> for Refused {
    fn from(refusal: partner::Refusal) -> Refused {
        use partner::Refusal;
        match refusal {
            Refusal::Secret => Refused::new(StatusCode::UNAUTHORIZED, "secret", "The portal's secret is missing or wrong."),
            Refusal::Token => Refused::new(StatusCode::UNAUTHORIZED, "token", "The embed token is missing, wrong or over.")
                .detail("The portal mints a new one."),
            Refusal::Origin => Refused::new(StatusCode::FORBIDDEN, "origin-not-allowed", "The embed token is not for this page.")
                .detail("The page's origin has to stand in the portal's `origins`."),
            Refusal::Scope(scope) => Refused::new(StatusCode::FORBIDDEN, "scope", "The embed token does not open this.")
                .detail(format!("It lacks the scope \"{}\".", scope.as_str())),
            Refusal::TooMany(wait) => {
                Refused { retry_after: Some(wait), ..Refused::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests.") }
            }
            Refusal::NotOffered => Refused::new(StatusCode::NOT_IMPLEMENTED, "not-offered", "This affiliate's CRM cannot answer that."),
            Refusal::UnknownAffiliate => {
                Refused::new(StatusCode::NOT_FOUND, "unknown-affiliate", "There is no such affiliate, or this portal may not show it.")
            }
            Refusal::UnknownRecord => Refused::new(StatusCode::NOT_FOUND, "unknown-record", "There is no such record."),
            Refusal::UnknownBucket => {
                Refused::new(StatusCode::NOT_FOUND, "unknown-bucket", "The affiliate has no such bucket, or the bucket no such source.")
            }
            Refusal::UnknownExport => {
                Refused::new(StatusCode::NOT_FOUND, "unknown-export", "The download was used, or is over: ask for it again.")
            }
            Refusal::Invalid(errors) => {
                Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Something in the request is not right.").errors(errors)
            }
            Refusal::NotJson(detail) => Refused::not_json(detail),
            Refusal::Unconfirmed => Refused::new(StatusCode::CONFLICT, "unconfirmed", "A payout is asked for once it is confirmed."),
            Refusal::PendingPayout => Refused::new(StatusCode::CONFLICT, "pending-payout", "A payout is pending already."),
            Refusal::CrmDown(wait) => {
                let down = Refused::crm_is_down();
                Refused { retry_after: wait.or(down.retry_after), ..down }
            }
            Refusal::NotKept(error) => Refused::not_kept(&error),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: format!("urn:latchkey:problem:{}", self.code),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
            errors: self.errors,
            next: self.next,
        };
        let mut response = (self.status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.retry_after {
            // Whole seconds, upwards: whoever waits that long is let in.
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)));
        }
        response
    }
}

pub(super) async fn not_found() -> Refused {
    Refused::not_found()
}

pub(super) async fn method_not_allowed() -> Refused {
    Refused::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "This cannot be done here.")
}

/// A panic is a flaw of ours; it is logged where it happened, and says nothing to the outside.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    Refused::internal().into_response()
}
